package shop;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.List;
import java.util.Locale;

/** Text is UTF-16 in this program, as everywhere in Java; on the wire it is in the account's charset. */
public final class Charsets {
    private static final List<String> NAMES = List.of("UTF-8", "GBK", "GB2312");

    private Charsets() {
    }

    public static String name(String charset) {
        String name = charset.toUpperCase(Locale.ROOT);
        if (!NAMES.contains(name)) {
            throw new Refused("the charset must be UTF-8, GBK or GB2312");
        }
        return name;
    }

    /** Not getBytes(), which writes "?" for what the charset lacks and so signs what nobody wrote. */
    public static byte[] encode(String text, String charset) {
        String name = name(charset);
        try {
            ByteBuffer bytes = Charset.forName(name).newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            // The euro sign is the one character that Java's GBK has (0x80) and GBK itself has not.
            if (!name.equals("UTF-8") && text.indexOf('\u20ac') >= 0) {
                throw new Refused("the euro sign does not exist in " + name);
            }
            byte[] result = new byte[bytes.remaining()];
            bytes.get(result);
            return result;
        } catch (CharacterCodingException error) {
            throw new Refused("a character does not exist in " + name);
        }
    }

    /** Not new String(bytes, charset), which replaces what it cannot read. */
    public static String decode(byte[] bytes, String charset) {
        String name = name(charset);
        try {
            return Charset.forName(name).newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            throw new Refused("the bytes are not " + name);
        }
    }
}
