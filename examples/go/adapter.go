// Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

type unsupported string

func (u unsupported) Error() string { return string(u) }

type object map[string]any

// arguments are those of every operation; each reads its own.
type arguments struct {
	Protocol, Partner, Charset, Currency, QRCode, Method string

	Params         [][2]*string
	SignType       string                     `json:"sign_type"`
	MD5Key         string                     `json:"md5_key"`
	PrivateKey     struct{ Pkcs1_pem string } `json:"merchant_private_key"`
	PublicKey      struct{ Pem string }       `json:"alipay_public_key"`
	GatewayURL     string                     `json:"gateway_url"`
	NotifyURL      string                     `json:"notify_url"`
	GatewayTimeout string                     `json:"gateway_timeout"`
	OutTradeNo     string                     `json:"out_trade_no"`
	TradeNo        string                     `json:"trade_no"`
	TotalFee       string                     `json:"total_fee"`
	BizData        map[string]any             `json:"biz_data"`
	Body           []byte                     `json:"body_base64"`
}

type adapter struct {
	account *Account
	ledger  *Ledger
	now     string
}

var operations = []string{"hello", "configure", "reset", "presign", "sign", "verify", "expect", "create_qr_code",
	"cancel", "refund", "notify", "trade"}

func (a *adapter) clock() time.Time {
	if now, err := time.Parse(time.RFC3339Nano, a.now); err == nil {
		return now
	}
	return time.Now()
}

func (a *adapter) carryOut(op string, raw json.RawMessage) (result any, err error) {
	var args arguments
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, err
		}
	}
	var params []Pair
	for _, each := range args.Params {
		params = append(params, Pair{*each[0], each[1]})
	}
	merchant := &Merchant{a.account, a.ledger, a.clock}
	switch op {
	case "hello":
		return hello(args.Protocol)
	case "configure":
		return object{}, a.configure(args)
	case "reset":
		a.ledger = NewLedger()
		return object{}, nil
	case "presign":
		data, err := presign(params, args.Charset)
		return object{"base64": data}, err
	case "sign":
		sign, err := a.account.sign(params, args.Charset, args.SignType)
		return object{"sign": sign}, err
	case "verify":
		return object{"valid": a.account.verify(params, args.Charset)}, nil
	case "expect":
		return object{}, merchant.expect(args.OutTradeNo, args.QRCode, args.TotalFee, args.Currency)
	case "create_qr_code":
		return merchant.createQRCode(args.BizData, args.NotifyURL, args.GatewayURL)
	case "cancel":
		return merchant.cancel(args.OutTradeNo, args.TradeNo, args.GatewayURL)
	case "refund":
		var order RefundOrder
		if err := json.Unmarshal(raw, &order); err != nil {
			return nil, Refused("a parameter is no text")
		}
		return merchant.refund(order, args.GatewayURL)
	case "notify":
		if args.Method == "" {
			args.Method = "POST"
		}
		return object{"reply": merchant.notify(args.Method, args.Body)}, nil
	case "trade":
		return merchant.trade(args.OutTradeNo), nil
	}
	return nil, unsupported("unknown operation " + op)
}

func hello(protocol string) (object, error) {
	if protocol != "1" {
		return nil, unsupported("this adapter speaks protocol 1")
	}
	return object{
		"protocol": "1", "name": "example shop in Go", "version": "1.0", "language": "Go",
		"operations": operations, "sign_types": []string{"MD5", "RSA", "RSA2"},
		"charsets": []string{"UTF-8", "GBK", "GB2312"}, "clock": true, "parallel": true,
		"runtime": runtime.Version(),
	}, nil
}

func (a *adapter) configure(args arguments) error {
	account, err := NewAccount(args.Partner, args.SignType, args.Charset, args.MD5Key, args.PrivateKey.Pkcs1_pem,
		args.PublicKey.Pem)
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(args.GatewayTimeout, 64)
	account.Timeout = time.Duration(seconds * float64(time.Second))
	account.GatewayURL, account.NotifyURL = args.GatewayURL, args.NotifyURL
	a.account = account
	return err
}

func (a *adapter) answer(op string, args json.RawMessage) (answer object) {
	defer func() {
		if fault := recover(); fault != nil {
			answer = object{"error": object{"message": fmt.Sprint(fault), "traceback": string(debug.Stack())}}
		}
	}()
	result, err := a.carryOut(op, args)
	var refused Refused
	var cannot unsupported
	switch {
	case errors.As(err, &refused):
		return object{"refused": object{"reason": err.Error()}}
	case errors.As(err, &cannot):
		return object{"unsupported": object{"reason": err.Error()}}
	case err != nil:
		return object{"error": object{"message": err.Error()}}
	}
	return object{"result": result}
}

func main() {
	a := &adapter{account: testAccount(), ledger: NewLedger()}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var request struct {
			ID      int64
			Op, Now string
			Args    json.RawMessage
		}
		if err := in.Decode(&request); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		a.now = request.Now
		answer := a.answer(request.Op, request.Args)
		answer["id"] = request.ID
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
	}
}
