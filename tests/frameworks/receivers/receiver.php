<?php
// PHP's own server: the form as $_POST has it. KEY is the environment's.
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    exit('fail');
}
$fields = array_filter($_POST, fn ($value) => $value !== '');
$sign = $fields['sign'] ?? '';
$type = $fields['sign_type'] ?? '';
unset($fields['sign'], $fields['sign_type']);
ksort($fields, SORT_STRING);
$pairs = array_map(fn ($name, $value) => "$name=$value", array_keys($fields), $fields);
echo $type === 'MD5' && hash_equals(md5(implode('&', $pairs) . getenv('KEY')), $sign) ? 'success' : 'fail';
