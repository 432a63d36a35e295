package shop;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Amounts are BigDecimals made of text: a double cannot hold 0.10 exactly. */
final class Money {
    private static final Pattern AMOUNT = Pattern.compile("(0|[1-9][0-9]{0,8})(\\.[0-9]{1,2})?");
    private static final Map<String, Integer> DECIMALS = new TreeMap<>(Map.of("JPY", 0, "KRW", 0, "VND", 0));

    static {
        String two = "AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD ZAR";
        for (String currency : two.split(" ")) {
            DECIMALS.put(currency, 2);
        }
    }

    private Money() {
    }

    static int decimals(String currency) {
        Integer decimals = currency == null ? null : DECIMALS.get(currency);
        if (decimals == null) {
            throw new Refused("the currency is unknown");
        }
        return decimals;
    }

    static BigDecimal parse(String text, String currency) {
        int decimals = decimals(currency);
        if (!AMOUNT.matcher(text).matches()) {
            throw new Refused("an amount is written like 12.30, without sign, blanks or exponent");
        }
        BigDecimal amount = new BigDecimal(text);
        if (amount.scale() > decimals) {
            throw new Refused(currency + " has " + decimals + " decimals");
        }
        return amount.setScale(decimals); // equals() compares the scale too, so every amount has its currency's
    }

    /** In what Alipay sends, JPY 100 may be written 100.00: the same amount, exactly. */
    static BigDecimal read(String text, String currency) {
        return parse(decimals(currency) == 0 ? text.replaceFirst("\\.0{1,2}$", "") : text, currency);
    }
}
