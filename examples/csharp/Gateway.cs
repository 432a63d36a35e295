using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Xml;

namespace Shop
{
    /// <summary>
    /// What came of a request. success: signed, and the business result is SUCCESS. failed: refused, and nothing was
    /// done. unknown: it may or may not have been done; repeat it with the same ids. A failure that is not signed (a
    /// gateway error) speaks of this one request only, not of earlier attempts.
    /// </summary>
    public sealed class Reply
    {
        public readonly string Outcome, Code;
        public readonly bool Signed;
        private readonly IDictionary<string, string> fields;

        public Reply(string outcome, string code = null, IDictionary<string, string> fields = null, bool signed = false)
        {
            Outcome = outcome;
            Code = string.IsNullOrEmpty(code) ? null : code;
            this.fields = fields ?? new Dictionary<string, string>();
            Signed = signed;
        }

        public static readonly Reply Unknown = new Reply("unknown");

        /// <summary>The field's value, or null where it is absent or empty.</summary>
        public string this[string name]
        {
            get { return fields.TryGetValue(name, out var value) && value != "" ? value : null; }
        }

        /// <summary>A signed answer proves something only about the ids that it names.</summary>
        public Reply UnlessAbout(bool ours) { return Outcome == "success" && !ours ? Unknown : this; }

        /// <summary>What the caller is told: the outcome, the code, and of a success the named fields.</summary>
        public Dictionary<string, object> Result(params string[] names)
        {
            var result = new Dictionary<string, object> { ["outcome"] = Outcome };
            foreach (var name in names.Where(name => Outcome == "success" && this[name] != null))
                result[name] = this[name];
            if (Code != null) result["code"] = Code;
            return result;
        }
    }

    /// <summary>A request that is signed and encoded, ready to be sent.</summary>
    public sealed class Prepared
    {
        public string Url;
        public byte[] Body;
    }

    /// <summary>Talks to Alipay's gateway: a form goes out by POST, XML comes back.</summary>
    public sealed class Gateway
    {
        private const int LargestAnswer = 1 << 20;
        private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
        private static readonly Regex Address =
            new Regex(@"\A(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])");
        private static readonly Regex Declaration = new Regex("\\A(?:\u00ef\u00bb\u00bf)?<\\?xml\\s[^>]*?\\?>");
        private static readonly Regex DeclaredCharset = new Regex("\\sencoding\\s*=\\s*[\"']([\\w.-]+)[\"']");

        /// <summary>Codes after which nobody knows whether the request was carried out.</summary>
        private static readonly HashSet<string> SystemErrors = new HashSet<string>
        {
            "SYSTEM_ERROR", "SYSTEM_EXCEPTION", "SESSION_TIMEOUT", "ILLEGAL_TARGET_SERVICE",
            "ILLEGAL_ACCESS_SWITCH_SYSTEM", "ILLEGAL_SWITCH_SYSTEM", "EXTERFACE_IS_CLOSED",
        };

        private readonly Account account;

        public Gateway(Account account) { this.account = account; }

        /// <summary>Whatever is wrong with a request is found here, before anything is sent.</summary>
        public Prepared Prepare(string service, IDictionary<string, string> fields, string gatewayUrl)
        {
            var url = gatewayUrl ?? account.GatewayUrl;
            if (!Address.IsMatch(url)) throw new Refused("the gateway is reached by https only");
            var pairs = new List<Pair>
            {
                new Pair("service", service), new Pair("partner", account.Partner),
                new Pair("_input_charset", account.CharsetName),
            };
            pairs.AddRange(fields.Where(field => !string.IsNullOrEmpty(field.Value))
                .Select(field => new Pair(field.Key, field.Value)));
            pairs.Add(new Pair("sign", Signing.Sign(account, pairs, account.CharsetName, account.SignType)));
            pairs.Add(new Pair("sign_type", account.SignType));
            // The gateway reads the charset from the URL, before it can read the body.
            var body = pairs.Where(pair => pair.Name != "_input_charset")
                .Select(pair => pair.Name + "=" + PercentEncode(Charset.Encode(pair.Value, account.CharsetName)));
            return new Prepared
            {
                Url = url + (url.Contains("?") ? "&" : "?") + "_input_charset=" + account.CharsetName,
                Body = Encoding.ASCII.GetBytes(string.Join("&", body)),
            };
        }

        /// <summary>Whatever happens on the way, the answer is a reply.</summary>
        public Reply Send(Prepared prepared)
        {
            try
            {
                return Read(Post(prepared));
            }
            catch (Exception error) when (error is WebException || error is IOException || error is XmlException
                || error is Refused || error is ObjectDisposedException)
            {
                Console.Error.WriteLine("no usable answer: " + error.Message);
                return Reply.Unknown;
            }
        }

        private byte[] Post(Prepared prepared)
        {
            var request = (HttpWebRequest)WebRequest.Create(prepared.Url);
            request.Method = "POST";
            request.ContentType = "application/x-www-form-urlencoded; charset=" + account.CharsetName;
            request.AllowAutoRedirect = false; // whoever redirects is not the gateway
            request.Proxy = null;
            request.KeepAlive = false; // nothing is sent twice behind our back
            request.ServicePoint.Expect100Continue = false;
            request.Timeout = request.ReadWriteTimeout = (int)account.Timeout.TotalMilliseconds;
            // Those two are for each step: a gateway that trickles would hold us for ever.
            using (new Timer(_ => request.Abort(), null, account.Timeout, Timeout.InfiniteTimeSpan))
            {
                using (var stream = request.GetRequestStream()) stream.Write(prepared.Body, 0, prepared.Body.Length);
                using (var response = (HttpWebResponse)request.GetResponse())
                using (var stream = response.GetResponseStream())
                using (var answer = new MemoryStream())
                {
                    var part = new byte[8192];
                    for (int count; (count = stream.Read(part, 0, part.Length)) > 0;)
                    {
                        answer.Write(part, 0, count);
                        if (answer.Length > LargestAnswer) throw new Refused("the answer is too large");
                    }
                    if (response.StatusCode != HttpStatusCode.OK) throw new Refused("status " + response.StatusCode);
                    if (response.ContentLength >= 0 && response.ContentLength != answer.Length)
                        throw new Refused("the answer is cut off");
                    return answer.ToArray();
                }
            }
        }

        private Reply Read(byte[] data)
        {
            var head = Declaration.Match(string.Concat(data.Take(200).Select(each => (char)each))).Value;
            var declared = DeclaredCharset.Match(head);
            var charset = declared.Success ? declared.Groups[1].Value : "UTF-8";
            // Decoded here, because the parser would forgive bytes that are not of its charset.
            var text = Charset.Decode(data.Skip(head.Length).ToArray(), charset);
            var document = new XmlDocument { XmlResolver = null };
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
            using (var reader = XmlReader.Create(new StringReader(text), settings)) document.Load(reader);
            var root = document.DocumentElement;
            var parts = Children(root);
            if (root.Name != "alipay") return Reply.Unknown;

            string isSuccess = Text(parts, "is_success"), error = Text(parts, "error");
            if (isSuccess == "F" && !parts.ContainsKey("sign"))
                return new Reply(error == "" || SystemErrors.Contains(error) ? "unknown" : "failed", error);
            if (!parts.ContainsKey("response") || (isSuccess != "T" && isSuccess != "F")) return Reply.Unknown;

            var fields = SignedFields(parts["response"]);
            var pairs = fields.Select(field => new Pair(field.Key, field.Value)).ToList();
            pairs.Add(new Pair("sign", Text(parts, "sign")));
            pairs.Add(new Pair("sign_type", Text(parts, "sign_type")));
            return Signing.Verify(account, pairs, charset) ? SignedAnswer(isSuccess == "T", fields, error) : Reply.Unknown;
        }

        private static Reply SignedAnswer(bool isSuccess, IDictionary<string, string> fields, string error)
        {
            var code = new[] { "detail_error_code", "error" }.Where(fields.ContainsKey).Select(name => fields[name])
                .Concat(new[] { error }).FirstOrDefault(text => text != "");
            fields.TryGetValue("result_code", out var result);
            var made = result == null && fields.ContainsKey("qrcode");  // CREATE may be answered without result_code
            if (isSuccess && (result == "SUCCESS" || made)) return new Reply("success", null, fields, true);
            var undone = (!isSuccess || result == "FAIL" || result == "FAILED") && !SystemErrors.Contains(code ?? "");
            return undone ? new Reply("failed", code, fields, true) : new Reply("unknown", code);
        }

        /// <summary>What is signed: the children of the first child of response, whatever that is called.</summary>
        private static Dictionary<string, string> SignedFields(XmlElement response)
        {
            var container = response.ChildNodes.OfType<XmlElement>().FirstOrDefault();
            if (container == null) throw new Refused("the answer holds nothing that is signed");
            var children = Children(container);
            if (children.Values.Any(child => child.ChildNodes.OfType<XmlElement>().Any()))
                throw new Refused("a field of the answer is no text");
            return children.Keys.ToDictionary(name => name, name => Text(children, name));
        }

        private static Dictionary<string, XmlElement> Children(XmlElement parent)
        {
            var children = new Dictionary<string, XmlElement>();
            foreach (var child in parent.ChildNodes.OfType<XmlElement>())
            {
                if (children.ContainsKey(child.Name)) throw new Refused("an element stands twice: which one would count?");
                children[child.Name] = child;
            }
            return children;
        }

        private static string Text(IDictionary<string, XmlElement> parts, string name)
        {
            // XML's own blanks: Trim() alone would take full-width ones too, which are part of a value.
            return parts.ContainsKey(name) ? parts[name].InnerText.Trim(' ', '\t', '\r', '\n') : "";
        }

        private static string PercentEncode(byte[] bytes)
        {
            return string.Concat(bytes.Select(each =>
                Unreserved.IndexOf((char)each) >= 0 ? ((char)each).ToString() : "%" + each.ToString("X2")));
        }
    }
}
