package shop;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Signs what we send and checks what came. */
public final class Signing {
    private static final Map<String, String> ALGORITHMS = Map.of("RSA", "SHA1withRSA", "RSA2", "SHA256withRSA");

    private final Account account;

    public Signing(Account account) {
        this.account = account;
    }

    /** A parameter; a value may be null, which is no value. */
    public record Pair(String name, String value) {
    }

    static String known(String signType) {
        if (!"MD5".equals(signType) && !ALGORITHMS.containsKey(signType)) {
            throw new Refused("sign_type must be MD5, RSA or RSA2, in capital letters");
        }
        return signType;
    }

    /** The bytes that are signed. */
    public static byte[] presign(List<Pair> pairs, String charset) {
        // As bytes: String's own order is that of UTF-16, which differs beyond U+FFFF.
        Map<byte[], String> signed = new TreeMap<>(Arrays::compareUnsigned);
        long names = pairs.stream().map(Pair::name).distinct().count();
        if (names != pairs.size()) {
            throw new Refused("a parameter stands twice");
        }
        for (Pair pair : pairs) {
            boolean isSignature = pair.name.equals("sign") || pair.name.equals("sign_type");
            // Not isBlank(): a value of blanks is a value.
            if (!isSignature && pair.value != null && !pair.value.isEmpty()) {
                signed.put(pair.name.getBytes(StandardCharsets.UTF_8), pair.name + "=" + pair.value);
            }
        }
        return Charsets.encode(signed.values().stream().collect(Collectors.joining("&")), charset);
    }

    public String sign(List<Pair> pairs, String charset, String signType) {
        known(signType);
        byte[] message = presign(pairs, charset);
        if (signType.equals("MD5")) {
            return md5(message);
        }
        try {
            Signature signature = Signature.getInstance(ALGORITHMS.get(signType));
            signature.initSign(account.signingKey());
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException error) {
            throw new Refused("our private key cannot sign");
        }
    }

    /** Only the sign type of our own account counts, whatever the message claims. */
    public boolean verify(List<Pair> pairs, String charset) {
        String sign = find(pairs, "sign");
        if (sign == null || !account.signType.equals(find(pairs, "sign_type"))) {
            return false;
        }
        try {
            byte[] message = presign(pairs, charset);
            if (account.signType.equals("MD5")) {
                return MessageDigest.isEqual(utf8(md5(message)), utf8(sign));
            }
            byte[] bytes = Base64.getDecoder().decode(sign);
            Signature signature = Signature.getInstance(ALGORITHMS.get(account.signType));
            signature.initVerify(account.verifyingKey());
            signature.update(message);
            // The decoder forgives a missing "=", so compare with what it has read.
            return Base64.getEncoder().encodeToString(bytes).equals(sign) && signature.verify(bytes);
        } catch (Refused | IllegalArgumentException | GeneralSecurityException error) {
            return false;
        }
    }

    private String md5(byte[] message) {
        if (account.md5Key.isEmpty()) {
            throw new Refused("the account has no MD5 key");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(message);
            return HexFormat.of().formatHex(digest.digest(utf8(account.md5Key)));
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String find(List<Pair> pairs, String name) {
        return pairs.stream().filter(pair -> pair.name.equals(name)).findFirst().map(Pair::value).orElse(null);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
