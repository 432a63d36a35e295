// Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
//
// Fill in sign first, then run the command that `alipay-qr init` has printed; then go down the list. What you do not
// have stays as it is. Return raw values, never a verdict. Return Refused where your own code declines an input before
// anything is sent; return every other error as it is.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

type object map[string]any

// Refused is what your own code declines.
type Refused string

func (r Refused) Error() string { return string(r) }

type unsupported string

func (u unsupported) Error() string { return string(u) }

const notFilledIn = unsupported("")

// args are the arguments of all operations; each uses its own.
type args struct {
	Protocol    string
	Params      [][2]*string   // name and value; a value may be nil. Add nothing to them.
	Charset     string         // of the message
	SignType    string         `json:"sign_type"`
	Source      string         // of a message to verify: "notification" or "response"
	GatewayURL  string         `json:"gateway_url"` // "": settings.GatewayURL
	NotifyURL   string         `json:"notify_url"`
	BizData     map[string]any `json:"biz_data"`
	OutTradeNo  string         `json:"out_trade_no"`
	TradeNo     string         `json:"trade_no"`
	Body        []byte         `json:"body_base64"`
	ContentType string         `json:"content_type"`
	TotalFee    string         `json:"total_fee"`
	Currency    string         `json:"currency"`
	QRCode      string         `json:"qrcode"`
	// of refund
	PartnerTransID  string `json:"partner_trans_id"`
	PartnerRefundID string `json:"partner_refund_id"`
	RefundAmount    string `json:"refund_amount"`
	RefundReason    string `json:"refund_reason"`
	IsSync          string `json:"is_sync"`
	// of configure
	Partner    string
	MD5Key     string                     `json:"md5_key"`
	PrivateKey struct{ Pkcs1_pem string } `json:"merchant_private_key"`
	PublicKey  struct{ Pem string }       `json:"alipay_public_key"`
}

var (
	settings args   // what configure said last
	now      string // the time it is, in RFC 3339; if your code can be told it, say "clock": true in hello
)

// --- level 1: signing ---------------------------------------------------------------------------------------

func sign(a args) (object, error) {
	return nil, notFilledIn
	// return object{"sign": mySign(a.Params, a.SignType, settings.MD5Key)}, nil
}

// presign: the text or the bytes that are signed, without the key.
func presign(a args) (object, error) {
	return nil, notFilledIn
	// return object{"text": "..."}, nil
}

// verify: does a message hold?
func verify(a args) (object, error) {
	return nil, notFilledIn
	// return object{"valid": true}, nil
}

// --- level 2: requests, really sent -------------------------------------------------------------------------

func createQRCode(a args) (object, error) {
	return nil, notFilledIn
	// return object{"outcome": "success", "qrcode": "...", "qrcode_img_url": "..."}, nil
}

// cancel: the outcome is success, failed (nothing was done), or unknown (it may have been done).
func cancel(a args) (object, error) {
	return nil, notFilledIn
	// return object{"outcome": "success", "action": "close"}, nil
}

// refund: the outcome may also be accepted, for an asynchronous refund that Alipay has taken.
func refund(a args) (object, error) {
	return nil, notFilledIn
	// return object{"outcome": "failed", "code": "TRADE_NOT_EXIST"}, nil
}

// --- level 3: notifications ---------------------------------------------------------------------------------

// notify: a POST of a.Body to your notify_url.
func notify(a args) (object, error) {
	return nil, notFilledIn
	// return object{"reply": "success"}, nil
}

// --- level 4: money -----------------------------------------------------------------------------------------

// expect: your shop now awaits this payment.
func expect(a args) (object, error) {
	return nil, notFilledIn
	// return object{}, nil
}

// trade: what your books say: none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided.
func trade(a args) (object, error) {
	return nil, notFilledIn
	// return object{"state": "paid", "paid": "10.00", "currency": "USD", "refunded": "0.00", "fulfilled": "1"}, nil
}

// reset forgets all trades and keeps the settings.
func reset(args) (object, error) { return object{}, nil }

// --- what your code can do: add each operation here once it is filled in --------------------------------------

var filledIn = []string{"hello", "configure", "reset"}

// --- nothing to fill in below, but see sign_types, charsets and clock in hello --------------------------------

var operations = map[string]func(args) (object, error){
	"hello": hello, "configure": configure, "reset": reset, "sign": sign, "presign": presign, "verify": verify,
	"create_qr_code": createQRCode, "cancel": cancel, "refund": refund, "notify": notify, "expect": expect,
	"trade": trade,
}

func hello(a args) (object, error) {
	if a.Protocol != "1" {
		return nil, unsupported("this adapter speaks protocol 1")
	}
	return object{
		"protocol": "1", "name": "my shop", "version": "0", "language": "Go", "operations": filledIn,
		"sign_types": []string{"MD5"}, "charsets": []string{"UTF-8"}, "clock": false, "parallel": false,
	}, nil
}

func configure(a args) (object, error) {
	settings = a
	return object{}, nil
}

func answer(op string, raw json.RawMessage) (answer object) {
	defer func() {
		if fault := recover(); fault != nil {
			answer = object{"error": object{"message": fmt.Sprint(fault), "traceback": string(debug.Stack())}}
		}
	}()
	var a args
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &a); err != nil {
			return object{"error": object{"message": err.Error(), "fault": "adapter"}}
		}
	}
	operation := operations[op]
	if operation == nil {
		return object{"unsupported": object{"reason": "unknown operation " + op}}
	}
	result, err := operation(a)
	var refused Refused
	var cannot unsupported
	switch {
	case err == notFilledIn:
		return object{"unsupported": object{"reason": op + " in adapter.go is not filled in yet; begin with sign, and list it in filledIn"}}
	case errors.As(err, &cannot):
		return object{"unsupported": object{"reason": err.Error()}}
	case errors.As(err, &refused):
		return object{"refused": object{"reason": err.Error()}}
	case err != nil:
		return object{"error": object{"message": err.Error()}}
	}
	return object{"result": result}
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var request struct {
				ID      int64
				Op, Now string
				Args    json.RawMessage
			}
			if err := json.Unmarshal(line, &request); err != nil {
				panic(err)
			}
			now = request.Now
			answer := answer(request.Op, request.Args)
			answer["id"] = request.ID
			if err := out.Encode(answer); err != nil {
				panic(err)
			}
		}
		if err == io.EOF {
			return
		}
	}
}
