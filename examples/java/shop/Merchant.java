package shop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * The shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund.
 *
 * <p>Every operation answers a map with "outcome" (success, accepted, failed or unknown) and throws Refused where
 * the shop itself declines, before anything is sent.
 */
public final class Merchant {
    private static final Logger LOG = Logger.getLogger(Merchant.class.getName());
    private static final Pattern ANY = Pattern.compile("(?s).*");
    private static final String TAXI = "4121";
    /** refund_amount is a Number(9,2): seven digits before the point. */
    private static final Pattern REFUND_AMOUNT = Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,2})?");
    private static final Pattern RATE = Pattern.compile("0(\\.(0[0-4][0-9]*|050*|00?))?");
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/?#]\\S*");
    /** A repeated refund may fail so because its first attempt was carried out after all. */
    private static final Set<String> MAYBE_BY_ITSELF = Set.of("TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED");
    private static final Set<String> STATUSES =
            Set.of("WAIT_BUYER_PAY", "TRADE_PENDING", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED");
    private static final Pattern ACTED_UPON = Pattern.compile("&(?:notify_(?:id|type|action_type)|out_(?:trade|biz)_no"
            + "|trade_(?:no|status)|total_fee|trans_currency|gmt_payment|refund_(?:fee|status)|seller_id|qrcode)=");

    private record Member(String name, int longest, Pattern pattern, boolean isCompulsory) {
        Member(String name, int longest, String pattern, boolean isCompulsory) {
            this(name, longest, pattern == null ? ANY : Pattern.compile(pattern), isCompulsory);
        }
    }

    private static final List<Member> BIZ_DATA = List.of(
            new Member("secondary_merchant_industry", 4, "[0-9]{4}", true),
            new Member("secondary_merchant_id", 64, "[A-Za-z0-9_]+", true),
            new Member("secondary_merchant_name", 64, (String) null, true),
            new Member("store_id", 32, "[A-Za-z0-9_-]+", true),
            new Member("store_name", 2000, (String) null, true),
            new Member("trans_currency", 3, (String) null, true),
            new Member("currency", 3, (String) null, true),
            new Member("country_code", 2, "[A-Z]{2}", false),
            new Member("notify_mobile", 32, "[0-9]+", false));

    private final Account account;
    private final Ledger ledger;
    private final Supplier<Instant> clock;
    private final Signing signing;
    private final Gateway gateway;

    public Merchant(Account account, Ledger ledger, Supplier<Instant> clock) {
        this.account = account;
        this.ledger = ledger;
        this.clock = clock;
        this.signing = new Signing(account);
        this.gateway = new Gateway(account);
    }

    // --- CREATE ---------------------------------------------------------------------------------------------

    public Map<String, String> createQrCode(Map<String, Object> bizData, String notifyUrl, String gatewayUrl) {
        checkBizData(bizData);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("timestamp", Beijing.text(clock.get()));
        fields.put("notify_url", address(notifyUrl));
        fields.put("biz_type", "OVERSEASHOPQRCODE");
        // Encoded once: the same text is signed and sent.
        fields.put("biz_data", compulsory("biz_data", Json.write(bizData), 2000));
        Reply reply = gateway.send(gateway.prepare("alipay.commerce.qrcode.create", fields, gatewayUrl));
        return reply.unlessAbout(reply.get("qrcode") != null).result("qrcode", "qrcode_img_url");
    }

    // --- CANCEL ---------------------------------------------------------------------------------------------

    public Map<String, String> cancel(String outTradeNo, String tradeNo, String gatewayUrl) {
        Instant now = clock.get();
        ledger.mayCancel(outTradeNo, tradeNo, now);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("timestamp", String.valueOf(now.toEpochMilli()));
        fields.put("out_trade_no", compulsory("out_trade_no", outTradeNo, 64));
        fields.put("trade_no", optional("trade_no", tradeNo, 64));
        HttpRequest request = gateway.prepare("alipay.acquire.cancel", fields, gatewayUrl);

        Ledger.Trade known = ledger.find(outTradeNo);
        boolean isRepeat = known != null && known.undecided;
        Ledger.Trade trade = ledger.cancelSent(outTradeNo);
        Reply reply = gateway.send(request);
        reply = reply.unlessAbout(outTradeNo.equals(reply.get("out_trade_no"))
                && sameIfGiven(reply.get("trade_no"), tradeNo == null ? trade.tradeNo : tradeNo));
        Map<String, String> result = reply.result("action");
        if (reply.is("success")) {
            ledger.cancelDone(trade);
            result.put("via", "cancel");
        } else if (reply.is("failed") && (reply.signed() || !isRepeat)) {
            trade.undecided = false;
        }
        return result;
    }

    // --- REFUND ---------------------------------------------------------------------------------------------

    /** The order holds the parameters of REFUND by name. */
    public Map<String, String> refund(Map<String, String> order, String gatewayUrl) {
        String isSync = order.get("is_sync");
        if (isSync != null && !isSync.equals("Y") && !isSync.equals("N")) {
            throw new Refused("is_sync is Y or N");
        }
        Ledger.Refund asked = readOrder(order);
        String notifyUrl = order.get("notify_url");
        if (notifyUrl == null && !"Y".equals(isSync)) {
            notifyUrl = account.notifyUrl; // Alipay reports an asynchronous refund there
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("partner_trans_id", asked.outTradeNo);
        fields.put("alipay_trans_id", optional("alipay_trans_id", order.get("alipay_trans_id"), 64));
        fields.put("partner_refund_id", asked.id);
        fields.put("refund_amount", asked.amount.toPlainString());
        fields.put("currency", asked.currency);
        fields.put("refund_reason", optional("refund_reason", order.get("refund_reason"), 128));
        fields.put("is_sync", isSync);
        fields.put("notify_url", notifyUrl == null || notifyUrl.isEmpty() ? null : address(notifyUrl));
        HttpRequest request = gateway.prepare("alipay.acquire.overseas.spot.refund", fields, gatewayUrl);

        Ledger.Refund known = ledger.findRefund(asked.id);
        if (known != null && !known.isSame(asked)) {
            throw new Refused("this partner_refund_id names another refund");
        }
        if (known != null && known.progress == Ledger.Progress.DONE) {
            return Map.of("outcome", "success"); // once is enough
        }
        if (known != null && known.progress == Ledger.Progress.ACCEPTED) {
            return Map.of("outcome", "accepted");
        }
        Ledger.Refund refund = known == null ? asked : known;
        boolean isRepeat = known != null && known.isPending();
        if (!isRepeat) {
            ledger.mayRefund(refund, order.get("alipay_trans_id"), clock.get());
        }
        ledger.refundSent(refund);
        Reply reply = gateway.send(request);
        return book(reply.unlessAbout(confirms(reply, refund)), refund, "Y".equals(isSync), isRepeat);
    }

    private static Ledger.Refund readOrder(Map<String, String> order) {
        String outTradeNo = compulsory("partner_trans_id", order.get("partner_trans_id"), 64);
        String id = compulsory("partner_refund_id", order.get("partner_refund_id"), 64);
        String currency = compulsory("currency", order.get("currency"), 10);
        String text = compulsory("refund_amount", order.get("refund_amount"), 10);
        BigDecimal amount = Money.parse(text, currency);
        if (id.equals(outTradeNo)) {
            throw new Refused("partner_refund_id must differ from partner_trans_id");
        }
        if (amount.signum() == 0 || !REFUND_AMOUNT.matcher(text).matches()) {
            throw new Refused("refund_amount is zero or too large");
        }
        return new Ledger.Refund(id, outTradeNo, amount, currency);
    }

    private Map<String, String> book(Reply reply, Ledger.Refund refund, boolean isSync, boolean isRepeat) {
        if (reply.is("success") && !isSync) {
            refund.progress = Ledger.Progress.ACCEPTED; // no money has moved yet: a notification will say so
            return Map.of("outcome", "accepted");
        }
        // Does the failure of a repeat say what became of the first attempt?
        boolean settles = !isRepeat || (reply.signed() && !MAYBE_BY_ITSELF.contains(String.valueOf(reply.code())));
        if (reply.is("success")) {
            ledger.refundDone(refund);
        } else if (reply.is("failed") && settles) {
            refund.progress = Ledger.Progress.FAILED;
        }
        return reply.result();
    }

    private static boolean confirms(Reply reply, Ledger.Refund refund) {
        String amount = reply.get("refund_amount");
        try {
            return refund.id.equals(reply.get("partner_refund_id"))
                    && sameIfGiven(reply.get("partner_trans_id"), refund.outTradeNo)
                    && sameIfGiven(reply.get("currency"), refund.currency)
                    && (amount == null || Money.read(amount, refund.currency).equals(refund.amount));
        } catch (Refused refused) {
            return false;
        }
    }

    // --- notifications --------------------------------------------------------------------------------------

    public void expect(String outTradeNo, String qrcode, String totalFee, String currency) {
        ledger.expect(outTradeNo, qrcode, Money.parse(totalFee, currency), currency);
    }

    /**
     * Receives a notification: returns the text to answer, and answer nothing else.
     *
     * <p>Give it the raw body, not request.getParameter(), which decodes in the container's charset and merges the
     * query of the notify URL into the form.
     */
    public String notify(String method, byte[] body) {
        try {
            if (!method.equals("POST")) {
                throw new Refused("a notification is a POST");
            }
            List<Signing.Pair> pairs = parseForm(body);
            if (!signing.verify(pairs, account.charset)) {
                throw new Refused("the signature does not hold");
            }
            Map<String, String> values = new LinkedHashMap<>();
            pairs.stream().filter(pair -> !pair.value().isEmpty())
                    .forEach(pair -> values.put(pair.name(), pair.value()));
            ledger.book(readNews(values));
            return "success";
        } catch (Refused refused) {
            LOG.log(Level.WARNING, "notification not accepted: {0}", refused.getMessage());
            return "fail";
        }
    }

    private List<Signing.Pair> parseForm(byte[] body) {
        List<Signing.Pair> pairs = new ArrayList<>();
        for (String part : new String(body, ISO_8859_1).split("&")) {
            int end = part.contains("=") ? part.indexOf('=') : part.length();
            if (!part.isEmpty()) {
                pairs.add(new Signing.Pair(unescape(part.substring(0, end)),
                        unescape(part.substring(Math.min(end + 1, part.length())))));
            }
        }
        return pairs;
    }

    private String unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); at++) {
            char each = text.charAt(at);
            if (each == '%') {
                if (!text.substring(at, Math.min(at + 3, text.length())).matches("%[0-9A-Fa-f]{2}")) {
                    throw new Refused("a percent sign encodes nothing");
                }
                bytes.write(Integer.parseInt(text, at + 1, at + 3, 16));
                at += 2;
            } else {
                bytes.write(each == '+' ? ' ' : each);
            }
        }
        return Charsets.decode(bytes.toByteArray(), account.charset);
    }

    /** The values are signed, and each name stood there once. */
    private Ledger.News readNews(Map<String, String> values) {
        // The signed text is "a=1&b=2": whoever forwards it may move the border between two parameters and keep the
        // signature, so a seller_id can be hidden in the value before it. Such a value is not believed.
        if (values.values().stream().anyMatch(value -> ACTED_UPON.matcher(value).find())) {
            throw new Refused("a value holds another parameter");
        }
        if (!"trade_status_sync".equals(values.get("notify_type")) || !values.containsKey("notify_id")) {
            throw new Refused("notify_type or notify_id is not what it should be");
        }
        if (!sameIfGiven(values.get("seller_id"), account.partner)) {
            throw new Refused("this payment is for another seller");
        }
        String outTradeNo = compulsory("out_trade_no", values.get("out_trade_no"), 64);
        boolean isRefund = "refundFPAction".equals(values.get("notify_action_type"));
        checkStatus(values, isRefund);
        Ledger.Trade known = ledger.find(outTradeNo);
        String currency = values.getOrDefault("trans_currency", known == null ? null : known.currency);
        String paidAt = values.get("gmt_payment");
        return new Ledger.News(outTradeNo, optional("trade_no", values.get("trade_no"), 64),
                values.get("trade_status"), positive(values.get("total_fee"), currency), currency,
                paidAt == null ? null : Beijing.parse(paidAt), values.get("qrcode"), isRefund,
                isRefund ? optional("out_biz_no", values.get("out_biz_no"), 64) : null,
                isRefund ? positive(values.get("refund_fee"), currency) : null);
    }

    private static void checkStatus(Map<String, String> values, boolean isRefund) {
        String status = values.get("trade_status");
        if (status == null ? !isRefund : !STATUSES.contains(status)) {
            throw new Refused("trade_status is unknown");
        }
        if (isRefund && !sameIfGiven(values.get("refund_status"), "REFUND_SUCCESS")) {
            throw new Refused("the refund has not succeeded");
        }
        boolean isPayment = !isRefund && (status.equals("TRADE_SUCCESS") || status.equals("TRADE_FINISHED"));
        if (isPayment && !values.containsKey("total_fee")) {
            throw new Refused("total_fee is missing");
        }
    }

    private static BigDecimal positive(String text, String currency) {
        if (text == null) {
            return null;
        }
        BigDecimal amount = Money.read(text, currency);
        if (amount.signum() == 0) {
            throw new Refused("an amount is zero");
        }
        return amount;
    }

    // --- looking --------------------------------------------------------------------------------------------

    public Map<String, String> trade(String outTradeNo) {
        Map<String, String> result = new LinkedHashMap<>(Map.of("state", ledger.state(outTradeNo)));
        Ledger.Trade trade = ledger.find(outTradeNo);
        if (trade == null || trade.currency == null) {
            return result;
        }
        if (trade.wasPaid) {
            result.put("paid", trade.total.toPlainString());
        }
        result.put("currency", trade.currency);
        result.put("refunded", ledger.refunded(outTradeNo).toPlainString());
        result.put("pending", ledger.pending(outTradeNo).toPlainString());
        result.put("fulfilled", String.valueOf(trade.fulfilled));
        return result;
    }

    // --- checks before sending ------------------------------------------------------------------------------

    private static void checkBizData(Map<String, Object> bizData) {
        boolean isTaxi = TAXI.equals(bizData.get("secondary_merchant_industry"));
        for (Member member : BIZ_DATA) {
            Object value = bizData.get(member.name);
            boolean isOptional = !member.isCompulsory || (isTaxi && member.name.startsWith("store_"));
            if (value == null && isOptional) {
                continue;
            }
            if (!member.pattern.matcher(compulsory("biz_data." + member.name, value, member.longest)).matches()) {
                throw new Refused("biz_data." + member.name + " holds a character that is not allowed there");
            }
        }
        String pricing = (String) bizData.get("trans_currency");
        String settlement = (String) bizData.get("currency");
        Money.decimals(pricing);
        Money.decimals(settlement);
        if (!Arrays.asList("CNY", pricing).contains(settlement) && !pricing.equals("CNY")) {
            throw new Refused("settlement is in CNY or in the pricing currency");
        }
        if (bizData.get("channel_fee") != null) {
            checkChannelFee(bizData.get("channel_fee"), settlement);
        }
        if (bizData.get("passback_parameters") instanceof Map<?, ?> passback
                && passback.values().stream().anyMatch(value -> value instanceof Map || value instanceof List)) {
            throw new Refused("biz_data.passback_parameters must be flat");
        }
    }

    private static void checkChannelFee(Object fee, String currency) {
        Object type = fee instanceof Map<?, ?> members ? members.get("type") : null;
        Object value = fee instanceof Map<?, ?> members ? members.get("value") : null;
        if (!Set.of("FIXED", "RATE").contains(String.valueOf(type)) || !(value instanceof String)) {
            throw new Refused("biz_data.channel_fee needs a type, FIXED or RATE, and a value");
        }
        if (type.equals("FIXED")) {
            Money.parse((String) value, currency);
        } else if (!RATE.matcher((String) value).matches()) {
            throw new Refused("biz_data.channel_fee: a RATE lies between 0 and 0.05");
        }
    }

    private static String compulsory(String name, Object value, int longest) {
        if (!(value instanceof String text) || text.isEmpty()) {
            throw new Refused(name + " is missing");
        }
        if (text.codePointCount(0, text.length()) > longest) {
            throw new Refused(name + " is longer than " + longest + " characters");
        }
        return text;
    }

    private static String optional(String name, String value, int longest) {
        return value == null || value.isEmpty() ? null : compulsory(name, value, longest);
    }

    private static String address(String url) {
        if (!ADDRESS.matcher(compulsory("notify_url", url, 200)).matches()) {
            throw new Refused("notify_url is not an address");
        }
        return url;
    }

    private static boolean sameIfGiven(String theirs, String ours) {
        return theirs == null || ours == null || theirs.equals(ours);
    }
}
