<?php

declare(strict_types=1);

namespace Shop;

/**
 * The shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund.
 *
 * Every operation answers an array with `outcome` (success, accepted, failed or unknown) and throws
 * Refused where the shop itself declines, before anything is sent.
 */
final class Merchant
{
    /** Members of biz_data: longest length, and pattern where there is one. */
    private const BIZ_DATA = [
        'secondary_merchant_industry' => [4, '/^\d{4}$/D'],
        'secondary_merchant_id' => [64, '/^[A-Za-z0-9_]+$/D'],
        'secondary_merchant_name' => [64, null],
        'store_id' => [32, '/^[A-Za-z0-9_-]+$/D'],
        'store_name' => [2000, null],
        'trans_currency' => [3, null],
        'currency' => [3, null],
        'country_code' => [2, '/^[A-Z]{2}$/D'],
        'notify_mobile' => [32, '/^\d+$/D'],
    ];
    private const COMPULSORY = [
        'secondary_merchant_industry', 'secondary_merchant_id', 'secondary_merchant_name',
        'store_id', 'store_name', 'trans_currency', 'currency',
    ];
    private const TAXI = '4121';
    /** refund_amount is a Number(9,2): seven digits before the point. */
    private const REFUND_AMOUNT = '/^\d{1,7}(\.\d{1,2})?$/D';
    /** A repeated refund may fail so because its first attempt was carried out after all. */
    private const MAYBE_BY_ITSELF = ['TRADE_HAS_CLOSE', 'RETURN_AMOUNT_EXCEED'];

    private readonly Signing $signing;
    private readonly Gateway $gateway;
    private readonly \Closure $clock;

    /** @param null|callable(): \DateTimeImmutable $clock what time it is */
    public function __construct(
        private readonly Account $account,
        private readonly Ledger $ledger = new Ledger(),
        ?callable $clock = null,
    ) {
        $this->signing = new Signing($account);
        $this->gateway = new Gateway($account, $this->signing);
        $this->clock = \Closure::fromCallable($clock ?? static fn () => new \DateTimeImmutable());
    }

    // --- CREATE ---------------------------------------------------------------------------------------

    public function createQrCode(object $bizData, string $notifyUrl, ?string $gatewayUrl = null): array
    {
        $this->checkBizData($bizData);
        // Encoded once: the same text is signed and sent.
        $json = json_encode($bizData, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
        $request = $this->gateway->prepare('alipay.commerce.qrcode.create', [
            'timestamp' => Beijing::text(($this->clock)()),
            'notify_url' => self::url($notifyUrl),
            'biz_type' => 'OVERSEASHOPQRCODE',
            'biz_data' => self::text('biz_data', $json, 2000),
        ], $gatewayUrl);
        $reply = $this->gateway->send($request);
        $reply = $reply->unlessAbout(($reply->fields['qrcode'] ?? '') !== '');

        return self::result($reply, ['qrcode', 'qrcode_img_url']);
    }

    private function checkBizData(object $bizData): void
    {
        $isTaxi = ($bizData->secondary_merchant_industry ?? null) === self::TAXI;
        foreach (self::COMPULSORY as $name) {
            $optional = $isTaxi && ($name === 'store_id' || $name === 'store_name');
            if (($bizData->$name ?? '') === '' && !$optional) {
                throw new Refused("biz_data.$name is missing");
            }
        }
        foreach (self::BIZ_DATA as $name => [$longest, $pattern]) {
            if (($value = $bizData->$name ?? null) === null) {
                continue;
            }
            self::text("biz_data.$name", $value, $longest);
            if ($pattern !== null && !preg_match($pattern, $value)) {
                throw new Refused("biz_data.$name holds a character that is not allowed there");
            }
        }
        Money::decimals($bizData->trans_currency);
        Money::decimals($bizData->currency);
        if ($bizData->trans_currency !== 'CNY' && !in_array($bizData->currency, ['CNY', $bizData->trans_currency], true)) {
            throw new Refused('settlement is in CNY or in the pricing currency');
        }
        if (isset($bizData->channel_fee)) {
            self::checkChannelFee($bizData->channel_fee, $bizData->currency);
        }
        foreach ((array) ($bizData->passback_parameters ?? []) as $value) {
            if (is_object($value) || is_array($value)) {
                throw new Refused('biz_data.passback_parameters must be flat');
            }
        }
    }

    private static function checkChannelFee(mixed $fee, string $currency): void
    {
        $type = $fee->type ?? null;
        $value = $fee->value ?? null;
        if (!is_string($value) || ($type !== 'FIXED' && $type !== 'RATE')) {
            throw new Refused('biz_data.channel_fee needs a type, FIXED or RATE, and a value');
        }
        if ($type === 'FIXED') {
            Money::parse($value, $currency);
        } elseif (!preg_match('/^0(?:\.(?:0[0-4]\d*|050*|00?))?$/D', $value)) {
            throw new Refused('biz_data.channel_fee: a RATE lies between 0 and 0.05');
        }
    }

    // --- CANCEL ---------------------------------------------------------------------------------------

    public function cancel(string $outTradeNo, ?string $tradeNo = null, ?string $gatewayUrl = null): array
    {
        $now = ($this->clock)();
        $this->ledger->mayCancel($outTradeNo, $tradeNo, $now);
        $request = $this->gateway->prepare('alipay.acquire.cancel', [
            'timestamp' => $now->format('Uv'),
            'out_trade_no' => self::text('out_trade_no', $outTradeNo, 64),
            'trade_no' => self::optional('trade_no', $tradeNo, 64),
        ], $gatewayUrl);

        $isRepeat = $this->ledger->find($outTradeNo)?->undecided ?? false;
        $trade = $this->ledger->cancelSent($outTradeNo);
        $reply = $this->gateway->send($request);
        $reply = $reply->unlessAbout(
            ($reply->fields['out_trade_no'] ?? '') === $outTradeNo
            && self::sameIfGiven($reply->fields['trade_no'] ?? '', $tradeNo ?? $trade->tradeNo ?? ''),
        );
        if ($reply->outcome === 'success') {
            $this->ledger->cancelDone($trade);
        } elseif ($reply->outcome === 'failed' && ($reply->signed || !$isRepeat)) {
            $trade->undecided = false;
        }

        return self::result($reply, ['action']) + ($reply->outcome === 'success' ? ['via' => 'cancel'] : []);
    }

    // --- REFUND ---------------------------------------------------------------------------------------

    /** @param array<string, string|null> $order the parameters of REFUND by name */
    public function refund(array $order, ?string $gatewayUrl = null): array
    {
        $outTradeNo = self::text('partner_trans_id', $order['partner_trans_id'] ?? null, 64);
        $refundId = self::text('partner_refund_id', $order['partner_refund_id'] ?? null, 64);
        $currency = self::text('currency', $order['currency'] ?? null, 10);
        $amount = Money::parse(self::text('refund_amount', $order['refund_amount'] ?? null, 10), $currency);
        if (!preg_match(self::REFUND_AMOUNT, $order['refund_amount'])) {
            throw new Refused('refund_amount is too large');
        }
        $isSync = $order['is_sync'] ?? null;
        if ($refundId === $outTradeNo) {
            throw new Refused('partner_refund_id must differ from partner_trans_id');
        }
        if ($amount === 0) {
            throw new Refused('a refund of nothing is none');
        }
        if (!in_array($isSync, [null, 'Y', 'N'], true)) {
            throw new Refused('is_sync is Y or N');
        }
        // Alipay reports an asynchronous refund there.
        $notifyUrl = $order['notify_url'] ?? ($isSync === 'Y' ? null : $this->account->notifyUrl);
        $request = $this->gateway->prepare('alipay.acquire.overseas.spot.refund', [
            'partner_trans_id' => $outTradeNo,
            'alipay_trans_id' => self::optional('alipay_trans_id', $order['alipay_trans_id'] ?? null, 64),
            'partner_refund_id' => $refundId,
            'refund_amount' => Money::format($amount, $currency),
            'currency' => $currency,
            'refund_reason' => self::optional('refund_reason', $order['refund_reason'] ?? null, 128),
            'is_sync' => $isSync,
            'notify_url' => $notifyUrl === null || $notifyUrl === '' ? null : self::url($notifyUrl),
        ], $gatewayUrl);

        $refund = $this->ledger->findRefund($refundId) ?? new Refund($refundId, $outTradeNo, $amount, $currency);
        if ([$refund->outTradeNo, $refund->amount, $refund->currency] !== [$outTradeNo, $amount, $currency]) {
            throw new Refused('this partner_refund_id names another refund');
        }
        if ($refund->state === 'done') {
            return ['outcome' => 'success']; // once is enough
        }
        if ($refund->state === 'accepted') {
            return ['outcome' => 'accepted'];
        }
        $isRepeat = $this->ledger->findRefund($refundId)?->isPending() ?? false;
        if (!$isRepeat) {
            $this->ledger->mayRefund($refund, $order['alipay_trans_id'] ?? null, ($this->clock)());
        }
        $this->ledger->refundSent($refund);
        $reply = $this->gateway->send($request);
        $reply = $reply->unlessAbout(self::confirms($reply->fields, $refund));
        if ($reply->outcome === 'success' && $isSync !== 'Y') {
            $refund->state = 'accepted'; // no money has moved yet: a notification will say so

            return ['outcome' => 'accepted'];
        }
        if ($reply->outcome === 'success') {
            $this->ledger->refundDone($refund);
        } elseif ($reply->outcome === 'failed' && (!$isRepeat || self::settles($reply))) {
            $refund->state = 'failed';
        }

        return self::result($reply);
    }

    /** Does the failure of a repeat say what became of the first attempt? */
    private static function settles(Reply $failure): bool
    {
        return $failure->signed && !in_array($failure->code, self::MAYBE_BY_ITSELF, true);
    }

    private static function confirms(array $fields, Refund $refund): bool
    {
        $currency = $fields['currency'] ?? '';
        $amount = $fields['refund_amount'] ?? '';
        try {
            return ($fields['partner_refund_id'] ?? '') === $refund->id
                && self::sameIfGiven($fields['partner_trans_id'] ?? '', $refund->outTradeNo)
                && self::sameIfGiven($currency, $refund->currency)
                && ($amount === '' || Money::read($amount, $refund->currency) === $refund->amount);
        } catch (Refused) {
            return false;
        }
    }

    // --- notifications --------------------------------------------------------------------------------

    public function expect(?string $outTradeNo, ?string $qrcode, string $totalFee, string $currency): void
    {
        $this->ledger->expect($outTradeNo, $qrcode, Money::parse($totalFee, $currency), $currency);
    }

    /**
     * Receives a notification: give it the raw body (php://input), not $_POST, which renames parameters
     * and swallows repeated ones, and nothing from the query of the notify URL.
     *
     * @return string what to print, and nothing else
     */
    public function notify(string $method, string $body): string
    {
        try {
            if ($method !== 'POST') {
                throw new Refused('a notification is a POST');
            }
            $pairs = $this->parseForm($body);
            if (!$this->signing->verify($pairs, $this->account->charset)) {
                throw new Refused('the signature does not hold');
            }
            $this->ledger->book($this->readNews($pairs));
        } catch (Refused $refused) {
            error_log('notification not accepted: ' . $refused->getMessage());

            return 'fail';
        }

        return 'success';
    }

    /** @return list<array{string, string}> */
    private function parseForm(string $body): array
    {
        $pairs = [];
        foreach (explode('&', $body) as $part) {
            if ($part === '') {
                continue;
            }
            if (preg_match('/%(?![0-9A-Fa-f]{2})/', $part)) {
                throw new Refused('a percent sign encodes nothing');
            }
            $halves = array_map(
                fn (string $half): string => Charset::decode(urldecode($half), $this->account->charset),
                explode('=', $part, 2),
            );
            $pairs[] = [$halves[0], $halves[1] ?? ''];
        }

        return $pairs;
    }

    /** @param list<array{string, string}> $pairs signed, and each name once */
    private function readNews(array $pairs): News
    {
        $values = [];
        foreach ($pairs as [$name, $value]) {
            if ($value !== '') {
                $values[$name] = $value;
            }
        }
        self::checkBoundaries($values);
        $get = static fn (string $name): ?string => $values[$name] ?? null;

        if ($get('notify_type') !== 'trade_status_sync' || $get('notify_id') === null) {
            throw new Refused('notify_type or notify_id is not what it should be');
        }
        if (($get('seller_id') ?? $this->account->partner) !== $this->account->partner) {
            throw new Refused('this payment is for another seller');
        }
        $outTradeNo = self::text('out_trade_no', $get('out_trade_no'), 64);
        $tradeNo = self::optional('trade_no', $get('trade_no'), 64);
        $status = $get('trade_status');
        $isRefund = $get('notify_action_type') === 'refundFPAction';
        $known = ['WAIT_BUYER_PAY', 'TRADE_PENDING', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'];
        if (!in_array($status, $known, true) && !($isRefund && $status === null)) {
            throw new Refused('trade_status is unknown');
        }
        if ($isRefund && ($get('refund_status') ?? 'REFUND_SUCCESS') !== 'REFUND_SUCCESS') {
            throw new Refused('the refund has not succeeded');
        }

        $trade = $this->ledger->find($outTradeNo);
        $currency = $get('trans_currency') ?? $trade?->currency;
        $total = $get('total_fee');
        $fee = $isRefund ? $get('refund_fee') : null;
        if (($total !== null || $fee !== null) && $currency === null) {
            throw new Refused('trans_currency is missing');
        }
        if ($total === null && in_array($status, ['TRADE_SUCCESS', 'TRADE_FINISHED'], true) && !$isRefund) {
            throw new Refused('total_fee is missing');
        }
        $paidAt = $get('gmt_payment');

        return new News(
            outTradeNo: $outTradeNo,
            tradeNo: $tradeNo,
            status: $status,
            total: $total === null ? null : self::positive($total, $currency),
            currency: $currency,
            paidAt: $paidAt === null ? null : Beijing::parse($paidAt),
            qrcode: $get('qrcode'),
            isRefund: $isRefund,
            refundId: $isRefund ? self::optional('out_biz_no', $get('out_biz_no'), 64) : null,
            refundFee: $fee === null ? null : self::positive($fee, $currency),
        );
    }

    /**
     * The signed text is "a=1&b=2", so whoever forwards a message may move the border between two
     * parameters and keep the signature: a seller_id can be hidden in the value before it. A value that
     * holds one of the names we act upon is therefore not believed.
     */
    private static function checkBoundaries(array $values): void
    {
        $names = 'notify_(?:id|type|action_type)|out_(?:trade|biz)_no|trade_(?:no|status)|total_fee|trans_currency'
            . '|gmt_payment|refund_(?:fee|status)|seller_id|qrcode';
        foreach ($values as $value) {
            if (preg_match("/&(?:$names)=/", $value)) {
                throw new Refused('a value holds another parameter');
            }
        }
    }

    private static function positive(string $amount, string $currency): int
    {
        return Money::read($amount, $currency) ?: throw new Refused('an amount is zero');
    }

    // --- looking --------------------------------------------------------------------------------------

    /** @return array<string, string> */
    public function trade(string $outTradeNo): array
    {
        $result = ['state' => $this->ledger->state($outTradeNo)];
        $trade = $this->ledger->find($outTradeNo);
        if ($trade === null || $trade->currency === null) {
            return $result;
        }
        if ($trade->wasPaid) {
            $result['paid'] = Money::format($trade->total, $trade->currency);
        }

        return $result + [
            'currency' => $trade->currency,
            'refunded' => Money::format($this->ledger->refunded($outTradeNo), $trade->currency),
            'pending' => Money::format($this->ledger->pending($outTradeNo), $trade->currency),
            'fulfilled' => (string) $trade->fulfilled,
        ];
    }

    // --- helpers --------------------------------------------------------------------------------------

    /** @param list<string> $names fields of the answer that go to the caller */
    private static function result(Reply $reply, array $names = []): array
    {
        $result = ['outcome' => $reply->outcome];
        foreach ($reply->outcome === 'success' ? $names : [] as $name) {
            if (($reply->fields[$name] ?? '') !== '') {
                $result[$name] = $reply->fields[$name];
            }
        }

        return $result + ($reply->code === null ? [] : ['code' => $reply->code]);
    }

    private static function text(string $name, mixed $value, int $longest): string
    {
        if (!is_string($value) || $value === '') {
            throw new Refused("$name is missing");
        }
        if (mb_strlen($value, 'UTF-8') > $longest) {
            throw new Refused("$name is longer than $longest characters");
        }

        return $value;
    }

    private static function optional(string $name, ?string $value, int $longest): ?string
    {
        return $value === null || $value === '' ? null : self::text($name, $value, $longest);
    }

    private static function url(string $url): string
    {
        if (!preg_match('~^https?://[^\s/?#]+\S*$~Du', $url)) {
            throw new Refused('notify_url is not an address');
        }

        return self::text('notify_url', $url, 200);
    }

    private static function sameIfGiven(string $theirs, string $ours): bool
    {
        return $theirs === '' || $ours === '' || $theirs === $ours;
    }
}
