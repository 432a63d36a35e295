package main

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Refused is what the shop declines before anything is sent or booked; it says why.
type Refused string

func (r Refused) Error() string { return string(r) }

func charsetName(charset string) (string, error) {
	switch name := strings.ToUpper(charset); name {
	case "UTF-8", "GBK", "GB2312":
		return name, nil
	}
	return "", Refused("the charset must be UTF-8, GBK or GB2312")
}

// encode turns text, UTF-8 in this program, into the account's charset. A character that the charset lacks is an
// error: replacing it would sign what nobody wrote.
func encode(text, charset string) ([]byte, error) {
	name, err := charsetName(charset)
	if err != nil {
		return nil, err
	}
	if !utf8.ValidString(text) {
		return nil, Refused("a text is not UTF-8")
	}
	if name == "UTF-8" {
		return []byte(text), nil
	}
	if name == "GB2312" {
		text = toGBK.Replace(text)
	}
	data, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err != nil || !belongs(data, name) {
		return nil, Refused("a character does not exist in " + name)
	}
	return data, nil
}

// decode is strict, while the decoder of x/text writes U+FFFD for what it cannot read.
func decode(data []byte, charset string) (string, error) {
	name, err := charsetName(charset)
	if err != nil {
		return "", err
	}
	if name == "UTF-8" {
		if !utf8.Valid(data) {
			return "", Refused("the bytes are not UTF-8")
		}
		return string(data), nil
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(data)
	if err != nil || !belongs(data, name) {
		return "", Refused("the bytes are not " + name)
	}
	again, err := simplifiedchinese.GBK.NewEncoder().Bytes(text)
	if err != nil || !bytes.Equal(again, data) {
		return "", Refused("the bytes are not " + name)
	}
	if name == "GB2312" {
		return fromGBK.Replace(string(text)), nil
	}
	return string(text), nil
}

// Two signs that GB2312's own table (that of iconv) reads otherwise than GBK's.
var (
	toGBK   = strings.NewReplacer("\u30fb", "\u00b7", "\u2015", "\u2014", "\u00b7", "\ufffd", "\u2014", "\ufffd")
	fromGBK = strings.NewReplacer("\u00b7", "\u30fb", "\u2014", "\u2015")
)

// belongs says whether every code of this GBK text stands in the table of the charset.
func belongs(data []byte, name string) bool {
	for at := 0; at < len(data); at++ {
		if data[at] < 0x80 {
			continue
		}
		// 0x80 alone is the euro sign of Windows, which GBK itself has not.
		if data[at] == 0x80 || at+1 == len(data) {
			return false
		}
		if name == "GB2312" && !inGB2312(data[at], data[at+1]) {
			return false
		}
		at++
	}
	return true
}

// gb2312Columns holds the rows of GB2312 that are not full, as first and last columns.
var gb2312Columns = map[byte][]byte{
	0xa2: {0xb1, 0xe2, 0xe5, 0xee, 0xf1, 0xfc},
	0xa4: {0xa1, 0xf3},
	0xa5: {0xa1, 0xf6},
	0xa6: {0xa1, 0xb8, 0xc1, 0xd8},
	0xa7: {0xa1, 0xc1, 0xd1, 0xf1},
	0xa8: {0xa1, 0xba, 0xc5, 0xe9},
	0xa9: {0xa4, 0xef},
	0xd7: {0xa1, 0xf9},
}

func inGB2312(row, column byte) bool {
	if row != 0xa1 && row != 0xa3 && (row < 0xa2 || row > 0xa9) && (row < 0xb0 || row > 0xf7) {
		return false
	}
	columns, isPartial := gb2312Columns[row]
	if !isPartial {
		columns = []byte{0xa1, 0xfe}
	}
	for at := 0; at < len(columns); at += 2 {
		if column >= columns[at] && column <= columns[at+1] {
			return true
		}
	}
	return false
}
