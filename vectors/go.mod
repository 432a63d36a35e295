module alipay-qr-vectors

go 1.16
