package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// --- money and time -----------------------------------------------------------------------------------------

// Amounts are whole numbers of the currency's smallest unit: a float64 cannot hold 0.10 exactly.
var (
	currencies = map[string]int{"JPY": 0, "KRW": 0, "VND": 0}
	amountForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?$`)
	zeroForm   = regexp.MustCompile(`\.0{1,2}$`)
	timeForm   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$`)
	beijing    = time.FixedZone("GMT+8", 8*60*60) // Alipay's clock, wherever the shop stands
)

func init() {
	for _, currency := range strings.Fields("AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP" +
		" RUB SEK SGD THB USD ZAR") {
		currencies[currency] = 2
	}
}

func decimals(currency string) (int, error) {
	decimals, known := currencies[currency]
	if !known {
		return 0, Refused("the currency is unknown")
	}
	return decimals, nil
}

func parseAmount(text, currency string) (int64, error) {
	decimals, err := decimals(currency)
	if err != nil {
		return 0, err
	}
	match := amountForm.FindStringSubmatch(text)
	if match == nil {
		return 0, Refused("an amount is written like 12.30, without sign, blanks or exponent")
	}
	if len(match[2]) > decimals {
		return 0, Refused(fmt.Sprintf("%s has %d decimals", currency, decimals))
	}
	return strconv.ParseInt(match[1]+match[2]+strings.Repeat("0", decimals-len(match[2])), 10, 64)
}

// readAmount: in what Alipay sends, JPY 100 may be written 100.00, the same amount exactly.
func readAmount(text, currency string) (int64, error) {
	if decimals, err := decimals(currency); err == nil && decimals == 0 {
		text = zeroForm.ReplaceAllString(text, "")
	}
	return parseAmount(text, currency)
}

func formatAmount(amount int64, currency string) string {
	if currencies[currency] == 0 {
		return strconv.FormatInt(amount, 10)
	}
	return fmt.Sprintf("%d.%02d", amount/100, amount%100)
}

const timeLayout = "2006-01-02 15:04:05"

func parseBeijing(text string) (time.Time, error) {
	moment, err := time.ParseInLocation(timeLayout, text, beijing)
	if err != nil || !timeForm.MatchString(text) {
		return time.Time{}, Refused("a time is written yyyy-MM-dd HH:mm:ss")
	}
	return moment, nil
}

func formatBeijing(moment time.Time) string { return moment.In(beijing).Format(timeLayout) }

func sameBeijingDay(one, other time.Time) bool {
	return !one.IsZero() && formatBeijing(one)[:10] == formatBeijing(other)[:10]
}

// --- trades -------------------------------------------------------------------------------------------------

// Trade is what we know of one payment.
type Trade struct {
	outTradeNo string
	status     string // none, waiting, paid, cancelled or closed; see also Ledger.state
	undecided  bool   // a CANCEL is under way, or ended without a clear answer
	tradeNo    string
	total      int64
	currency   string // "" as long as the total is unknown
	wasPaid    bool
	paidAt     time.Time
	fulfilled  int
}

// Order is what a refund asks for.
type Order struct {
	id, outTradeNo, currency string
	amount                   int64
}

// Refund is an order, and what became of it: unknown, accepted, done or failed.
type Refund struct {
	Order
	state string
}

func (refund *Refund) isPending() bool {
	return refund.state == "unknown" || refund.state == "accepted"
}

// News is what a notification says whose signature holds. An amount of 0 is none.
type News struct {
	outTradeNo, tradeNo, status, currency, qrcode, refundID string
	total, refundFee                                        int64
	paidAt                                                  time.Time
	isRefund                                                bool
}

type awaited struct {
	qrcode, currency string
	total            int64
}

// Ledger says what happened to every trade, and what may happen next. A real shop keeps this in its database, one
// transaction per call. Nothing is booked here that Alipay has not signed.
type Ledger struct {
	trades  map[string]*Trade
	refunds map[string]*Refund
	awaited []awaited // payments on a static code, whose number only Alipay knows
}

// NewLedger is empty.
func NewLedger() *Ledger {
	return &Ledger{trades: map[string]*Trade{}, refunds: map[string]*Refund{}}
}

func (ledger *Ledger) open(outTradeNo string) *Trade {
	if ledger.trades[outTradeNo] == nil {
		ledger.trades[outTradeNo] = &Trade{outTradeNo: outTradeNo, status: "none"}
	}
	return ledger.trades[outTradeNo]
}

func (ledger *Ledger) expect(outTradeNo, qrcode string, total int64, currency string) {
	if outTradeNo == "" {
		ledger.awaited = append(ledger.awaited, awaited{qrcode, currency, total})
		return
	}
	trade := ledger.open(outTradeNo)
	if trade.status == "none" && !trade.undecided {
		trade.status = "waiting"
	}
	if !trade.wasPaid {
		trade.total, trade.currency = total, currency
	}
}

// book takes in what a notification says. Saying it again changes nothing, and no trade ever goes back.
func (ledger *Ledger) book(news News) error {
	known := ledger.trades[news.outTradeNo]
	if known == nil {
		known = &Trade{outTradeNo: news.outTradeNo, status: "none"}
	}
	if err := compare(known, news); err != nil {
		return err
	}
	if news.isRefund {
		if err := ledger.checkRefund(known, news); err != nil {
			return err
		}
	} else if known.currency == "" {
		if err := ledger.takeAwaited(news); err != nil {
			return err
		}
	}
	trade := ledger.open(news.outTradeNo)
	if trade.tradeNo == "" {
		trade.tradeNo = news.tradeNo
	}
	if trade.currency == "" {
		trade.total, trade.currency = news.total, news.currency
	}
	switch news.status {
	case "WAIT_BUYER_PAY", "TRADE_PENDING":
		if trade.status == "none" {
			trade.status = "waiting"
		}
	case "TRADE_SUCCESS", "TRADE_FINISHED":
		bookPayment(trade, news)
	}
	if news.isRefund {
		ledger.bookRefund(trade, news)
	}
	if news.status == "TRADE_CLOSED" {
		ledger.bookClosing(trade)
	}
	return nil
}

// compare: news that contradict what is known or announced are not booked, however well they are signed.
func compare(trade *Trade, news News) error {
	switch {
	case isOther(news.tradeNo, trade.tradeNo):
		return Refused("the trade has another trade_no")
	case trade.currency == "" && news.total == 0:
		return Refused("the amount is missing")
	case trade.currency != "" && news.total != 0 && (trade.total != news.total || trade.currency != news.currency):
		return Refused("the amount or the currency is another")
	}
	return nil
}

// takeAwaited: where payments are awaited on static codes, a new trade must be one of them.
func (ledger *Ledger) takeAwaited(news News) error {
	for at, each := range ledger.awaited {
		if each.total == news.total && each.currency == news.currency && !isOther(each.qrcode, news.qrcode) {
			ledger.awaited = append(ledger.awaited[:at:at], ledger.awaited[at+1:]...)
			return nil
		}
	}
	if len(ledger.awaited) > 0 {
		return Refused("another amount is awaited")
	}
	return nil
}

func bookPayment(trade *Trade, news News) {
	if trade.wasPaid {
		return
	}
	trade.wasPaid, trade.paidAt = true, news.paidAt
	if trade.status == "none" || trade.status == "waiting" {
		trade.status = "paid"
		if !trade.undecided && !news.isRefund {
			trade.fulfilled++ // the goods leave the shop here, once
		}
	}
}

func (ledger *Ledger) bookClosing(trade *Trade) {
	isRefunded := ledger.hasRefund(trade) && ledger.remaining(trade) == 0
	if trade.undecided {
		trade.cancelDone()
	} else if trade.status != "cancelled" && !isRefunded {
		trade.status = "closed" // not by a full refund of ours: that has a state of its own
	}
}

// --- refunds ------------------------------------------------------------------------------------------------

// mayRefund: may a new refund be asked for?
func (ledger *Ledger) mayRefund(order Order, tradeNo string, now time.Time) error {
	trade := ledger.trades[order.outTradeNo]
	switch {
	case trade == nil || !trade.wasPaid:
		return Refused("no payment of this trade is known")
	case isOther(tradeNo, trade.tradeNo):
		return Refused("the trade has another trade_no")
	case trade.status != "paid":
		return Refused("the trade is " + trade.status)
	case trade.undecided && sameBeijingDay(trade.paidAt, now):
		return Refused("a cancel of this trade has no clear answer yet: repeat it first")
	case order.currency != trade.currency:
		return Refused("the trade was paid in " + trade.currency)
	case order.amount > ledger.remaining(trade):
		return Refused("more than what remains of the payment")
	}
	return nil
}

// refundSent is noted before the request is sent: if the program dies now, the money counts as spent.
func (ledger *Ledger) refundSent(refund *Refund) {
	refund.state = "unknown"
	ledger.refunds[refund.id] = refund
}

func (ledger *Ledger) refundDone(refund *Refund) {
	refund.state = "done"
	ledger.trades[refund.outTradeNo].undecided = false // it proves that the trade had not been cancelled
}

func (ledger *Ledger) checkRefund(trade *Trade, news News) error {
	if news.refundID == "" {
		if trade.status == "cancelled" {
			return nil // the money that our own CANCEL gave back
		}
		return Refused("out_biz_no is missing")
	}
	refund, amount := ledger.refunds[news.refundID], news.refundFee
	if amount == 0 && refund != nil {
		amount = refund.amount
	}
	rest := news.total
	if trade.currency != "" {
		rest = ledger.remaining(trade)
	}
	switch {
	case amount == 0:
		return Refused("refund_fee is missing")
	case refund != nil && (refund.outTradeNo != news.outTradeNo || refund.amount != amount):
		return Refused("the refund was asked for with other data")
	case (refund == nil || refund.state == "failed") && amount > rest:
		return Refused("more than what remains of the payment")
	}
	return nil
}

func (ledger *Ledger) bookRefund(trade *Trade, news News) {
	if news.refundID == "" {
		return
	}
	if trade.status == "none" || trade.status == "waiting" {
		// What is refunded was paid, even if that news never came.
		trade.status, trade.wasPaid, trade.paidAt = "paid", true, news.paidAt
	}
	refund := ledger.refunds[news.refundID]
	if refund == nil {
		refund = &Refund{Order: Order{news.refundID, trade.outTradeNo, trade.currency, news.refundFee}}
		ledger.refunds[refund.id] = refund
	}
	ledger.refundDone(refund)
}

func (ledger *Ledger) hasRefund(trade *Trade) bool {
	return ledger.refunded(trade.outTradeNo)+ledger.pending(trade.outTradeNo) > 0
}

func (ledger *Ledger) remaining(trade *Trade) int64 {
	return trade.total - ledger.refunded(trade.outTradeNo) - ledger.pending(trade.outTradeNo)
}

func (ledger *Ledger) refunded(outTradeNo string) int64 {
	return ledger.sum(outTradeNo, func(refund *Refund) bool { return refund.state == "done" })
}

func (ledger *Ledger) pending(outTradeNo string) int64 {
	return ledger.sum(outTradeNo, (*Refund).isPending)
}

func (ledger *Ledger) sum(outTradeNo string, counts func(*Refund) bool) (sum int64) {
	for _, refund := range ledger.refunds {
		if refund.outTradeNo == outTradeNo && counts(refund) {
			sum += refund.amount
		}
	}
	return sum
}

// --- cancelling ---------------------------------------------------------------------------------------------

func (ledger *Ledger) mayCancel(outTradeNo, tradeNo string, now time.Time) error {
	trade := ledger.trades[outTradeNo]
	switch {
	case trade == nil: // a payment that never arrived here may still be rolled back
		return nil
	case isOther(tradeNo, trade.tradeNo):
		return Refused("the trade has another trade_no")
	case trade.status == "closed":
		return Refused("the trade is closed")
	case ledger.hasRefund(trade):
		return Refused("a refund was made: refund the rest instead")
	case trade.wasPaid && !sameBeijingDay(trade.paidAt, now):
		return Refused("the day of the payment is over in Beijing: refund instead")
	}
	return nil
}

// cancelSent is noted before the request is sent.
func (ledger *Ledger) cancelSent(outTradeNo string) *Trade {
	trade := ledger.open(outTradeNo)
	trade.undecided = trade.status != "cancelled"
	return trade
}

func (trade *Trade) cancelDone() { trade.undecided, trade.status = false, "cancelled" }

func (ledger *Ledger) state(outTradeNo string) string {
	trade := ledger.trades[outTradeNo]
	if trade == nil {
		return "none"
	}
	refunded := ledger.refunded(outTradeNo)
	switch {
	case trade.undecided:
		return "undecided"
	case trade.status != "paid" || refunded == 0:
		return trade.status
	case refunded == trade.total:
		return "refunded"
	}
	return "partly_refunded"
}

func isOther(given, known string) bool { return given != "" && known != "" && given != known }
