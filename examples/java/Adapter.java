import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shop.Account;
import shop.Json;
import shop.Ledger;
import shop.Merchant;
import shop.Refused;
import shop.Signing;

/** Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here. */
@SuppressWarnings("unchecked")
public final class Adapter {
    /** An operation, or one call, that the shop cannot do. */
    private static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsupported(String reason) {
            super(reason);
        }
    }

    private Account account = Account.test();
    private Ledger ledger = new Ledger();
    private Merchant merchant;
    private Instant now;

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Adapter adapter = new Adapter();
        adapter.open();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> request = (Map<String, Object>) Json.parse(line);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("id", request.get("id"));
            adapter.answer(request, answer);
            out.print(Json.write(answer) + "\n");
            out.flush();
        }
    }

    private void answer(Map<String, Object> request, Map<String, Object> answer) {
        try {
            now = request.get("now") instanceof String text ? OffsetDateTime.parse(text).toInstant() : null;
            Map<String, Object> args = (Map<String, Object>) request.getOrDefault("args", Map.of());
            answer.put("result", carryOut((String) request.get("op"), args));
        } catch (Refused refused) {
            answer.put("refused", Map.of("reason", refused.getMessage()));
        } catch (Unsupported unsupported) {
            answer.put("unsupported", Map.of("reason", String.valueOf(unsupported.getMessage())));
        } catch (Throwable error) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new java.io.PrintWriter(trace));
            answer.put("error", Map.of("message", error.toString(), "traceback", trace.toString()));
        }
    }

    private Map<String, ?> carryOut(String op, Map<String, Object> args) {
        String url = text(args, "gateway_url");
        return switch (op) {
            case "hello" -> hello(text(args, "protocol"));
            case "configure" -> {
                account = accountOf(args);
                yield open();
            }
            case "reset" -> {
                ledger = new Ledger();
                yield open();
            }
            case "presign" -> Map.of("base64",
                    Base64.getEncoder().encodeToString(Signing.presign(params(args), text(args, "charset"))));
            case "sign" -> Map.of("sign",
                    new Signing(account).sign(params(args), text(args, "charset"), text(args, "sign_type")));
            case "verify" -> Map.of("valid", new Signing(account).verify(params(args), text(args, "charset")));
            case "expect" -> {
                merchant.expect(text(args, "out_trade_no"), text(args, "qrcode"), text(args, "total_fee"),
                        text(args, "currency"));
                yield Map.of();
            }
            case "create_qr_code" ->
                    merchant.createQrCode((Map<String, Object>) args.get("biz_data"), text(args, "notify_url"), url);
            case "cancel" -> merchant.cancel(text(args, "out_trade_no"), text(args, "trade_no"), url);
            case "refund" -> merchant.refund((Map<String, String>) (Map<String, ?>) args, url);
            case "notify" -> Map.of("reply", merchant.notify(String.valueOf(args.getOrDefault("method", "POST")),
                    Base64.getDecoder().decode(text(args, "body_base64"))));
            case "trade" -> merchant.trade(text(args, "out_trade_no"));
            default -> throw new Unsupported("unknown operation " + op);
        };
    }

    private static Map<String, ?> hello(String protocol) {
        if (!"1".equals(protocol)) {
            throw new Unsupported("this adapter speaks protocol 1");
        }
        return Map.of("protocol", "1", "name", "example shop in Java", "version", "1.0", "language", "Java",
                "operations", List.of("hello", "configure", "reset", "presign", "sign", "verify", "expect",
                        "create_qr_code", "cancel", "refund", "notify", "trade"),
                "sign_types", List.of("MD5", "RSA", "RSA2"), "charsets", List.of("UTF-8", "GBK", "GB2312"),
                "clock", true, "parallel", true, "runtime", System.getProperty("java.version"));
    }

    private Map<String, ?> open() {
        merchant = new Merchant(account, ledger, () -> now == null ? Instant.now() : now);
        return Map.of();
    }

    private static Account accountOf(Map<String, Object> args) {
        Duration timeout = Duration.ofMillis((long) (1000 * Double.parseDouble(text(args, "gateway_timeout"))));
        return new Account(text(args, "partner"), text(args, "sign_type"), text(args, "charset"),
                text(args, "md5_key"), text((Map<String, Object>) args.get("merchant_private_key"), "pkcs8_base64"),
                text((Map<String, Object>) args.get("alipay_public_key"), "base64"), text(args, "gateway_url"),
                text(args, "notify_url"), timeout);
    }

    private static List<Signing.Pair> params(Map<String, Object> args) {
        List<List<String>> pairs = (List<List<String>>) args.get("params");
        return pairs.stream().map(pair -> new Signing.Pair(pair.get(0), pair.get(1))).toList();
    }

    private static String text(Map<String, Object> args, String name) {
        return (String) args.get(name);
    }
}
