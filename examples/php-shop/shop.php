<?php
// A small shop as many exist: it knows a gateway URL, a partner and an MD5 key, and nothing of tests.
//   php -S 127.0.0.1:8080 shop.php       its notify_url
//   php shop.php create | refund OUT_TRADE_NO ID AMOUNT | cancel OUT_TRADE_NO
$config = parse_ini_file(getenv('SHOP_CONFIG') ?: __DIR__ . '/shop.ini');
date_default_timezone_set('Asia/Shanghai');

function signature(array $params, string $key): string {
    unset($params['sign'], $params['sign_type']);
    $params = array_filter($params, fn($value) => $value !== null && $value !== '');
    ksort($params, SORT_STRING);
    $pairs = array_map(fn($name, $value) => "$name=$value", array_keys($params), $params);
    return md5(implode('&', $pairs) . $key);
}

function call(array $params, array $config): array {
    $params += ['partner' => $config['partner'], '_input_charset' => 'UTF-8', 'sign_type' => 'MD5'];
    $params['sign'] = signature($params, $config['md5_key']);
    $body = file_get_contents($config['gateway'] . '?' . http_build_query($params));
    $xml = simplexml_load_string($body);
    if ((string)$xml->is_success !== 'T') {
        return ['error' => (string)$xml->error];
    }
    $fields = array_map('strval', (array)$xml->response->children()[0]);
    if (!hash_equals(signature($fields, $config['md5_key']), (string)$xml->sign)) {
        return ['error' => 'the answer is not from Alipay'];
    }
    return $fields;
}

if (PHP_SAPI === 'cli-server') {  // Alipay calls
    $paid = isset($_POST['sign']) && hash_equals(signature($_POST, $config['md5_key']), $_POST['sign']);
    $line = implode(' ', [$paid ? 'genuine' : 'FORGED', $_POST['notify_action_type'] ?? '-',
        $_POST['trade_status'] ?? '-', $_POST['total_fee'] ?? '-', $_POST['refund_fee'] ?? '-']);
    file_put_contents($config['book'], $line . "\n", FILE_APPEND | LOCK_EX);
    echo $paid ? 'success' : 'fail';
    return;
}

$command = $argv[1] ?? '';
if ($command === 'create') {
    $result = call([
        'service' => 'alipay.commerce.qrcode.create',
        'timestamp' => date('Y-m-d H:i:s'),
        'notify_url' => $config['notify_url'],
        'biz_type' => 'OVERSEASHOPQRCODE',
        'biz_data' => json_encode([
            'secondary_merchant_industry' => '5311', 'secondary_merchant_id' => 'shop_001',
            'secondary_merchant_name' => '测试商店', 'store_id' => 'A-101', 'store_name' => '北京 第1店',
            'trans_currency' => 'USD', 'currency' => 'USD'], JSON_UNESCAPED_UNICODE),
    ], $config);
} elseif ($command === 'refund') {
    $result = call([
        'service' => 'alipay.acquire.overseas.spot.refund', 'notify_url' => $config['notify_url'],
        'partner_trans_id' => $argv[2], 'partner_refund_id' => $argv[3],
        'refund_amount' => $argv[4], 'currency' => 'USD', 'is_sync' => 'N',
    ], $config);
} elseif ($command === 'cancel') {
    $result = call([
        'service' => 'alipay.acquire.cancel', 'timestamp' => date('Y-m-d H:i:s'), 'out_trade_no' => $argv[2],
    ], $config);
} else {
    $result = ['error' => 'create, refund or cancel'];
}
foreach ($result as $name => $value) {
    echo "$name: $value\n";
}
