// Runs the vectors of level 1: go run runners/runner.go, beside the JSON files; needs golang.org/x/text.
package main

import (
	"crypto"
	"crypto/md5"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

type key struct{ Base64, Pkcs8_base64 string }

type inputs struct {
	Params               [][2]*string
	Charset, Sign_type   string
	Md5_key              string
	Merchant_private_key key
	Merchant_public_key  key
	Alipay_public_key    key
}

type vectors struct {
	Subject string
	Groups  []struct {
		Inputs json.RawMessage
		Tests  []struct {
			Id, Comment, Result string
			Inputs              json.RawMessage
			Steps               struct{ Presign_hex, Sign string }
		}
	}
}

var (
	declined = errors.New("declined")
	hashes   = map[string]crypto.Hash{"RSA": crypto.SHA1, "RSA2": crypto.SHA256}
	// The rows of GB2312 that are not full; x/text knows GBK alone.
	rows = map[byte][]byte{0xa2: {0xb1, 0xe2, 0xe5, 0xee, 0xf1, 0xfc}, 0xa4: {0xa1, 0xf3},
		0xa5: {0xa1, 0xf6}, 0xa6: {0xa1, 0xb8, 0xc1, 0xd8}, 0xa7: {0xa1, 0xc1, 0xd1, 0xf1},
		0xa8: {0xa1, 0xba, 0xc5, 0xe9}, 0xa9: {0xa4, 0xef}, 0xd7: {0xa1, 0xf9}}
)

func inGB2312(row, column byte) bool {
	columns, partial := rows[row]
	if !partial && (row == 0xa1 || row == 0xa3 || row >= 0xb0 && row <= 0xf7) {
		columns = []byte{0xa1, 0xfe}
	}
	for at := 0; at < len(columns); at += 2 {
		if columns[at] <= column && column <= columns[at+1] {
			return true
		}
	}
	return false
}

func encode(text, charset string) ([]byte, error) {
	if charset == "UTF-8" {
		return []byte(text), nil
	}
	data, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	for at := 0; err == nil && at < len(data); at++ {
		if data[at] < 0x80 {
			continue
		}
		if data[at] == 0x80 || charset == "GB2312" && !inGB2312(data[at], data[at+1]) {
			return nil, declined // 0x80 is the euro sign of Windows
		}
		at++
	}
	return data, err
}

func presign(in inputs) ([]byte, error) {
	pairs := [][2]string{}
	for _, pair := range in.Params {
		if pair[1] != nil && *pair[1] != "" && *pair[0] != "sign" && *pair[0] != "sign_type" {
			pairs = append(pairs, [2]string{*pair[0], *pair[1]})
		}
	}
	sort.SliceStable(pairs, func(a, b int) bool { return pairs[a][0] < pairs[b][0] })
	texts := []string{}
	for _, pair := range pairs {
		texts = append(texts, pair[0]+"="+pair[1])
	}
	return encode(strings.Join(texts, "&"), in.Charset)
}

func digest(hash crypto.Hash, data []byte) []byte {
	sum := hash.New()
	sum.Write(data)
	return sum.Sum(nil)
}

func makeSign(in inputs) (string, error) {
	data, err := presign(in)
	if err != nil {
		return "", err
	}
	if in.Sign_type == "MD5" {
		return fmt.Sprintf("%x", md5.Sum(append(data, in.Md5_key...))), nil
	}
	der, _ := base64.StdEncoding.DecodeString(in.Merchant_private_key.Pkcs8_base64)
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return "", err
	}
	hash := hashes[in.Sign_type]
	signature, err := rsa.SignPKCS1v15(nil, private.(*rsa.PrivateKey), hash, digest(hash, data))
	return base64.StdEncoding.EncodeToString(signature), err
}

func isGenuine(in inputs) (bool, error) {
	given := map[string]string{}
	for _, pair := range in.Params {
		if _, twice := given[*pair[0]]; twice {
			return false, declined
		}
		given[*pair[0]] = ""
		if pair[1] != nil {
			given[*pair[0]] = *pair[1]
		}
	}
	data, err := presign(in)
	if err != nil || given["sign_type"] != in.Sign_type {
		return false, err
	}
	if in.Sign_type == "MD5" {
		return given["sign"] == fmt.Sprintf("%x", md5.Sum(append(data, in.Md5_key...))), nil
	}
	return holds(in.Sign_type, data, given["sign"], in.Alipay_public_key)
}

func holds(signType string, data []byte, sign string, of key) (bool, error) {
	signature, err := base64.StdEncoding.DecodeString(sign)
	if err != nil || base64.StdEncoding.EncodeToString(signature) != sign {
		return false, declined // Go skips line breaks
	}
	der, _ := base64.StdEncoding.DecodeString(of.Base64)
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return false, err
	}
	hash := hashes[signType]
	return rsa.VerifyPKCS1v15(public.(*rsa.PublicKey), hash, digest(hash, data), signature) == nil, nil
}

func isSign(in inputs, wanted string) (bool, error) {
	if in.Sign_type == "MD5" || in.Merchant_private_key.Pkcs8_base64 != "" {
		sign, err := makeSign(in)
		return sign == wanted, err
	} // of what others have signed the public key alone is known: no second signature of PKCS#1 v1.5 holds
	data, err := presign(in)
	if err != nil {
		return false, err
	}
	return holds(in.Sign_type, data, wanted, in.Merchant_public_key)
}

func read(name string) (file vectors) {
	data, err := os.ReadFile(name + ".json")
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	if err != nil {
		panic(err)
	}
	return file
}

func main() {
	passed, failed := 0, 0
	for _, name := range strings.Fields("presign sign_md5 sign_rsa sign_rsa2 verify_notification external") {
		file := read(name)
		for _, group := range file.Groups {
			for _, test := range group.Tests {
				if test.Result == "acceptable" {
					continue
				}
				in := inputs{}
				for _, layer := range []json.RawMessage{group.Inputs, test.Inputs} {
					if err := json.Unmarshal(layer, &in); err != nil {
						panic(err)
					}
				}
				accepted := false
				switch file.Subject {
				case "presign":
					data, err := presign(in)
					accepted = err == nil && hex.EncodeToString(data) == test.Steps.Presign_hex
				case "sign":
					right, err := isSign(in, test.Steps.Sign)
					accepted = err == nil && right
				case "verify_notification":
					genuine, err := isGenuine(in)
					accepted = err == nil && genuine
				}
				if accepted == (test.Result == "valid") {
					passed++
				} else {
					failed++
					fmt.Println(test.Id, test.Comment)
				}
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
