<?php

/** Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here. */

declare(strict_types=1);

namespace Shop;

ini_set('display_errors', 'stderr');
ini_set('log_errors', '0');
error_reporting(E_ALL);
set_error_handler(static fn (int $no, string $text, string $file, int $line): bool => (error_reporting() & $no)
    ? throw new \ErrorException($text, 0, $no, $file, $line) : false);

foreach (['Signing', 'Gateway', 'Ledger', 'Merchant'] as $file) {
    require __DIR__ . "/$file.php";
}

final class Unsupported extends \RuntimeException
{
}

final class Adapter
{
    private const OPERATIONS = [
        'hello', 'configure', 'reset', 'presign', 'sign', 'verify', 'expect', 'create_qr_code', 'cancel', 'refund',
        'notify', 'trade',
    ];

    private Account $account;
    private Ledger $ledger;
    private Merchant $merchant;
    private ?\DateTimeImmutable $now = null;

    public function __construct()
    {
        $this->account = require __DIR__ . '/test-account.php';
        $this->reset();
    }

    public function answer(\stdClass $request): array
    {
        $op = is_string($request->op ?? null) ? $request->op : '';
        $this->now = isset($request->now) ? new \DateTimeImmutable($request->now) : null;
        try {
            if (!in_array($op, self::OPERATIONS, true)) {
                throw new Unsupported("unknown operation $op");
            }

            return ['result' => (object) $this->$op($request->args ?? new \stdClass())];
        } catch (Refused $refused) {
            return ['refused' => ['reason' => $refused->getMessage()]];
        } catch (Unsupported $unsupported) {
            return ['unsupported' => ['reason' => $unsupported->getMessage()]];
        } catch (\Throwable $error) {
            return ['error' => ['message' => $error->getMessage(), 'traceback' => $error->getTraceAsString()]];
        }
    }

    private function hello(\stdClass $args): array
    {
        if ($args->protocol !== '1') {
            throw new Unsupported('this adapter speaks protocol 1');
        }

        return [
            'protocol' => '1', 'name' => 'example shop in PHP', 'version' => '1.0', 'language' => 'PHP',
            'operations' => self::OPERATIONS, 'sign_types' => ['MD5', 'RSA', 'RSA2'],
            'charsets' => ['UTF-8', 'GBK', 'GB2312'], 'clock' => true, 'parallel' => false, 'runtime' => PHP_VERSION,
        ];
    }

    private function presign(\stdClass $args): array
    {
        return ['base64' => base64_encode(Signing::presign($args->params, $args->charset))];
    }

    private function sign(\stdClass $args): array
    {
        return ['sign' => (new Signing($this->account))->sign($args->params, $args->charset, $args->sign_type)];
    }

    private function verify(\stdClass $args): array
    {
        return ['valid' => (new Signing($this->account))->verify($args->params, $args->charset)];
    }

    private function expect(\stdClass $args): array
    {
        $this->merchant->expect($args->out_trade_no ?? null, $args->qrcode ?? null, $args->total_fee, $args->currency);

        return [];
    }

    private function create_qr_code(\stdClass $args): array
    {
        return $this->merchant->createQrCode($args->biz_data, $args->notify_url ?? '', $args->gateway_url ?? null);
    }

    private function cancel(\stdClass $args): array
    {
        return $this->merchant->cancel($args->out_trade_no, $args->trade_no ?? null, $args->gateway_url ?? null);
    }

    private function refund(\stdClass $args): array
    {
        return $this->merchant->refund((array) $args, $args->gateway_url ?? null);
    }

    private function notify(\stdClass $args): array
    {
        return ['reply' => $this->merchant->notify($args->method ?? 'POST', base64_decode($args->body_base64))];
    }

    private function trade(\stdClass $args): array
    {
        return $this->merchant->trade($args->out_trade_no);
    }

    private function configure(\stdClass $args): array
    {
        $this->account = new Account(
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
        $this->open();

        return [];
    }

    private function reset(): array
    {
        $this->ledger = new Ledger();
        $this->open();

        return [];
    }

    private function open(): void
    {
        $this->merchant = new Merchant($this->account, $this->ledger, fn () => $this->now ?? new \DateTimeImmutable());
    }
}

$adapter = new Adapter();
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line);
    if ($request instanceof \stdClass && isset($request->id)) {
        $answer = json_encode(['id' => $request->id] + $adapter->answer($request), JSON_INVALID_UTF8_SUBSTITUTE);
        fwrite(STDOUT, "$answer\n");
    } else {
        fwrite(STDERR, "not a request: $line");
    }
}
