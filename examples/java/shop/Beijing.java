package shop;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;

/** Alipay's clock is GMT+8, wherever the shop stands. */
final class Beijing {
    private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);
    // Strict, or 30 February would be read as the 28th; "uuuu" is the year, "YYYY" would be that of the week.
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    private Beijing() {
    }

    static Instant parse(String text) {
        try {
            return LocalDateTime.parse(text, FORMAT).toInstant(ZONE);
        } catch (DateTimeParseException error) {
            throw new Refused("a time is written yyyy-MM-dd HH:mm:ss");
        }
    }

    static String text(Instant moment) {
        return FORMAT.format(moment.atOffset(ZONE));
    }

    static boolean sameDay(Instant one, Instant other) {
        return one != null && one.atOffset(ZONE).toLocalDate().equals(other.atOffset(ZONE).toLocalDate());
    }
}
