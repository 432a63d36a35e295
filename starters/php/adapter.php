<?php

/**
 * Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
 *
 * Fill in sign() first, then run the command that `alipay-qr init` has printed; then go down the list. What you do
 * not have stays as it is. Return raw values, never a verdict. Throw Refused where your own code declines an input
 * before anything is sent, Unsupported where it cannot do this one call; let every other exception pass. An operation
 * that reads no answer says ['outcome' => 'sent']. `alipay-qr rules` explains each finding.
 * If you sign with RSA, say so in sign_types; the keys are $this->settings->merchant_private_key->pkcs1_pem (or
 * pkcs1_pem, pkcs8_pem, pkcs1_base64, pkcs8_base64) and $this->settings->alipay_public_key->pem (or pem, base64). A
 * value for which your code has no parameter, such as trade_no, is_sync or another notify_url, is Unsupported. With a
 * static code Alipay names the trade: the out_trade_no of a notification may be new to you.
 */

declare(strict_types=1);

ini_set('display_errors', 'stderr'); // stdout is for answers only

// require __DIR__ . '/vendor/autoload.php';

final class Refused extends RuntimeException {}
/** One call alone, as in: ($args->is_sync ?? 'N') === 'Y' ? throw new Unsupported('it refunds later alone') : null; */
final class Unsupported extends RuntimeException {}
final class NotFilledIn extends RuntimeException {}

final class Adapter
{
    /** What `configure` said last: partner, sign_type, charset, md5_key, merchant_private_key->pkcs1_pem, ... */
    private ?stdClass $settings = null;
    /** The time it is, as RFC 3339 text. If your code can be told the time, say 'clock' => true in hello(). */
    private ?string $now = null;

    // --- level 1: signing --------------------------------------------------------------------------------

    /** $args->params is a list of [name, value or null] pairs. Add nothing to them. */
    private function sign(stdClass $args): array
    {
        throw new NotFilledIn();
        // return ['sign' => your_sign($args->params, $args->sign_type, $this->settings->md5_key)];
    }

    /** The text or the bytes that are signed, without the key. */
    private function presign(stdClass $args): array
    {
        throw new NotFilledIn();
        // return ['text' => ...];  or  ['base64' => base64_encode($bytes)];
    }

    /** Does a message hold? $args->source is "notification" or "response". */
    private function verify(stdClass $args): array
    {
        throw new NotFilledIn();
        // return ['valid' => true];
    }

    // --- level 2: requests, really sent to $args->gateway_url ?? $this->settings->gateway_url ----------------

    private function create_qr_code(stdClass $args): array
    {
        throw new NotFilledIn();
        // your code gets $args->biz_data (an object), $args->notify_url
        // return ['outcome' => 'success', 'qrcode' => ..., 'qrcode_img_url' => ...];
    }

    /** outcome: success, failed (nothing was done), or unknown (it may have been done). */
    private function cancel(stdClass $args): array
    {
        throw new NotFilledIn();
        // $args->out_trade_no, $args->trade_no ?? null
        // return ['outcome' => 'success', 'action' => 'close'];
    }

    /** outcome: also accepted, for an asynchronous refund that Alipay has taken. */
    private function refund(stdClass $args): array
    {
        throw new NotFilledIn();
        // $args->partner_trans_id, ->partner_refund_id, ->refund_amount, ->currency; maybe ->refund_reason, ->is_sync
        // return ['outcome' => 'failed', 'code' => 'TRADE_NOT_EXIST'];
    }

    // --- level 3: notifications --------------------------------------------------------------------------

    /** The body of a POST to your notify_url, as bytes: base64_decode($args->body_base64). */
    private function notify(stdClass $args): array
    {
        throw new NotFilledIn();
        // return ['reply' => $whatYourPagePrints];
    }

    // --- level 4: money ----------------------------------------------------------------------------------

    /** Your shop now awaits a payment: $args->total_fee, ->currency, maybe ->out_trade_no, ->qrcode. */
    private function expect(stdClass $args): array
    {
        throw new NotFilledIn();
        // return [];
    }

    /** What your books say: none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided. */
    private function trade(stdClass $args): array
    {
        throw new NotFilledIn();
        // return ['state' => 'paid', 'paid' => '10.00', 'currency' => 'USD', 'refunded' => '0.00', 'fulfilled' => '1'];
    }

    /** Forget all trades; keep the settings. */
    private function reset(stdClass $args): array
    {
        return [];
    }

    // --- what your code can do: add each operation here once it is filled in --------------------------------

    private const FILLED_IN = ['hello', 'configure', 'reset'];

    // --- nothing to fill in below, but see sign_types, charsets and clock in hello() -------------------------

    private const OPERATIONS = [
        'hello', 'configure', 'reset', 'sign', 'presign', 'verify', 'create_qr_code', 'cancel', 'refund', 'notify',
        'expect', 'trade',
    ];

    private function hello(stdClass $args): array
    {
        return $args->protocol !== '1' ? throw new Unsupported('this adapter speaks protocol 1') : [
            'protocol' => '1', 'name' => 'my shop', 'version' => '0', 'language' => 'PHP',
            'operations' => self::FILLED_IN, 'sign_types' => ['MD5'], 'charsets' => ['UTF-8'],
            'clock' => false, 'parallel' => false,
        ];
    }

    private function configure(stdClass $args): array
    {
        $this->settings = $args;

        return [];
    }

    public function answer(stdClass $request): array
    {
        $op = $request->op;
        $this->now = $request->now ?? null;
        try {
            if (!in_array($op, self::OPERATIONS, true)) {
                throw new Unsupported("unknown operation $op");
            }

            return ['result' => (object) $this->$op($request->args ?? new stdClass())];
        } catch (NotFilledIn) {
            return ['unsupported' => ['reason' => "$op() in adapter.php is not filled in yet; begin with sign(), and list it in FILLED_IN"]];
        } catch (Unsupported $error) {
            return ['unsupported' => ['reason' => $error->getMessage()]];
        } catch (Refused $error) {
            return ['refused' => ['reason' => $error->getMessage()]];
        } catch (Throwable $error) {
            return ['error' => ['message' => $error->getMessage(), 'traceback' => $error->getTraceAsString()]];
        }
    }
}

$adapter = new Adapter();
while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, flags: JSON_THROW_ON_ERROR);
    $answer = ['id' => $request->id] + $adapter->answer($request);
    fwrite(STDOUT, json_encode($answer, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}
