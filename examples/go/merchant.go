package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Merchant is the shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund.
//
// Every operation answers a map with "outcome" (success, accepted, failed or unknown) and returns Refused where the
// shop itself declines, before anything is sent.
type Merchant struct {
	account *Account
	ledger  *Ledger
	clock   func() time.Time
}

type member struct {
	name         string
	longest      int
	form         *regexp.Regexp
	isCompulsory bool
}

var (
	bizData = []member{
		{"secondary_merchant_industry", 4, regexp.MustCompile(`^[0-9]{4}$`), true},
		{"secondary_merchant_id", 64, regexp.MustCompile(`^[A-Za-z0-9_]+$`), true},
		{"secondary_merchant_name", 64, nil, true},
		{"store_id", 32, regexp.MustCompile(`^[A-Za-z0-9_-]+$`), true},
		{"store_name", 2000, nil, true},
		{"trans_currency", 3, nil, true},
		{"currency", 3, nil, true},
		{"country_code", 2, regexp.MustCompile(`^[A-Z]{2}$`), false},
		{"notify_mobile", 32, regexp.MustCompile(`^[0-9]+$`), false},
	}
	// refund_amount is a Number(9,2): seven digits before the point.
	refundAmount = regexp.MustCompile(`^[0-9]{1,7}(\.[0-9]{1,2})?$`)
	rateForm     = regexp.MustCompile(`^0(\.(0[0-4][0-9]*|050*|00?))?$`)
	notifyForm   = regexp.MustCompile(`^https?://[^\s/?#]\S*$`)
	actedUpon    = regexp.MustCompile(`&(?:notify_(?:id|type|action_type)|out_(?:trade|biz)_no|trade_(?:no|status)` +
		`|total_fee|trans_currency|gmt_payment|refund_(?:fee|status)|seller_id|qrcode)=`)
	// A repeated refund may fail so because its first attempt was carried out after all.
	maybeByItself = map[string]bool{"TRADE_HAS_CLOSE": true, "RETURN_AMOUNT_EXCEED": true}
	statuses      = map[string]bool{
		"WAIT_BUYER_PAY": true, "TRADE_PENDING": true, "TRADE_SUCCESS": true, "TRADE_FINISHED": true,
		"TRADE_CLOSED": true,
	}
)

const taxi = "4121"

// --- CREATE -------------------------------------------------------------------------------------------------

func (merchant *Merchant) createQRCode(data map[string]any, notifyURL, gatewayURL string) (map[string]string, error) {
	if err := checkBizData(data); err != nil {
		return nil, err
	}
	text, err := toJSON(data)
	if err != nil {
		return nil, err
	}
	if err := firstOf(compulsory("biz_data", text, 2000), checkNotifyURL(notifyURL)); err != nil {
		return nil, err
	}
	request, err := merchant.account.prepare("alipay.commerce.qrcode.create", []Pair{
		pair("timestamp", formatBeijing(merchant.clock())),
		pair("notify_url", notifyURL),
		pair("biz_type", "OVERSEASHOPQRCODE"),
		pair("biz_data", text), // encoded once: the same text is signed and sent
	}, gatewayURL)
	if err != nil {
		return nil, err
	}
	reply := merchant.account.send(request)
	return reply.unlessAbout(reply.fields["qrcode"] != "").result("qrcode", "qrcode_img_url"), nil
}

// toJSON: json.Marshal would write & as \u0026.
func toJSON(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// --- CANCEL -------------------------------------------------------------------------------------------------

func (merchant *Merchant) cancel(outTradeNo, tradeNo, gatewayURL string) (map[string]string, error) {
	now := merchant.clock()
	if err := firstOf(
		merchant.ledger.mayCancel(outTradeNo, tradeNo, now),
		compulsory("out_trade_no", outTradeNo, 64),
		optional("trade_no", tradeNo, 64),
	); err != nil {
		return nil, err
	}
	request, err := merchant.account.prepare("alipay.acquire.cancel", []Pair{
		pair("timestamp", strconv.FormatInt(now.UnixMilli(), 10)),
		pair("out_trade_no", outTradeNo),
		pair("trade_no", tradeNo),
	}, gatewayURL)
	if err != nil {
		return nil, err
	}
	known := merchant.ledger.trades[outTradeNo]
	isRepeat := known != nil && known.undecided
	trade := merchant.ledger.cancelSent(outTradeNo)
	reply := merchant.account.send(request)
	reply = reply.unlessAbout(reply.fields["out_trade_no"] == outTradeNo &&
		!isOther(reply.fields["trade_no"], tradeNo) && !isOther(reply.fields["trade_no"], trade.tradeNo))
	result := reply.result("action")
	if reply.outcome == "success" {
		trade.cancelDone()
		result["via"] = "cancel"
	} else if reply.outcome == "failed" && (reply.signed || !isRepeat) {
		trade.undecided = false
	}
	return result, nil
}

// --- REFUND -------------------------------------------------------------------------------------------------

// RefundOrder holds the parameters of REFUND; what is absent is nil.
type RefundOrder struct {
	PartnerTransID  string  `json:"partner_trans_id"`
	PartnerRefundID string  `json:"partner_refund_id"`
	RefundAmount    string  `json:"refund_amount"`
	Currency        string  `json:"currency"`
	RefundReason    string  `json:"refund_reason"`
	IsSync          *string `json:"is_sync"`
	AlipayTransID   string  `json:"alipay_trans_id"`
	NotifyURL       *string `json:"notify_url"`
}

func (merchant *Merchant) refund(wish RefundOrder, gatewayURL string) (map[string]string, error) {
	amount, err := parseAmount(wish.RefundAmount, wish.Currency)
	isSync := wish.IsSync != nil && *wish.IsSync == "Y"
	notifyURL := ""
	if wish.NotifyURL != nil {
		notifyURL = *wish.NotifyURL
	} else if !isSync {
		notifyURL = merchant.account.NotifyURL // Alipay reports an asynchronous refund there
	}
	if err := firstOf(
		compulsory("partner_trans_id", wish.PartnerTransID, 64),
		compulsory("partner_refund_id", wish.PartnerRefundID, 64),
		compulsory("currency", wish.Currency, 10),
		compulsory("refund_amount", wish.RefundAmount, 10),
		err,
		optional("refund_reason", wish.RefundReason, 128),
		optional("alipay_trans_id", wish.AlipayTransID, 64),
		refuseIf(wish.PartnerRefundID == wish.PartnerTransID, "partner_refund_id must differ from partner_trans_id"),
		refuseIf(amount == 0 || !refundAmount.MatchString(wish.RefundAmount), "refund_amount is zero or too large"),
		refuseIf(wish.IsSync != nil && !isSync && *wish.IsSync != "N", "is_sync is Y or N"),
	); err != nil {
		return nil, err
	}
	if notifyURL != "" {
		if err := checkNotifyURL(notifyURL); err != nil {
			return nil, err
		}
	}
	request, err := merchant.account.prepare("alipay.acquire.overseas.spot.refund", []Pair{
		pair("partner_trans_id", wish.PartnerTransID),
		pair("alipay_trans_id", wish.AlipayTransID),
		pair("partner_refund_id", wish.PartnerRefundID),
		pair("refund_amount", formatAmount(amount, wish.Currency)),
		pair("currency", wish.Currency),
		pair("refund_reason", wish.RefundReason),
		{"is_sync", wish.IsSync},
		pair("notify_url", notifyURL),
	}, gatewayURL)
	if err != nil {
		return nil, err
	}

	order := Order{wish.PartnerRefundID, wish.PartnerTransID, wish.Currency, amount}
	refund := merchant.ledger.refunds[order.id]
	isRepeat := refund != nil && refund.isPending()
	switch {
	case refund == nil:
		refund = &Refund{Order: order}
	case refund.Order != order:
		return nil, Refused("this partner_refund_id names another refund")
	case refund.state == "done":
		return map[string]string{"outcome": "success"}, nil // once is enough
	case refund.state == "accepted":
		return map[string]string{"outcome": "accepted"}, nil
	}
	if !isRepeat {
		if err := merchant.ledger.mayRefund(order, wish.AlipayTransID, merchant.clock()); err != nil {
			return nil, err
		}
	}
	merchant.ledger.refundSent(refund)
	reply := merchant.account.send(request)
	reply = reply.unlessAbout(confirms(reply, order))
	// Does the failure of a repeat say what became of the first attempt?
	settles := !isRepeat || (reply.signed && !maybeByItself[reply.code])
	switch {
	case reply.outcome == "success" && !isSync:
		refund.state = "accepted" // no money has moved yet: a notification will say so
		return map[string]string{"outcome": "accepted"}, nil
	case reply.outcome == "success":
		merchant.ledger.refundDone(refund)
	case reply.outcome == "failed" && settles:
		refund.state = "failed"
	}
	return reply.result(), nil
}

func confirms(reply Reply, order Order) bool {
	amount, err := order.amount, error(nil)
	if text := reply.fields["refund_amount"]; text != "" {
		amount, err = readAmount(text, order.currency)
	}
	return reply.fields["partner_refund_id"] == order.id && err == nil && amount == order.amount &&
		!isOther(reply.fields["partner_trans_id"], order.outTradeNo) &&
		!isOther(reply.fields["currency"], order.currency)
}

// --- notifications ------------------------------------------------------------------------------------------

func (merchant *Merchant) expect(outTradeNo, qrcode, totalFee, currency string) error {
	total, err := parseAmount(totalFee, currency)
	if err == nil {
		merchant.ledger.expect(outTradeNo, qrcode, total, currency)
	}
	return err
}

// notify receives a notification and returns the text to answer; answer nothing else.
//
// Give it the raw body, not request.FormValue, which merges the query of the notify URL into the form and takes the
// first of two values.
func (merchant *Merchant) notify(method string, body []byte) string {
	if err := merchant.receive(method, body); err != nil {
		log.Print("notification not accepted: ", err)
		return "fail"
	}
	return "success"
}

func (merchant *Merchant) receive(method string, body []byte) error {
	if method != "POST" {
		return Refused("a notification is a POST")
	}
	pairs, err := parseForm(string(body), merchant.account.Charset)
	if err != nil {
		return err
	}
	if !merchant.account.verify(pairs, merchant.account.Charset) {
		return Refused("the signature does not hold")
	}
	values := map[string]string{}
	for _, each := range pairs { // signed, and each name stood there once
		values[each.Name] = *each.Value
	}
	news, err := merchant.readNews(values)
	if err != nil {
		return err
	}
	return merchant.ledger.book(news)
}

func parseForm(body, charset string) ([]Pair, error) {
	var pairs []Pair
	for _, part := range strings.Split(body, "&") {
		if part == "" {
			continue
		}
		halves := append(strings.SplitN(part, "=", 2), "")
		for at, half := range halves[:2] {
			data, err := url.QueryUnescape(half)
			if err != nil {
				return nil, Refused("a percent sign encodes nothing")
			}
			if halves[at], err = decode([]byte(data), charset); err != nil {
				return nil, err
			}
		}
		pairs = append(pairs, pair(halves[0], halves[1]))
	}
	return pairs, nil
}

func (merchant *Merchant) readNews(values map[string]string) (News, error) {
	// The signed text is "a=1&b=2": whoever forwards it may move the border between two parameters and keep the
	// signature, so a seller_id can be hidden in the value before it. Such a value is not believed.
	for _, value := range values {
		if actedUpon.MatchString(value) {
			return News{}, Refused("a value holds another parameter")
		}
	}
	news := News{
		outTradeNo: values["out_trade_no"], tradeNo: values["trade_no"], status: values["trade_status"],
		currency: values["trans_currency"], qrcode: values["qrcode"],
		isRefund: values["notify_action_type"] == "refundFPAction",
	}
	isPayment := !news.isRefund && (news.status == "TRADE_SUCCESS" || news.status == "TRADE_FINISHED")
	if err := firstOf(
		refuseIf(values["notify_type"] != "trade_status_sync" || values["notify_id"] == "",
			"notify_type or notify_id is not what it should be"),
		refuseIf(isOther(values["seller_id"], merchant.account.Partner), "this payment is for another seller"),
		compulsory("out_trade_no", news.outTradeNo, 64),
		optional("trade_no", news.tradeNo, 64),
		refuseIf(!statuses[news.status] && !(news.isRefund && news.status == ""), "trade_status is unknown"),
		refuseIf(news.isRefund && isOther(values["refund_status"], "REFUND_SUCCESS"), "the refund has not succeeded"),
		refuseIf(isPayment && values["total_fee"] == "", "total_fee is missing"),
	); err != nil {
		return News{}, err
	}
	if known := merchant.ledger.trades[news.outTradeNo]; known != nil && news.currency == "" {
		news.currency = known.currency
	}
	var err error
	if news.total, err = positive(values["total_fee"], news.currency); err != nil {
		return News{}, err
	}
	if values["gmt_payment"] != "" {
		if news.paidAt, err = parseBeijing(values["gmt_payment"]); err != nil {
			return News{}, err
		}
	}
	if news.isRefund {
		news.refundID = values["out_biz_no"]
		if news.refundFee, err = positive(values["refund_fee"], news.currency); err != nil {
			return News{}, err
		}
	}
	return news, optional("out_biz_no", news.refundID, 64)
}

func positive(text, currency string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	amount, err := readAmount(text, currency)
	if err == nil && amount == 0 {
		err = Refused("an amount is zero")
	}
	return amount, err
}

// --- looking ------------------------------------------------------------------------------------------------

func (merchant *Merchant) trade(outTradeNo string) map[string]string {
	result := map[string]string{"state": merchant.ledger.state(outTradeNo)}
	trade := merchant.ledger.trades[outTradeNo]
	if trade == nil || trade.currency == "" {
		return result
	}
	if trade.wasPaid {
		result["paid"] = formatAmount(trade.total, trade.currency)
	}
	result["currency"] = trade.currency
	result["refunded"] = formatAmount(merchant.ledger.refunded(outTradeNo), trade.currency)
	result["pending"] = formatAmount(merchant.ledger.pending(outTradeNo), trade.currency)
	result["fulfilled"] = strconv.Itoa(trade.fulfilled)
	return result
}

// --- checks before sending ----------------------------------------------------------------------------------

func checkBizData(data map[string]any) error {
	for _, member := range bizData {
		value := data[member.name]
		isOptional := !member.isCompulsory ||
			(data["secondary_merchant_industry"] == taxi && strings.HasPrefix(member.name, "store_"))
		if value == nil && isOptional {
			continue
		}
		if err := compulsory("biz_data."+member.name, value, member.longest); err != nil {
			return err
		}
		if member.form != nil && !member.form.MatchString(value.(string)) {
			return Refused("biz_data." + member.name + " holds a character that is not allowed there")
		}
	}
	pricing, settlement := data["trans_currency"].(string), data["currency"].(string)
	_, pricingErr := decimals(pricing)
	_, settlementErr := decimals(settlement)
	isFlat := true
	passback, _ := data["passback_parameters"].(map[string]any)
	for _, value := range passback {
		switch value.(type) {
		case map[string]any, []any:
			isFlat = false
		}
	}
	return firstOf(
		pricingErr,
		settlementErr,
		refuseIf(pricing != "CNY" && settlement != "CNY" && settlement != pricing,
			"settlement is in CNY or in the pricing currency"),
		checkChannelFee(data["channel_fee"], settlement),
		refuseIf(!isFlat, "biz_data.passback_parameters must be flat"),
	)
}

func checkChannelFee(fee any, currency string) error {
	if fee == nil {
		return nil
	}
	members, _ := fee.(map[string]any)
	value, isText := members["value"].(string)
	switch {
	case isText && members["type"] == "FIXED":
		_, err := parseAmount(value, currency)
		return err
	case isText && members["type"] == "RATE":
		return refuseIf(!rateForm.MatchString(value), "biz_data.channel_fee: a RATE lies between 0 and 0.05")
	}
	return Refused("biz_data.channel_fee needs a type, FIXED or RATE, and a value")
}

func compulsory(name string, value any, longest int) error {
	text, _ := value.(string)
	if text == "" {
		return Refused(name + " is missing")
	}
	return refuseIf(utf8.RuneCountInString(text) > longest, fmt.Sprintf("%s is longer than %d characters", name, longest))
}

func optional(name, value string, longest int) error {
	if value == "" {
		return nil
	}
	return compulsory(name, value, longest)
}

func checkNotifyURL(text string) error {
	return firstOf(
		compulsory("notify_url", text, 200),
		refuseIf(!notifyForm.MatchString(text), "notify_url is not an address"),
	)
}

func refuseIf(wrong bool, reason string) error {
	if wrong {
		return Refused(reason)
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
