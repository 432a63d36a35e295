// The runner needs one package: go get golang.org/x/text
module alipay-qr-vectors/runners

go 1.16
