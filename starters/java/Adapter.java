import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
 *
 * <p>Fill in sign first, then run the command that "alipay-qr init" has printed; then go down the list. What you do not
 * have stays as it is. Return raw values, never a verdict. Throw Refused where your own code declines an input before
 * anything is sent, Unsupported where it cannot do this one call; let every other exception pass. Your own classes, in
 * the folder or jar CLASSES: javac -cp CLASSES Adapter.java Json.java and java -cp .:CLASSES Adapter. Json.java is
 * there because Java has none of its own.
 * If you sign with RSA, say so in sign_types; the keys are key("merchant_private_key", "pkcs8_base64") (or pkcs1_pem,
 * pkcs8_pem, pkcs1_base64, pkcs8_base64) and key("alipay_public_key", "base64") (or pem, base64). A value for which
 * your code has no parameter, such as trade_no, is_sync or another notify_url, is Unsupported. With a static code
 * Alipay names the trade: the out_trade_no of a notification may be new to you.
 */
@SuppressWarnings({"unchecked", "serial"})
public final class Adapter {
    static final class Refused extends RuntimeException {
        Refused(String reason) {
            super(reason);
        }
    }

    /** One call alone, as in: if ("Y".equals(text(args, "is_sync"))) throw new Unsupported("it refunds later"); */
    static final class Unsupported extends RuntimeException {
        Unsupported(String reason) {
            super(reason);
        }
    }

    static final class NotFilledIn extends RuntimeException {
    }

    /** What configure said last: partner, sign_type, charset, md5_key, merchant_private_key, ... */
    private Map<String, Object> settings;
    /** The time it is, in RFC 3339. If your code can be told the time, say "clock", true in hello. */
    private String now;

    private String key(String name, String form) {
        return text((Map<String, Object>) settings.get(name), form);
    }

    // --- level 1: signing -----------------------------------------------------------------------------------

    /** params is a list of names and values, which may be null. Add nothing to them. */
    private Map<String, ?> sign(Map<String, Object> args) throws Exception {
        List<List<String>> params = (List<List<String>>) args.get("params");
        throw new NotFilledIn();
        // return Map.of("sign", MyCode.sign(params, text(args, "sign_type"), text(settings, "md5_key")));
    }

    /** The text or the bytes that are signed, without the key. */
    private Map<String, ?> presign(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // return Map.of("text", "...");  or  Map.of("base64", Base64.getEncoder().encodeToString(bytes));
    }

    /** Does a message hold? text(args, "source") is "notification" or "response". */
    private Map<String, ?> verify(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // return Map.of("valid", true);
    }

    // --- level 2: requests, really sent to args "gateway_url", else to that of the settings ----------------------

    private Map<String, ?> createQrCode(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // (Map<String, Object>) args.get("biz_data"), text(args, "notify_url")
        // return Map.of("outcome", "success", "qrcode", "...", "qrcode_img_url", "...");
    }

    /** outcome: success, failed (nothing was done), or unknown (it may have been done). */
    private Map<String, ?> cancel(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // text(args, "out_trade_no"), text(args, "trade_no")
        // return Map.of("outcome", "success", "action", "close");
    }

    /** outcome: also accepted, for an asynchronous refund that Alipay has taken. */
    private Map<String, ?> refund(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // partner_trans_id, partner_refund_id, refund_amount, currency; maybe refund_reason, is_sync
        // return Map.of("outcome", "failed", "code", "TRADE_NOT_EXIST");
    }

    // --- level 3: notifications -----------------------------------------------------------------------------

    /** A POST to your notify_url; the body is Base64.getDecoder().decode(text(args, "body_base64")). */
    private Map<String, ?> notify(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // return Map.of("reply", "success");
    }

    // --- level 4: money -------------------------------------------------------------------------------------

    /** Your shop now awaits a payment: total_fee, currency, maybe out_trade_no, qrcode. */
    private Map<String, ?> expect(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // return Map.of();
    }

    /** none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided. */
    private Map<String, ?> trade(Map<String, Object> args) throws Exception {
        throw new NotFilledIn();
        // return Map.of("state", "paid", "paid", "10.00", "currency", "USD", "refunded", "0.00", "fulfilled", "1");
    }

    /** Forget all trades; keep the settings. */
    private Map<String, ?> reset() throws Exception {
        return Map.of();
    }

    // --- what your code can do: add each operation here once it is filled in --------------------------------

    private static final List<String> FILLED_IN = List.of("hello", "configure", "reset");

    // --- nothing to fill in below, but see sign_types, charsets and clock in hello --------------------------

    private static Map<String, ?> hello(Map<String, Object> args) {
        if (!"1".equals(text(args, "protocol"))) {
            throw new Unsupported("this adapter speaks protocol 1");
        }
        return Map.of("protocol", "1", "name", "my shop", "version", "0", "language", "Java",
                "operations", FILLED_IN, "sign_types", List.of("MD5"), "charsets", List.of("UTF-8"),
                "clock", false, "parallel", false);
    }

    private Map<String, ?> carryOut(String op, Map<String, Object> args) throws Exception {
        return switch (op) {
            case "hello" -> hello(args);
            case "configure" -> {
                settings = args;
                yield Map.of();
            }
            case "reset" -> reset();
            case "sign" -> sign(args);
            case "presign" -> presign(args);
            case "verify" -> verify(args);
            case "create_qr_code" -> createQrCode(args);
            case "cancel" -> cancel(args);
            case "refund" -> refund(args);
            case "notify" -> notify(args);
            case "expect" -> expect(args);
            case "trade" -> trade(args);
            default -> throw new Unsupported("unknown operation " + op);
        };
    }

    private void answer(Map<String, Object> request, Map<String, Object> answer) {
        String op = text(request, "op");
        now = text(request, "now");
        try {
            answer.put("result", carryOut(op, (Map<String, Object>) request.getOrDefault("args", Map.of())));
        } catch (NotFilledIn error) {
            String reason = op + " in Adapter.java is not filled in yet; begin with sign, and list it in FILLED_IN";
            answer.put("unsupported", Map.of("reason", reason));
        } catch (Unsupported error) {
            answer.put("unsupported", Map.of("reason", String.valueOf(error.getMessage())));
        } catch (Refused error) {
            answer.put("refused", Map.of("reason", error.getMessage()));
        } catch (Throwable error) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace));
            answer.put("error", Map.of("message", error.toString(), "traceback", trace.toString()));
        }
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Adapter adapter = new Adapter();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> request = (Map<String, Object>) Json.parse(line);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("id", request.get("id"));
            adapter.answer(request, answer);
            out.print(Json.write(answer) + "\n");
            out.flush();
        }
    }

    private static String text(Map<String, Object> args, String name) {
        return (String) args.get(name);
    }
}
