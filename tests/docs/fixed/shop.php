<?php
// A shop whose gateway stands in its code: it asks for a code, or prints the form that a browser submits.
const GATEWAY = 'https://globalmapi.alipay.com/gateway.do';
$params = json_decode(getenv('PARAMS'), true);
ksort($params);
$pairs = [];
foreach ($params as $name => $value) {
    $pairs[] = "$name=$value";
}
$params['sign'] = md5(implode('&', $pairs) . getenv('MD5_KEY'));
$params['sign_type'] = 'MD5';
if ($argv[1] === 'form') {
    echo '<form action="' . GATEWAY . '?_input_charset=UTF-8" method="post">';
    foreach ($params as $name => $value) {
        echo '<input type="hidden" name="' . $name . '" value="' . htmlspecialchars($value) . '">';
    }
    echo '<input type="submit" value="Pay"></form>';
    exit;
}
$curl = curl_init(GATEWAY . '?' . http_build_query($params));
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
$answer = curl_exec($curl);
echo $answer === false ? curl_error($curl) : $answer;
