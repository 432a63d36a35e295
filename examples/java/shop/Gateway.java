package shop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Talks to Alipay's gateway: a form goes out by POST, XML comes back. */
final class Gateway {
    private static final Logger LOG = Logger.getLogger(Gateway.class.getName());
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static final Pattern DECLARATION = Pattern.compile("^<\\?xml\\s[^>]*?\\?>");
    private static final Pattern ENCODING = Pattern.compile("\\sencoding\\s*=\\s*[\"']([\\w.-]+)[\"']");
    private static final Pattern ADDRESS =
            Pattern.compile("https://.+|http://(127\\.0\\.0\\.1|localhost|\\[::1])[:/].*");
    /** Codes after which nobody knows whether the request was carried out. */
    private static final Set<String> SYSTEM_ERRORS = Set.of("SYSTEM_ERROR", "SYSTEM_EXCEPTION", "SESSION_TIMEOUT",
            "ILLEGAL_TARGET_SERVICE", "ILLEGAL_ACCESS_SWITCH_SYSTEM", "ILLEGAL_SWITCH_SYSTEM", "EXTERFACE_IS_CLOSED");
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // whoever redirects is not the gateway
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    private final Account account;
    private final Signing signing;

    Gateway(Account account) {
        this.account = account;
        this.signing = new Signing(account);
    }

    /** Signs and encodes a request; whatever is wrong with it is found here, before anything is sent. */
    HttpRequest prepare(String service, Map<String, String> fields, String gatewayUrl) {
        String url = gatewayUrl == null ? account.gatewayUrl : gatewayUrl;
        if (!ADDRESS.matcher(url).matches()) {
            throw new Refused("the gateway is reached by https only");
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("service", service);
        all.put("partner", account.partner);
        all.put("_input_charset", account.charset);
        all.putAll(fields);
        List<Signing.Pair> pairs = new ArrayList<>();
        all.forEach((name, value) -> {
            if (value != null && !value.isEmpty()) {
                pairs.add(new Signing.Pair(name, value));
            }
        });
        pairs.add(new Signing.Pair("sign", signing.sign(pairs, account.charset, account.signType)));
        pairs.add(new Signing.Pair("sign_type", account.signType));

        // The gateway reads the charset from the URL, before it can read the body.
        List<String> body = new ArrayList<>();
        for (Signing.Pair pair : pairs) {
            if (!pair.name().equals("_input_charset")) {
                body.add(pair.name() + "=" + percentEncode(Charsets.encode(pair.value(), account.charset)));
            }
        }
        String charset = (url.contains("?") ? "&" : "?") + "_input_charset=" + account.charset;
        return HttpRequest.newBuilder(URI.create(url + charset))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=" + account.charset)
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", body), ISO_8859_1))
                .build();
    }

    /** Sends a prepared request; whatever happens on the way, the answer is a reply. */
    Reply send(HttpRequest request) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> exchange = CLIENT.sendAsync(request,
                HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                    if (answer.size() + bytes.length > LARGEST_ANSWER) {
                        throw new Refused("the answer is too large");
                    }
                    answer.writeBytes(bytes);
                })));
        try {
            // The client's own timeout ends with the headers; this one holds for the whole answer.
            int status = exchange.get(account.timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status == 200 ? read(answer.toByteArray()) : Reply.unknown(null);
        } catch (ExecutionException | TimeoutException | IOException | SAXException | Refused error) {
            exchange.cancel(true);
            LOG.log(Level.WARNING, "no usable answer: {0}", error.toString());
            return Reply.unknown(null);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            return Reply.unknown(null);
        }
    }

    private Reply read(byte[] data) throws IOException, SAXException {
        Matcher declaration = DECLARATION.matcher(new String(data, 0, Math.min(200, data.length), ISO_8859_1));
        Matcher encoding = ENCODING.matcher(declaration.find() ? declaration.group() : "");
        String charset = encoding.find() ? encoding.group(1) : "UTF-8";
        // Decoded here, because the parser would forgive bytes that are not of its charset.
        String text = DECLARATION.matcher(Charsets.decode(data, charset)).replaceFirst("");
        Element root = builder().parse(new InputSource(new StringReader(text))).getDocumentElement();
        if (!root.getTagName().equals("alipay")) {
            return Reply.unknown(null);
        }
        Map<String, Element> parts = children(root);
        String isSuccess = text(parts.get("is_success"));
        String error = text(parts.get("error"));
        if (isSuccess.equals("F") && !parts.containsKey("sign")) {
            boolean undone = !error.isEmpty() && !SYSTEM_ERRORS.contains(error);
            return new Reply(undone ? "failed" : "unknown", error.isEmpty() ? null : error, Map.of(), false);
        }
        Map<String, String> fields = signedFields(parts.get("response"));
        List<Signing.Pair> pairs = new ArrayList<>();
        fields.forEach((name, value) -> pairs.add(new Signing.Pair(name, value)));
        pairs.add(new Signing.Pair("sign", text(parts.get("sign"))));
        pairs.add(new Signing.Pair("sign_type", text(parts.get("sign_type"))));
        if (!isSuccess.matches("[TF]") || !signing.verify(pairs, charset)) {
            return Reply.unknown(null);
        }
        return signedAnswer(isSuccess.equals("T"), fields, error);
    }

    private static Reply signedAnswer(boolean isSuccess, Map<String, String> fields, String error) {
        String code = Stream.of(fields.get("detail_error_code"), fields.get("error"), error)
                .filter(text -> text != null && !text.isEmpty()).findFirst().orElse(null);
        String result = fields.getOrDefault("result_code", "");
        boolean made = result.isEmpty() && fields.containsKey("qrcode");  // CREATE may come without result_code
        if (isSuccess && (result.equals("SUCCESS") || made)) {
            return new Reply("success", null, fields, true);
        }
        boolean isFailure = !isSuccess || result.equals("FAIL") || result.equals("FAILED");
        return isFailure && (code == null || !SYSTEM_ERRORS.contains(code))
                ? new Reply("failed", code, fields, true) : Reply.unknown(code);
    }

    /** What is signed: the children of the first child of response, whatever that is called. */
    private static Map<String, String> signedFields(Element response) {
        List<Element> containers = response == null ? List.of() : elements(response);
        if (containers.isEmpty()) {
            throw new Refused("the answer holds nothing that is signed");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        children(containers.get(0)).forEach((name, child) -> {
            if (!elements(child).isEmpty()) {
                throw new Refused("a field of the answer is no text");
            }
            fields.put(name, text(child));
        });
        return fields;
    }

    private static Map<String, Element> children(Element parent) {
        Map<String, Element> children = new LinkedHashMap<>();
        for (Element child : elements(parent)) {
            if (children.put(child.getTagName(), child) != null) {
                throw new Refused("an element stands twice: which one would count?");
            }
        }
        return children;
    }

    private static List<Element> elements(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static String text(Element element) {
        // XML's own blanks: strip() would take full-width ones too, which are part of a value.
        return element == null ? "" : element.getTextContent().replaceAll("^[ \\t\\r\\n]+|[ \\t\\r\\n]+$", "");
    }

    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null); // else it prints
            return builder;
        } catch (ParserConfigurationException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String percentEncode(byte[] bytes) {
        StringBuilder result = new StringBuilder();
        for (byte each : bytes) {
            if (UNRESERVED.indexOf(each) >= 0) {
                result.append((char) each);
            } else {
                result.append(String.format("%%%02X", each));
            }
        }
        return result.toString();
    }
}
