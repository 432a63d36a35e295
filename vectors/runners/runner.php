<?php
// Runs the vectors of level 1: php runners/runner.php, beside the JSON files; needs iconv and openssl.
function encode(string $text, string $charset): string
{
    $bytes = $charset === 'UTF-8' ? $text : @iconv('UTF-8', $charset, $text);
    // what comes back is compared: some iconv libraries replace; and its GBK has the euro sign, which GBK has not
    if ($bytes === false || iconv($charset, 'UTF-8', $bytes) !== $text
        || ($charset !== 'UTF-8' && str_contains($text, '€'))) {
        throw new RuntimeException("a character is not in $charset");
    }
    return $bytes;
}

function presign(array $params, string $charset): string
{
    $kept = array_filter($params, fn ($pair) => $pair[1] !== null && $pair[1] !== ''
        && $pair[0] !== 'sign' && $pair[0] !== 'sign_type');
    usort($kept, fn ($a, $b) => strcmp($a[0], $b[0])); // never ksort: PHP makes numbers of such keys
    return encode(implode('&', array_map(fn ($pair) => "$pair[0]=$pair[1]", $kept)), $charset);
}

const HASHES = ['RSA' => OPENSSL_ALGO_SHA1, 'RSA2' => OPENSSL_ALGO_SHA256];

function make_sign(array $inputs): string
{
    $data = presign($inputs['params'], $inputs['charset']);
    if ($inputs['sign_type'] === 'MD5') {
        return md5($data . $inputs['md5_key']);
    }
    $key = $inputs['merchant_private_key']['pkcs8_pem'];
    openssl_sign($data, $signature, $key, HASHES[$inputs['sign_type']]);
    return base64_encode($signature);
}

function is_genuine(array $inputs): bool
{
    $names = array_map(fn ($pair) => ".$pair[0]", $inputs['params']); // the dot keeps names text
    $given = array_combine($names, array_column($inputs['params'], 1));
    if (count($given) !== count($names) || ($given['.sign_type'] ?? null) !== $inputs['sign_type']) {
        return false;
    }
    $data = presign($inputs['params'], $inputs['charset']);
    $sign = $given['.sign'] ?? '';
    if ($inputs['sign_type'] === 'MD5') {
        return hash_equals(md5($data . $inputs['md5_key']), $sign);
    }
    return holds($inputs['sign_type'], $data, $sign, $inputs['alipay_public_key']);
}

function holds(string $sign_type, string $data, string $sign, array $key): bool
{
    $signature = base64_decode($sign, true);
    if ($signature === false || base64_encode($signature) !== $sign) { // "strict" still skips blanks
        return false;
    }
    return openssl_verify($data, $signature, $key['pem'], HASHES[$sign_type]) === 1;
}

function is_sign(array $inputs, string $sign): bool
{
    if ($inputs['sign_type'] === 'MD5' || isset($inputs['merchant_private_key'])) {
        return make_sign($inputs) === $sign;
    } // of what others have signed the public key alone is known: no second signature of PKCS#1 v1.5 holds
    $data = presign($inputs['params'], $inputs['charset']);
    return holds($inputs['sign_type'], $data, $sign, $inputs['merchant_public_key']);
}

$passed = $failed = 0;
foreach (['presign', 'sign_md5', 'sign_rsa', 'sign_rsa2', 'verify_notification', 'external'] as $name) {
    $file = json_decode(file_get_contents("$name.json"), true, 512, JSON_THROW_ON_ERROR);
    foreach ($file['groups'] as $group) {
        foreach ($group['tests'] as $test) {
            if ($test['result'] === 'acceptable') {
                continue;
            }
            $inputs = array_merge($group['inputs'], $test['inputs']);
            try {
                $accepted = match ($file['subject']) {
                    'presign' => bin2hex(presign($inputs['params'], $inputs['charset'])) === ($test['steps']['presign_hex'] ?? ''),
                    'sign' => is_sign($inputs, $test['steps']['sign'] ?? ''),
                    'verify_notification' => is_genuine($inputs),
                };
            } catch (RuntimeException) {
                $accepted = false; // declined
            }
            if ($accepted === ($test['result'] === 'valid')) {
                $passed++;
            } else {
                $failed++;
                echo "$test[id] $test[comment]\n";
            }
        }
    }
}
echo "$passed passed, $failed failed\n";
exit($failed ? 1 : 0);
