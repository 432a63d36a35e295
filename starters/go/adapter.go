// Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
//
// Fill in sign first, then run the command that `alipay-qr init` has printed; then go down the list. What you do not
// have stays as it is. Return raw values, never a verdict. Return Refused where your own code declines an input before
// anything is sent, Unsupported where it cannot do this one call; return every other error as it is. An operation that
// reads no answer says object{"outcome": "sent"}.
// If you sign with RSA, say so in sign_types; the keys are settings.PrivateKey.Pkcs1_pem (or pkcs1_pem, pkcs8_pem,
// pkcs1_base64, pkcs8_base64) and settings.PublicKey.Pem (or pem, base64). A value for which your code has no
// parameter, such as trade_no, is_sync or another notify_url, is Unsupported. With a static code Alipay names the
// trade: the out_trade_no of a notification may be new to you.
package main

import (
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

// Unsupported is one call alone that your code cannot do:
// if a.IsSync == "Y" { return nil, Unsupported("it refunds later alone") }
type Unsupported string

func (u Unsupported) Error() string { return string(u) }

var notFilledIn = errors.New("not filled in yet")

// args are the arguments of all operations; each uses its own. Charset is that of the message, Source of a message to
// verify is "notification" or "response", Partner and the keys are of configure.
type args struct {
	Protocol, Charset, Source, Currency, QRCode, Partner string

	Params          [][2]*string               // name and value; a value may be nil. Add nothing to them.
	SignType        string                     `json:"sign_type"`
	GatewayURL      string                     `json:"gateway_url"` // "": settings.GatewayURL
	NotifyURL       string                     `json:"notify_url"`
	BizData         map[string]any             `json:"biz_data"`
	OutTradeNo      string                     `json:"out_trade_no"`
	TradeNo         string                     `json:"trade_no"`
	Body            []byte                     `json:"body_base64"`
	ContentType     string                     `json:"content_type"`
	TotalFee        string                     `json:"total_fee"`
	PartnerTransID  string                     `json:"partner_trans_id"`
	PartnerRefundID string                     `json:"partner_refund_id"`
	RefundAmount    string                     `json:"refund_amount"`
	RefundReason    string                     `json:"refund_reason"`
	IsSync          string                     `json:"is_sync"`
	MD5Key          string                     `json:"md5_key"`
	PrivateKey      struct{ Pkcs1_pem string } `json:"merchant_private_key"`
	PublicKey       struct{ Pem string }       `json:"alipay_public_key"`
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
// return object{"text": "..."}, nil
func presign(a args) (object, error) { return nil, notFilledIn }

// verify: does a message hold?
// return object{"valid": true}, nil
func verify(a args) (object, error) { return nil, notFilledIn }

// --- level 2: requests, really sent -------------------------------------------------------------------------

// return object{"outcome": "success", "qrcode": "...", "qrcode_img_url": "..."}, nil
func createQRCode(a args) (object, error) { return nil, notFilledIn }

// cancel: the outcome is success, failed (nothing was done), or unknown (it may have been done).
// return object{"outcome": "success", "action": "close"}, nil
func cancel(a args) (object, error) { return nil, notFilledIn }

// refund: the outcome may also be accepted, for an asynchronous refund that Alipay has taken.
// return object{"outcome": "failed", "code": "TRADE_NOT_EXIST"}, nil
func refund(a args) (object, error) { return nil, notFilledIn }

// --- level 3: notifications ---------------------------------------------------------------------------------

// notify: a POST of a.Body to your notify_url.
// return object{"reply": "success"}, nil
func notify(a args) (object, error) { return nil, notFilledIn }

// --- level 4: money -----------------------------------------------------------------------------------------

// expect: your shop now awaits this payment.
// return object{}, nil
func expect(a args) (object, error) { return nil, notFilledIn }

// trade: what your books say: none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided.
// return object{"state": "paid", "paid": "10.00", "currency": "USD", "refunded": "0.00", "fulfilled": "1"}, nil
func trade(a args) (object, error) { return nil, notFilledIn }

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
		return nil, Unsupported("this adapter speaks protocol 1")
	}
	return object{
		"protocol": "1", "name": "my shop", "version": "0", "language": "Go", "operations": filledIn,
		"sign_types": []string{"MD5"}, "charsets": []string{"UTF-8"}, "clock": false, "parallel": false,
	}, nil
}

func configure(a args) (object, error) { settings = a; return object{}, nil }

func answer(op string, a args) (answer object) {
	defer func() {
		if fault := recover(); fault != nil {
			answer = object{"error": object{"message": fmt.Sprint(fault), "traceback": string(debug.Stack())}}
		}
	}()
	operation := operations[op]
	if operation == nil {
		return object{"unsupported": object{"reason": "unknown operation " + op}}
	}
	result, err := operation(a)
	var refused Refused
	var cannot Unsupported
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
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var request struct {
			ID      int64
			Op, Now string
			Args    args
		}
		reply := object{}
		switch err := in.Decode(&request); err.(type) {
		case nil:
			now = request.Now
			reply = answer(request.Op, request.Args)
		case *json.UnmarshalTypeError:
			reply = object{"error": object{"message": err.Error(), "fault": "adapter"}}
		default:
			if err != io.EOF {
				panic(err)
			}
			return
		}
		reply["id"] = request.ID
		if err := out.Encode(reply); err != nil {
			panic(err)
		}
	}
}
