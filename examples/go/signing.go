package main

import (
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"sort"
	"strings"
	"time"
)

// Account is everything Alipay gave us, and where to find it.
type Account struct {
	Partner, SignType, Charset string
	GatewayURL, NotifyURL      string
	Timeout                    time.Duration
	md5Key                     string
	privateKey                 *rsa.PrivateKey
	alipayPublicKey            *rsa.PublicKey
}

var hashes = map[string]crypto.Hash{"RSA": crypto.SHA1, "RSA2": crypto.SHA256}

// NewAccount checks what it is given. Keys are PEM texts, the private one PKCS#1.
func NewAccount(partner, signType, charset, md5Key, privateKey, alipayPublicKey string) (*Account, error) {
	if partner == "" {
		return nil, Refused("the partner id is empty")
	}
	name, err := charsetName(charset)
	if err != nil {
		return nil, err
	}
	if err := knownSignType(signType); err != nil {
		return nil, err
	}
	// A key file read whole ends in a newline, which would be signed along.
	account := &Account{Partner: partner, SignType: signType, Charset: name, md5Key: strings.TrimSpace(md5Key)}
	if block, _ := pem.Decode([]byte(privateKey)); block != nil {
		account.privateKey, _ = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if block, _ := pem.Decode([]byte(alipayPublicKey)); block != nil {
		key, _ := x509.ParsePKIXPublicKey(block.Bytes)
		account.alipayPublicKey, _ = key.(*rsa.PublicKey)
	}
	return account, nil
}

// Pair is a parameter; without Value it has none.
type Pair struct {
	Name  string
	Value *string
}

func pair(name, value string) Pair { return Pair{name, &value} }

func knownSignType(signType string) error {
	if _, known := hashes[signType]; !known && signType != "MD5" {
		return Refused("sign_type must be MD5, RSA or RSA2, in capital letters")
	}
	return nil
}

// presign returns the bytes that are signed.
func presign(pairs []Pair, charset string) ([]byte, error) {
	seen := map[string]bool{}
	var signed []Pair
	for _, each := range pairs {
		if seen[each.Name] {
			return nil, Refused("the parameter " + each.Name + " stands twice")
		}
		seen[each.Name] = true
		if each.Name != "sign" && each.Name != "sign_type" && each.Value != nil && *each.Value != "" {
			signed = append(signed, each)
		}
	}
	sort.Slice(signed, func(a, b int) bool { return signed[a].Name < signed[b].Name })
	// Not url.Values.Encode(): what is signed is not escaped.
	var parts []string
	for _, each := range signed {
		parts = append(parts, each.Name+"="+*each.Value)
	}
	return encode(strings.Join(parts, "&"), charset)
}

func (account *Account) sign(pairs []Pair, charset, signType string) (string, error) {
	if err := knownSignType(signType); err != nil {
		return "", err
	}
	message, err := presign(pairs, charset)
	if err != nil {
		return "", err
	}
	if signType == "MD5" {
		return account.md5(message)
	}
	if account.privateKey == nil {
		return "", Refused("our private key cannot be used")
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, account.privateKey, hashes[signType], digest(signType, message))
	if err != nil {
		return "", Refused("our private key cannot sign")
	}
	return base64.StdEncoding.EncodeToString(signature), nil
}

// verify trusts the sign type of our own account alone, whatever the message claims.
func (account *Account) verify(pairs []Pair, charset string) bool {
	given := map[string]string{}
	for _, each := range pairs {
		if each.Value != nil {
			given[each.Name] = *each.Value
		}
	}
	message, err := presign(pairs, charset)
	if err != nil || given["sign_type"] != account.SignType {
		return false
	}
	if account.SignType == "MD5" {
		expected, err := account.md5(message)
		return err == nil && subtle.ConstantTimeCompare([]byte(expected), []byte(given["sign"])) == 1
	}
	signature, err := base64.StdEncoding.DecodeString(given["sign"])
	// The decoder passes over line breaks, so compare with what it has read.
	if err != nil || base64.StdEncoding.EncodeToString(signature) != given["sign"] || account.alipayPublicKey == nil {
		return false
	}
	hash := hashes[account.SignType]
	return rsa.VerifyPKCS1v15(account.alipayPublicKey, hash, digest(account.SignType, message), signature) == nil
}

func (account *Account) md5(message []byte) (string, error) {
	if account.md5Key == "" {
		return "", Refused("the account has no MD5 key")
	}
	sum := md5.Sum(append(message, account.md5Key...))
	return hex.EncodeToString(sum[:]), nil
}

func digest(signType string, message []byte) []byte {
	hash := hashes[signType].New()
	hash.Write(message)
	return hash.Sum(nil)
}
