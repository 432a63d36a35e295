package shop;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a request.
 *
 * <p>success: signed, and the business result is SUCCESS. failed: refused, and nothing was done. unknown: it may
 * or may not have been done; repeat it with the same ids. A failure that is not signed (a gateway error) speaks
 * of this one request only, not of earlier attempts.
 */
record Reply(String outcome, String code, Map<String, String> fields, boolean signed) {
    static Reply unknown(String code) {
        return new Reply("unknown", code, Map.of(), false);
    }

    boolean is(String wanted) {
        return outcome.equals(wanted);
    }

    /** The field's value, or null where it is absent or empty. */
    String get(String name) {
        String value = fields.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A signed answer proves something only about the ids that it names. */
    Reply unlessAbout(boolean ours) {
        return is("success") && !ours ? unknown(null) : this;
    }

    /** What the caller is told: the outcome, the code, and of a success the named fields. */
    Map<String, String> result(String... names) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("outcome", outcome);
        for (String name : is("success") ? names : new String[0]) {
            if (get(name) != null) {
                result.put(name, get(name));
            }
        }
        if (code != null) {
            result.put("code", code);
        }
        return result;
    }
}
