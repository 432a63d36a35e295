package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Reply is what came of a request.
//
// success: signed, and the business result is SUCCESS. failed: refused, and nothing was done. unknown: it may or may
// not have been done; repeat it with the same ids. A failure that is not signed (a gateway error) speaks of this one
// request only, not of earlier attempts.
type Reply struct {
	outcome, code string
	fields        map[string]string
	signed        bool
}

var unknown = Reply{outcome: "unknown"}

// unlessAbout: a signed answer proves something only about the ids that it names.
func (reply Reply) unlessAbout(ours bool) Reply {
	if reply.outcome == "success" && !ours {
		return unknown
	}
	return reply
}

// result is what the caller is told: the outcome, the code, and of a success the named fields.
func (reply Reply) result(names ...string) map[string]string {
	result := map[string]string{"outcome": reply.outcome}
	if reply.code != "" {
		result["code"] = reply.code
	}
	for _, name := range names {
		if reply.outcome == "success" && reply.fields[name] != "" {
			result[name] = reply.fields[name]
		}
	}
	return result
}

const largestAnswer = 1 << 20

// systemErrors are the codes after which nobody knows whether the request was carried out.
var systemErrors = map[string]bool{
	"SYSTEM_ERROR": true, "SYSTEM_EXCEPTION": true, "SESSION_TIMEOUT": true, "ILLEGAL_TARGET_SERVICE": true,
	"ILLEGAL_ACCESS_SWITCH_SYSTEM": true, "ILLEGAL_SWITCH_SYSTEM": true, "EXTERFACE_IS_CLOSED": true,
}

var (
	address     = regexp.MustCompile(`^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])`)
	declaration = regexp.MustCompile(`^(?:\xef\xbb\xbf)?<\?xml\s[^>]*?\?>`)
	xmlEncoding = regexp.MustCompile(`\sencoding\s*=\s*["']([\w.-]+)["']`)
)

// request is signed and encoded, ready to be sent.
type request struct{ url, body string }

// prepare finds whatever is wrong with a request, before anything is sent.
func (account *Account) prepare(service string, fields []Pair, gatewayURL string) (request, error) {
	if gatewayURL == "" {
		gatewayURL = account.GatewayURL
	}
	if !address.MatchString(gatewayURL) {
		return request{}, Refused("the gateway is reached by https only")
	}
	all := append([]Pair{pair("service", service), pair("partner", account.Partner),
		pair("_input_charset", account.Charset)}, fields...)
	sign, err := account.sign(all, account.Charset, account.SignType)
	if err != nil {
		return request{}, err
	}
	// The gateway reads the charset from the URL, before it can read the body.
	var body []string
	for _, each := range append(all, pair("sign", sign), pair("sign_type", account.SignType)) {
		if each.Name == "_input_charset" || each.Value == nil || *each.Value == "" {
			continue
		}
		value, err := encode(*each.Value, account.Charset)
		if err != nil {
			return request{}, err
		}
		body = append(body, each.Name+"="+url.QueryEscape(string(value)))
	}
	mark := "?"
	if strings.Contains(gatewayURL, "?") {
		mark = "&"
	}
	return request{gatewayURL + mark + "_input_charset=" + account.Charset, strings.Join(body, "&")}, nil
}

// send returns a reply, whatever happens on the way.
func (account *Account) send(request request) Reply {
	answer, err := account.post(request)
	if err == nil {
		var reply Reply
		if reply, err = account.read(answer); err == nil {
			return reply
		}
	}
	log.Print("no usable answer: ", err)
	return unknown
}

func (account *Account) post(request request) ([]byte, error) {
	client := http.Client{
		Timeout: account.Timeout, // for the whole exchange
		// Whoever redirects is not the gateway.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// No proxy from the environment; a connection of its own, so that nothing is sent twice.
		Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	}
	contentType := "application/x-www-form-urlencoded; charset=" + account.Charset
	response, err := client.Post(request.url, contentType, strings.NewReader(request.body))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer+1))
	if err == nil && (response.StatusCode != http.StatusOK || len(answer) > largestAnswer) {
		err = fmt.Errorf("status %d with %d bytes", response.StatusCode, len(answer))
	}
	return answer, err
}

func (account *Account) read(data []byte) (Reply, error) {
	charset := "UTF-8"
	head := declaration.Find(data)
	if found := xmlEncoding.FindSubmatch(head); found != nil {
		charset = string(found[1])
	}
	// Decoded here, because the decoder knows UTF-8 only.
	text, err := decode(data[len(head):], charset)
	if err != nil {
		return unknown, err
	}
	root, err := parseXML(text)
	if err != nil {
		return unknown, err
	}
	parts, err := root.byName()
	if err != nil || root.name != "alipay" {
		return unknown, Refused("no answer of the gateway")
	}
	isSuccess, code := parts["is_success"].trimmed(), parts["error"].trimmed()
	if isSuccess == "F" && parts["sign"] == nil {
		if code == "" || systemErrors[code] {
			return Reply{outcome: "unknown", code: code}, nil
		}
		return Reply{outcome: "failed", code: code}, nil
	}
	fields, err := signedFields(parts["response"])
	if err != nil {
		return unknown, err
	}
	pairs := []Pair{pair("sign", parts["sign"].trimmed()), pair("sign_type", parts["sign_type"].trimmed())}
	for name, value := range fields {
		pairs = append(pairs, pair(name, value))
	}
	if (isSuccess != "T" && isSuccess != "F") || !account.verify(pairs, charset) {
		return unknown, Refused("the signature of the answer does not hold")
	}
	return signedAnswer(isSuccess == "T", fields, code), nil
}

func signedAnswer(isSuccess bool, fields map[string]string, code string) Reply {
	for _, name := range []string{"error", "detail_error_code"} {
		if fields[name] != "" {
			code = fields[name]
		}
	}
	result := fields["result_code"]
	made := result == "" && fields["qrcode"] != "" // CREATE may be answered without result_code
	if isSuccess && (result == "SUCCESS" || made) {
		return Reply{"success", "", fields, true}
	}
	if (!isSuccess || result == "FAIL" || result == "FAILED") && !systemErrors[code] {
		return Reply{"failed", code, fields, true}
	}
	return Reply{outcome: "unknown", code: code}
}

// signedFields: what is signed are the children of the first child of response, whatever that is called.
func signedFields(response *element) (map[string]string, error) {
	if response == nil || len(response.children) == 0 {
		return nil, Refused("the answer holds nothing that is signed")
	}
	children, err := response.children[0].byName()
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	for name, child := range children {
		if len(child.children) > 0 || name == "sign" || name == "sign_type" {
			return nil, Refused("a field of the answer is no text")
		}
		fields[name] = child.trimmed()
	}
	return fields, nil
}

// --- XML ----------------------------------------------------------------------------------------------------

type element struct {
	name     string
	children []*element
	text     bytes.Buffer
}

// parseXML builds a tree, because xml.Unmarshal takes the last of two elements with one name and says nothing.
func parseXML(text string) (*element, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	top := &element{}
	open := []*element{top}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		current := open[len(open)-1]
		switch token := token.(type) {
		case xml.Directive:
			return nil, Refused("the answer has a DTD")
		case xml.StartElement:
			child := &element{name: token.Name.Local}
			current.children = append(current.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			current.text.Write(token)
		}
	}
	if len(open) != 1 || len(top.children) != 1 || top.trimmed() != "" {
		return nil, Refused("XML has one root and nothing beside it")
	}
	return top.children[0], nil
}

func (parent *element) byName() (map[string]*element, error) {
	children := map[string]*element{}
	for _, child := range parent.children {
		if children[child.name] != nil {
			return nil, Refused("an element stands twice: which one would count?")
		}
		children[child.name] = child
	}
	return children, nil
}

// trimmed takes XML's own blanks away: TrimSpace would take full-width ones too, which are part of a value.
func (element *element) trimmed() string {
	if element == nil {
		return ""
	}
	return strings.Trim(element.text.String(), " \t\r\n")
}
