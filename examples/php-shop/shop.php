<?php
// A small shop as it could exist: it knows a gateway URL, a partner and an MD5 key, and nothing of tests.
//   php -S 127.0.0.1:8080 shop.php       its notify_url
//   php shop.php create | refund OUT_TRADE_NO ID AMOUNT | cancel OUT_TRADE_NO
$config = parse_ini_file(getenv('SHOP_CONFIG') ?: __DIR__ . '/shop.ini');
date_default_timezone_set('Asia/Shanghai');
const NEEDED = ['notify_id', 'out_trade_no', 'trade_status', 'total_fee', 'trans_currency'];

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
    $http = stream_context_create(['http' => ['follow_location' => 0, 'timeout' => 15]]);
    $body = @file_get_contents($config['gateway'] . '?' . http_build_query($params), false, $http);
    $xml = @simplexml_load_string((string)$body, options: LIBXML_NONET | LIBXML_NOWARNING | LIBXML_NOERROR);
    if (!$xml) {
        return ['unknown' => 'no answer, ask again with the same number'];
    }
    if ((string)$xml->is_success === 'F') {
        $error = (string)$xml->error;
        return str_contains($error, 'SYSTEM') ? ['unknown' => $error] : ['error' => $error];
    }
    $fields = array_map('strval', (array)($xml->response?->children()[0] ?? []));
    if (!hash_equals(signature($fields, $config['md5_key']), (string)$xml->sign)) {
        return ['unknown' => 'the answer is not from Alipay'];
    }
    return $fields;
}

function genuine(array $news, array $config): bool {  // Alipay's, complete, ours, and nothing hidden in it
    if (array_filter($news, 'is_array') || array_diff(NEEDED, array_keys(array_filter($news, 'strlen')))) {
        return false;
    }
    $hidden = preg_grep('/&(' . implode('|', [...NEEDED, 'seller_id']) . ')=/', $news);
    $paid = in_array($news['trade_status'] ?? '', ['TRADE_SUCCESS', 'TRADE_FINISHED'], true);
    return ($news['sign_type'] ?? '') === 'MD5' && !$hidden && (!$paid || ($news['gmt_payment'] ?? '') !== '')
        && ($news['seller_id'] ?? $config['partner']) === $config['partner']
        && hash_equals(signature($news, $config['md5_key']), $news['sign'] ?? '');
}

function cents(string $amount): int {  // amounts are counted in whole cents: 0.1 + 0.2 is 0.3
    return preg_match('/^(\d{1,7})(?:\.(\d{1,2}))?$/D', $amount, $found)
        ? 100 * (int)$found[1] + (int)str_pad($found[2] ?? '', 2, '0') : 0;
}

function trades(array $config, callable $change): mixed {  // the shop's books, one hand at a time
    $file = fopen($config['book'] . '.json', 'c+');
    flock($file, LOCK_EX);
    $trades = json_decode(stream_get_contents($file), true) ?? [];
    $result = $change($trades);
    rewind($file);
    ftruncate($file, 0);
    fwrite($file, json_encode($trades));
    return $result;
}

if (PHP_SAPI === 'cli-server') {  // Alipay calls
    $ours = $_SERVER['REQUEST_METHOD'] === 'POST' && genuine($_POST, $config);
    $line = implode(' ', [$ours ? 'genuine' : 'FORGED', ...array_map(
        fn($name) => is_string($_POST[$name] ?? null) ? $_POST[$name] : '-',
        ['notify_action_type', 'trade_status', 'total_fee', 'refund_fee'])]);
    file_put_contents($config['book'], $line . "\n", FILE_APPEND | LOCK_EX);
    if ($ours) {
        trades($config, function (&$trades) {
            if (in_array($_POST['trade_status'], ['TRADE_SUCCESS', 'TRADE_FINISHED'], true)) {
                $trades[$_POST['out_trade_no']] ??= ['paid' => cents($_POST['total_fee']), 'refunds' => [],
                    'currency' => $_POST['trans_currency'], 'day' => substr($_POST['gmt_payment'], 0, 10)];
            }
        });
    }
    echo $ours ? 'success' : 'fail';
    return;
}

$command = $argv[1] ?? '';
$number = $argv[2] ?? '';
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
    [, , , $id, $amount] = [...$argv, '', '', ''];
    $new = !isset(trades($config, fn($trades) => $trades[$number] ?? [])['refunds'][$id]);
    $refused = trades($config, function (&$trades) use ($number, $id, $amount) {
        $trade = $trades[$number] ?? ['paid' => 0, 'refunds' => []];
        $others = array_diff_key($trade['refunds'], [$id => 0]);
        $before = $trade['refunds'][$id] ?? cents($amount);
        if (cents($amount) < 1 || $id === '' || $id === $number || isset($trade['cancelled'])
            || $before !== cents($amount) || array_sum($others) + cents($amount) > $trade['paid']) {
            return true;
        }
        $trades[$number]['refunds'][$id] = cents($amount);  // it counts while nobody knows what became of it
    });
    $result = $refused ? ['error' => 'this refund is not possible'] : call([
        'service' => 'alipay.acquire.overseas.spot.refund', 'notify_url' => $config['notify_url'],
        'partner_trans_id' => $number, 'partner_refund_id' => $id, 'refund_amount' => $amount,
        'currency' => trades($config, fn($trades) => $trades[$number]['currency']), 'is_sync' => 'N',
    ], $config);
    if ($new && !$refused && (isset($result['error']) || str_starts_with($result['result_code'] ?? '', 'FAIL'))) {
        trades($config, function (&$trades) use ($number, $id) { unset($trades[$number]['refunds'][$id]); });
    }
} elseif ($command === 'cancel') {
    $trade = trades($config, fn($trades) => $trades[$number] ?? []);
    $refused = $number === '' || !empty($trade['refunds']) || ($trade['day'] ?? date('Y-m-d')) !== date('Y-m-d');
    $result = $refused ? ['error' => 'too late to cancel, or partly refunded: refund it'] : call([
        'service' => 'alipay.acquire.cancel', 'timestamp' => date('Y-m-d H:i:s'), 'out_trade_no' => $number,
    ], $config);
    if ($trade && ($result['result_code'] ?? '') === 'SUCCESS') {
        trades($config, function (&$trades) use ($number) { $trades[$number]['cancelled'] = true; });
    }
} else {
    $result = ['error' => 'create, refund or cancel'];
}
foreach ($result as $name => $value) {
    echo "$name: $value\n";
}
