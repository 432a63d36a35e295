<?php

declare(strict_types=1);

namespace Shop;

/** Amounts are whole numbers of the currency's smallest unit; a float cannot hold 0.10 exactly. */
final class Money
{
    /** Currencies of this gateway, and how many decimals each has. */
    private const DECIMALS = [
        'AED' => 2, 'AUD' => 2, 'CAD' => 2, 'CHF' => 2, 'CNY' => 2, 'CZK' => 2, 'DKK' => 2, 'EUR' => 2,
        'GBP' => 2, 'HKD' => 2, 'IDR' => 2, 'ILS' => 2, 'JPY' => 0, 'KRW' => 0, 'LKR' => 2, 'MUR' => 2,
        'MYR' => 2, 'NOK' => 2, 'NZD' => 2, 'PHP' => 2, 'RUB' => 2, 'SEK' => 2, 'SGD' => 2, 'THB' => 2,
        'USD' => 2, 'VND' => 0, 'ZAR' => 2,
    ];

    public static function decimals(string $currency): int
    {
        return self::DECIMALS[$currency] ?? throw new Refused('the currency is unknown');
    }

    public static function parse(string $text, string $currency): int
    {
        $decimals = self::decimals($currency);
        if (!preg_match('/^(0|[1-9]\d{0,8})(?:\.(\d{1,2}))?$/D', $text, $match)) {
            throw new Refused('an amount is written like 12.30, without sign, blanks or exponent');
        }
        $fraction = $match[2] ?? '';
        if (strlen($fraction) > $decimals) {
            throw new Refused("$currency has $decimals decimals");
        }

        return (int) ($match[1] . str_pad($fraction, $decimals, '0'));
    }

    /** In what Alipay sends, JPY 100 may be written 100.00: the same amount, exactly. */
    public static function read(string $text, string $currency): int
    {
        return self::parse(self::decimals($currency) === 0 ? preg_replace('/\.0+$/D', '', $text) : $text, $currency);
    }

    public static function format(int $amount, string $currency): string
    {
        $decimals = self::decimals($currency);
        if ($decimals === 0) {
            return (string) $amount;
        }

        return sprintf('%d.%02d', intdiv($amount, 100), $amount % 100);
    }
}

/** One refund, by our own number. State: unknown, accepted, done or failed. */
final class Refund
{
    public string $state = 'unknown';

    public function __construct(
        public readonly string $id,
        public readonly string $outTradeNo,
        public readonly int $amount,
        public readonly string $currency,
    ) {
    }

    public function isPending(): bool
    {
        return $this->state === 'unknown' || $this->state === 'accepted';
    }
}

final class Trade
{
    /** none, waiting, paid, cancelled or closed; see also state(). */
    public string $status = 'none';
    /** A CANCEL is under way, or ended without a clear answer. */
    public bool $undecided = false;
    public ?string $tradeNo = null;
    public ?int $total = null;
    public ?string $currency = null;
    public bool $wasPaid = false;
    public ?\DateTimeImmutable $paidAt = null;
    public int $fulfilled = 0;

    public function __construct(public readonly string $outTradeNo)
    {
    }
}

/** News about a trade from a notification whose signature holds. */
final class News
{
    public function __construct(
        public readonly string $outTradeNo,
        public readonly ?string $tradeNo,
        public readonly ?string $status,
        public readonly ?int $total,
        public readonly ?string $currency,
        public readonly ?\DateTimeImmutable $paidAt,
        public readonly ?string $qrcode,
        public readonly bool $isRefund,
        public readonly ?string $refundId,
        public readonly ?int $refundFee,
    ) {
    }
}

/**
 * What happened to every trade, and what may happen next. A real shop keeps this in its database, one
 * transaction per call. Nothing is booked here that Alipay has not signed.
 */
final class Ledger
{
    /** @var array<array-key, Trade> */
    private array $trades = [];
    /** @var array<array-key, Refund> */
    private array $refunds = [];
    /** @var list<array{qrcode: ?string, total: int, currency: string}> payments awaited on a static code */
    private array $awaited = [];

    public function find(string $outTradeNo): ?Trade
    {
        return $this->trades[$outTradeNo] ?? null;
    }

    public function findRefund(string $refundId): ?Refund
    {
        return $this->refunds[$refundId] ?? null;
    }

    // --- payments -------------------------------------------------------------------------------------

    public function expect(?string $outTradeNo, ?string $qrcode, int $total, string $currency): void
    {
        if ($outTradeNo === null) {
            $this->awaited[] = ['qrcode' => $qrcode, 'total' => $total, 'currency' => $currency];

            return;
        }
        $trade = $this->trades[$outTradeNo] ??= new Trade($outTradeNo);
        if ($trade->status === 'none' && !$trade->undecided) {
            $trade->status = 'waiting';
        }
        if (!$trade->wasPaid) {
            $trade->total = $total;
            $trade->currency = $currency;
        }
    }

    /** Books what a notification says. Saying it again changes nothing, and no trade ever goes back. */
    public function book(News $news): void
    {
        $trade = $this->trades[$news->outTradeNo] ?? new Trade($news->outTradeNo);
        $this->compare($trade, $news);
        if ($news->isRefund) {
            $this->checkRefund($trade, $news);
        }
        if ($trade->total === null && !$news->isRefund) {
            $this->consumeAwaited($news);
        }
        $this->trades[$news->outTradeNo] = $trade;
        $trade->tradeNo ??= $news->tradeNo;
        $trade->total ??= $news->total;
        $trade->currency ??= $news->currency;

        if ($news->status === 'WAIT_BUYER_PAY' || $news->status === 'TRADE_PENDING') {
            $trade->status = $trade->status === 'none' ? 'waiting' : $trade->status;
        } elseif ($news->status === 'TRADE_SUCCESS' || $news->status === 'TRADE_FINISHED') {
            $this->bookPayment($trade, $news);
        }
        if ($news->isRefund) {
            $this->bookRefund($trade, $news);
        }
        if ($news->status === 'TRADE_CLOSED') {
            $this->bookClosing($trade);
        }
    }

    /** News that contradict what is known or announced are not booked, however well they are signed. */
    private function compare(Trade $trade, News $news): void
    {
        if ($trade->tradeNo !== null && $news->tradeNo !== null && $trade->tradeNo !== $news->tradeNo) {
            throw new Refused('the trade has another trade_no');
        }
        if ($trade->total !== null && $news->total !== null
            && ($trade->total !== $news->total || $trade->currency !== $news->currency)
        ) {
            throw new Refused('the amount or the currency is another');
        }
        if ($trade->total === null && $news->total === null) {
            throw new Refused('the amount is missing');
        }
    }

    /** Where payments are awaited on static codes, a new trade must be one of them. */
    private function consumeAwaited(News $news): void
    {
        foreach ($this->awaited as $index => $awaited) {
            if ($awaited['total'] === $news->total && $awaited['currency'] === $news->currency
                && ($news->qrcode === null || $awaited['qrcode'] === null || $news->qrcode === $awaited['qrcode'])
            ) {
                unset($this->awaited[$index]);

                return;
            }
        }
        if ($this->awaited !== []) {
            throw new Refused('another amount is awaited');
        }
    }

    private function bookPayment(Trade $trade, News $news): void
    {
        if ($trade->wasPaid) {
            return;
        }
        $trade->wasPaid = true;
        $trade->paidAt = $news->paidAt;
        if ($trade->status === 'none' || $trade->status === 'waiting') {
            $trade->status = 'paid';
            if (!$trade->undecided && !$news->isRefund) {
                $this->release($trade);
            }
        }
    }

    private function bookClosing(Trade $trade): void
    {
        if ($trade->undecided) {
            $trade->undecided = false;
            $trade->status = 'cancelled';
        } elseif ($trade->status !== 'cancelled' && !($this->hasRefund($trade) && $this->remaining($trade) === 0)) {
            $trade->status = 'closed'; // not by a full refund of ours: that has a state of its own
        }
    }

    /** The goods leave the shop here, once. */
    private function release(Trade $trade): void
    {
        ++$trade->fulfilled;
    }

    // --- refunds --------------------------------------------------------------------------------------

    /** May a new refund be asked for? */
    public function mayRefund(Refund $refund, ?string $tradeNo, \DateTimeImmutable $now): void
    {
        $trade = $this->find($refund->outTradeNo);
        if ($trade === null || !$trade->wasPaid) {
            throw new Refused('no payment of this trade is known');
        }
        if ($tradeNo !== null && $trade->tradeNo !== null && $tradeNo !== $trade->tradeNo) {
            throw new Refused('the trade has another trade_no');
        }
        if ($trade->status !== 'paid') {
            throw new Refused("the trade is $trade->status");
        }
        if ($trade->undecided && Beijing::sameDay($trade->paidAt, $now)) {
            throw new Refused('a cancel of this trade has no clear answer yet: repeat it first');
        }
        if ($refund->currency !== $trade->currency) {
            throw new Refused("the trade was paid in $trade->currency");
        }
        if ($refund->amount > $this->remaining($trade)) {
            throw new Refused('more than what remains of the payment');
        }
    }

    /** Noted before the request is sent: if the program dies now, the money counts as spent. */
    public function refundSent(Refund $refund): void
    {
        $refund->state = 'unknown';
        $this->refunds[$refund->id] = $refund;
    }

    public function refundDone(Refund $refund): void
    {
        $refund->state = 'done';
        // A refund that succeeds proves that the trade had not been cancelled.
        $this->trades[$refund->outTradeNo]->undecided = false;
    }

    private function checkRefund(Trade $trade, News $news): void
    {
        if ($news->refundId === null) {
            if ($trade->status === 'cancelled') {
                return; // the money that our own CANCEL gave back
            }
            throw new Refused('out_biz_no is missing');
        }
        $refund = $this->findRefund($news->refundId);
        $amount = $news->refundFee ?? $refund?->amount ?? throw new Refused('refund_fee is missing');
        if ($refund !== null && ($refund->outTradeNo !== $news->outTradeNo || $refund->amount !== $amount)) {
            throw new Refused('the refund was asked for with other data');
        }
        $isNew = $refund === null || $refund->state === 'failed';
        if ($isNew && $amount > $this->remaining($trade, $news->total)) {
            throw new Refused('more than what remains of the payment');
        }
    }

    private function bookRefund(Trade $trade, News $news): void
    {
        if ($news->refundId === null) {
            return;
        }
        if ($trade->status === 'none' || $trade->status === 'waiting') {
            $trade->status = 'paid'; // what is refunded was paid, even if that news never came
            $trade->wasPaid = true;
            $trade->paidAt = $news->paidAt;
        }
        $refund = $this->refunds[$news->refundId]
            ??= new Refund($news->refundId, $trade->outTradeNo, $news->refundFee, $trade->currency);
        $this->refundDone($refund);
    }

    private function hasRefund(Trade $trade): bool
    {
        return $this->refunded($trade->outTradeNo) + $this->pending($trade->outTradeNo) > 0;
    }

    private function remaining(Trade $trade, ?int $total = null): int
    {
        return ($trade->total ?? $total) - $this->refunded($trade->outTradeNo) - $this->pending($trade->outTradeNo);
    }

    public function refunded(string $outTradeNo): int
    {
        return $this->sum($outTradeNo, static fn (Refund $refund): bool => $refund->state === 'done');
    }

    public function pending(string $outTradeNo): int
    {
        return $this->sum($outTradeNo, static fn (Refund $refund): bool => $refund->isPending());
    }

    private function sum(string $outTradeNo, \Closure $counts): int
    {
        $sum = 0;
        foreach ($this->refunds as $refund) {
            if ($refund->outTradeNo === $outTradeNo && $counts($refund)) {
                $sum += $refund->amount;
            }
        }

        return $sum;
    }

    // --- cancelling -----------------------------------------------------------------------------------

    public function mayCancel(string $outTradeNo, ?string $tradeNo, \DateTimeImmutable $now): void
    {
        $trade = $this->find($outTradeNo);
        if ($trade === null) {
            return; // a payment that never arrived here may still be rolled back
        }
        if ($tradeNo !== null && $trade->tradeNo !== null && $tradeNo !== $trade->tradeNo) {
            throw new Refused('the trade has another trade_no');
        }
        if ($trade->status === 'closed') {
            throw new Refused('the trade is closed');
        }
        if ($this->hasRefund($trade)) {
            throw new Refused('a refund was made: refund the rest instead');
        }
        if ($trade->wasPaid && !Beijing::sameDay($trade->paidAt, $now)) {
            throw new Refused('the day of the payment is over in Beijing: refund instead');
        }
    }

    /** Noted before the request is sent. */
    public function cancelSent(string $outTradeNo): Trade
    {
        $trade = $this->trades[$outTradeNo] ??= new Trade($outTradeNo);
        $trade->undecided = $trade->status !== 'cancelled';

        return $trade;
    }

    public function cancelDone(Trade $trade): void
    {
        $trade->undecided = false;
        $trade->status = 'cancelled';
    }

    // --- looking --------------------------------------------------------------------------------------

    public function state(string $outTradeNo): string
    {
        $trade = $this->find($outTradeNo);
        if ($trade === null) {
            return 'none';
        }
        if ($trade->undecided) {
            return 'undecided';
        }
        $refunded = $this->refunded($outTradeNo);
        if ($trade->status !== 'paid' || $refunded === 0) {
            return $trade->status;
        }

        return $refunded === $trade->total ? 'refunded' : 'partly_refunded';
    }
}

/** Alipay's clock is GMT+8, wherever the shop stands. */
final class Beijing
{
    public static function text(\DateTimeImmutable $moment): string
    {
        return self::local($moment)->format('Y-m-d H:i:s');
    }

    public static function parse(string $text): \DateTimeImmutable
    {
        $moment = preg_match('/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/D', $text)
            ? \DateTimeImmutable::createFromFormat('!Y-m-d H:i:s', $text, new \DateTimeZone('+08:00'))
            : false;
        // PHP rolls 30 February over into March.
        if ($moment === false || $moment->format('Y-m-d H:i:s') !== $text) {
            throw new Refused('a time is written yyyy-MM-dd HH:mm:ss');
        }

        return $moment;
    }

    public static function sameDay(?\DateTimeImmutable $a, \DateTimeImmutable $b): bool
    {
        return $a !== null && self::local($a)->format('Y-m-d') === self::local($b)->format('Y-m-d');
    }

    private static function local(\DateTimeImmutable $moment): \DateTimeImmutable
    {
        return $moment->setTimezone(new \DateTimeZone('+08:00'));
    }
}
