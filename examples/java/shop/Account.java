package shop;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;

/** Everything Alipay gave us, and where to find it. Keys are base64 on one line, the private one PKCS#8. */
public final class Account {
    public final String partner;
    public final String signType;
    public final String charset;
    public final String gatewayUrl;
    public final String notifyUrl;
    public final Duration timeout;
    final String md5Key;
    private final String privateKey;
    private final String alipayPublicKey;

    public Account(String partner, String signType, String charset, String md5Key, String privateKey,
            String alipayPublicKey, String gatewayUrl, String notifyUrl, Duration timeout) {
        if (partner.isEmpty()) {
            throw new Refused("the partner id is empty");
        }
        this.partner = partner;
        this.signType = Signing.known(signType);
        this.charset = Charsets.name(charset);
        this.md5Key = md5Key.strip(); // a key file read whole ends in a newline, which would be signed along
        this.privateKey = privateKey;
        this.alipayPublicKey = alipayPublicKey;
        this.gatewayUrl = gatewayUrl;
        this.notifyUrl = notifyUrl;
        this.timeout = timeout;
    }

    /** Alipay's published test account (its integration guide prints these keys): never use it for money. */
    public static Account test() {
        return new Account("2088021966388155", "MD5", "UTF-8", "w0nu2sn0o97s8ruzrpj64fgc8vj8wus6",
                "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAPsV+ZV13nvRwVfc"
                        + "bvoVq26CZiUY0W3D1vaQWIE+8kMzTJ5fnZJaoC2NUGLNp/rM3OJvVr3F63Lt2cDE"
                        + "QuJ1AmZSPfPiXBvePk9Gf6XHkV4DIAlZEFKbn4ncDOE6gelK2ABO8RdP8BSd2uB2"
                        + "fkB1+LjmShQHwjMnMZmaT7kNpusjAgMBAAECgYAF3ZaOCknfRKAqqEijaPwvQbaX"
                        + "KURDNy7/ZZHbuxe3wCwLCxrIP3u8dK+rDzjcYArM82LoXgZJEgtjOHKDjc43f93e"
                        + "b9LWJOBIVdyFPICwCPLf3wir+59KP0M6P64jzxdnslW3uMTKKE+V1KHsWS4wppoW"
                        + "Ql2w3PbYt8Pc1kgFUQJBAP4j/On467GZbkMZw0MQhcXRuXeaYIC/TjVkEE7kkJiu"
                        + "C+mSh8LpJGU6L4/cE9dg8dmPJTcmndeBokNC8cISRdsCQQD87EPwUMzmLUmpzAjO"
                        + "Fr43Il2becns2OXHhUgoP0rHXSgbj2B7uAbx8MLsXB24a6l8+P3JwqwcEVYL4AhQ"
                        + "9IZZAkBKrNZvBZZz7AqLKvHGLf+wvcxKiZEbo5rec1WbaOvYASQ88LJ1oj3whKVf"
                        + "FyK5YaIO9FHSH8W3gj7klrIk/WuLAkAd7qgrrKRTKVDqc2cnXLGuPLbvS36GNTUc"
                        + "Y72iZbsn1PKGMHWurpzDzUaESnKJ/NPWInGGiy9rMvIH/b9+NTIhAkEAkPOjmfa1"
                        + "WGxAR7lo2UXlkdO1F7JMyc9HgeB8GoZbJ1wNX9bHuugUtfR1hPvUIwPe+8e11rSp"
                        + "82lB7yczjeUl9w==",
                "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCnxj/9qwVfgoUh/y2W89L6BkRA"
                        + "FljhNhgPdyPuBV64bfQNN1PjbCzkIM6qRdKBoLPXmKKMiFYnkd6rAoprih3/PrQE"
                        + "B/VsW8OoM8fxn67UDYuyBTqA23MML9q1+ilIZwBC2AQ2UBVOrFXfFl75p6/B5Ksi"
                        + "NG9zpgmLCUYuLkxpLQIDAQAB",
                "https://mapi.alipaydev.com/gateway.do", "https://merchant.example/alipay/notify",
                Duration.ofSeconds(15));
    }

    PrivateKey signingKey() {
        try {
            byte[] der = Base64.getDecoder().decode(privateKey);
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException error) {
            throw new Refused("our private key cannot be used: it must be PKCS#8, without header and line breaks");
        }
    }

    PublicKey verifyingKey() {
        try {
            byte[] der = Base64.getDecoder().decode(alipayPublicKey);
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException error) {
            throw new Refused("Alipay's public key cannot be used");
        }
    }
}
