<?php

/** Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here. */

declare(strict_types=1);

namespace Shop;

ini_set('display_errors', 'stderr'); // stdout is for answers only
set_error_handler(static fn (int $level, string $text, string $file, int $line): bool => (error_reporting() & $level)
    ? throw new \ErrorException($text, 0, $level, $file, $line) : false);

foreach (['Signing', 'Gateway', 'Ledger', 'Merchant'] as $file) {
    require __DIR__ . "/$file.php";
}

final class Unsupported extends \RuntimeException
{
}

final class Adapter
{
    private Account $account;
    private Ledger $ledger;
    private Merchant $merchant;
    private ?\DateTimeImmutable $now = null;

    public function __construct()
    {
        $this->reset(require __DIR__ . '/test-account.php', new Ledger());
    }

    public function answer(\stdClass $request): array
    {
        try {
            $this->now = isset($request->now) ? new \DateTimeImmutable($request->now) : null;

            return ['result' => (object) $this->carryOut($request->op, $request->args ?? new \stdClass())];
        } catch (Refused $refused) {
            return ['refused' => ['reason' => $refused->getMessage()]];
        } catch (Unsupported $unsupported) {
            return ['unsupported' => ['reason' => $unsupported->getMessage()]];
        } catch (\Throwable $error) {
            return ['error' => ['message' => $error->getMessage(), 'traceback' => $error->getTraceAsString()]];
        }
    }

    private function carryOut(string $op, \stdClass $args): array
    {
        $signing = new Signing($this->account);
        $shop = $this->merchant;
        $url = $args->gateway_url ?? null;

        return match ($op) {
            'hello' => $this->hello($args->protocol),
            'configure' => $this->reset(self::accountOf($args), $this->ledger),
            'reset' => $this->reset($this->account, new Ledger()),
            'presign' => ['base64' => base64_encode(Signing::presign($args->params, $args->charset))],
            'sign' => ['sign' => $signing->sign($args->params, $args->charset, $args->sign_type)],
            'verify' => ['valid' => $signing->verify($args->params, $args->charset)],
            'expect' => (array) $shop->expect(
                $args->out_trade_no ?? null,
                $args->qrcode ?? null,
                $args->total_fee,
                $args->currency,
            ),
            'create_qr_code' => $shop->createQrCode($args->biz_data, $args->notify_url ?? '', $url),
            'cancel' => $shop->cancel($args->out_trade_no, $args->trade_no ?? null, $url),
            'refund' => $shop->refund((array) $args, $url),
            'notify' => ['reply' => $shop->notify($args->method ?? 'POST', base64_decode($args->body_base64))],
            'trade' => $shop->trade($args->out_trade_no),
            default => throw new Unsupported("unknown operation $op"),
        };
    }

    private function hello(string $protocol): array
    {
        return $protocol !== '1' ? throw new Unsupported('this adapter speaks protocol 1') : [
            'protocol' => '1', 'name' => 'example shop in PHP', 'version' => '1.0', 'language' => 'PHP',
            'operations' => [
                'hello', 'configure', 'reset', 'presign', 'sign', 'verify', 'expect', 'create_qr_code', 'cancel',
                'refund', 'notify', 'trade',
            ],
            'sign_types' => ['MD5', 'RSA', 'RSA2'], 'charsets' => ['UTF-8', 'GBK', 'GB2312'],
            'clock' => true, 'parallel' => true, 'features' => ['https'], 'runtime' => PHP_VERSION,
        ];
    }

    private function reset(Account $account, Ledger $ledger): array
    {
        $this->account = $account;
        $this->ledger = $ledger;
        $this->merchant = new Merchant($account, $ledger, fn () => $this->now ?? new \DateTimeImmutable());

        return [];
    }

    private static function accountOf(\stdClass $args): Account
    {
        return new Account(
            $args->partner,
            $args->sign_type,
            $args->charset,
            $args->md5_key,
            $args->merchant_private_key->pkcs1_pem,
            $args->alipay_public_key->pem,
            $args->gateway_url,
            $args->notify_url,
            (float) $args->gateway_timeout,
            $args->gateway_ca_pem ?? null,
        );
    }
}

$adapter = new Adapter();
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, flags: JSON_THROW_ON_ERROR);
    $answer = ['id' => $request->id] + $adapter->answer($request);
    fwrite(STDOUT, json_encode($answer, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}
