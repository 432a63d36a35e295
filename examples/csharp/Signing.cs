using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Shop
{
    /// <summary>What the shop declines before anything is sent or booked; the message says why.</summary>
    public sealed class Refused : Exception
    {
        public Refused(string message) : base(message) { }
    }

    /// <summary>Text is UTF-16 in this program; on the wire it is in the account's charset.</summary>
    public static class Charset
    {
        // Encoding.UTF8 would replace half a character; this one throws.
        private static readonly Encoding Utf8 = new UTF8Encoding(false, true);
        // .NET knows GB2312 as another name of code page 936, which is GBK.
        private static readonly Encoding Gbk = Encoding.GetEncoding(936);

        public static string Name(string charset)
        {
            var name = (charset ?? "").ToUpperInvariant();
            if (name != "UTF-8" && name != "GBK" && name != "GB2312")
                throw new Refused("the charset must be UTF-8, GBK or GB2312");
            return name;
        }

        /// <summary>A character that the charset lacks is an error: "?" would sign what nobody wrote.</summary>
        public static byte[] Encode(string text, string charset)
        {
            var name = Name(charset);
            try
            {
                if (name == "UTF-8") return Utf8.GetBytes(text);
                var bytes = Gbk.GetBytes(text);
                if (Gbk.GetString(bytes) == text && Belongs(bytes, name)) return bytes;
            }
            catch (ArgumentException) { }
            throw new Refused("a character does not exist in " + name);
        }

        public static string Decode(byte[] bytes, string charset)
        {
            var name = Name(charset);
            try
            {
                if (name == "UTF-8") return Utf8.GetString(bytes);
                var text = Gbk.GetString(bytes);
                if (Gbk.GetBytes(text).SequenceEqual(bytes) && Belongs(bytes, name)) return text;
            }
            catch (ArgumentException) { }
            throw new Refused("the bytes are not " + name);
        }

        /// <summary>Does every code of this GBK text stand in the table of the charset?</summary>
        private static bool Belongs(byte[] bytes, string name)
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                if (bytes[at] < 0x80) continue;
                // 0x80 alone is the euro sign of Windows, which GBK itself has not.
                if (bytes[at] == 0x80 || at + 1 == bytes.Length) return false;
                if (name == "GB2312" && !InGb2312(bytes[at], bytes[at + 1])) return false;
                at++;
            }
            return true;
        }

        /// <summary>The rows of GB2312 that are not full, as first and last columns.</summary>
        private static readonly Dictionary<int, byte[]> Columns = new Dictionary<int, byte[]>
        {
            [0xa2] = new byte[] { 0xb1, 0xe2, 0xe5, 0xee, 0xf1, 0xfc },
            [0xa4] = new byte[] { 0xa1, 0xf3 },
            [0xa5] = new byte[] { 0xa1, 0xf6 },
            [0xa6] = new byte[] { 0xa1, 0xb8, 0xc1, 0xd8 },
            [0xa7] = new byte[] { 0xa1, 0xc1, 0xd1, 0xf1 },
            [0xa8] = new byte[] { 0xa1, 0xba, 0xc5, 0xe9 },
            [0xa9] = new byte[] { 0xa4, 0xef },
            [0xd7] = new byte[] { 0xa1, 0xf9 },
        };
        private static readonly byte[] Full = { 0xa1, 0xfe };

        private static bool InGb2312(byte row, byte column)
        {
            if (row < 0xa1 || row > 0xf7 || (row > 0xa9 && row < 0xb0)) return false;
            var columns = Columns.ContainsKey(row) ? Columns[row] : Full;
            return Enumerable.Range(0, columns.Length / 2)
                .Any(at => column >= columns[2 * at] && column <= columns[2 * at + 1]);
        }
    }

    /// <summary>Everything Alipay gave us, and where to find it. Keys are PEM, the private one PKCS#1.</summary>
    public sealed class Account
    {
        public readonly string Partner, SignType, CharsetName, GatewayUrl, NotifyUrl;
        public readonly TimeSpan Timeout;
        internal readonly string Md5Key;
        private readonly string privateKey, alipayPublicKey;

        public Account(string partner, string signType, string charset, string md5Key, string privateKey,
            string alipayPublicKey, string gatewayUrl, string notifyUrl, TimeSpan timeout)
        {
            if (string.IsNullOrEmpty(partner)) throw new Refused("the partner id is empty");
            Partner = partner;
            SignType = Signing.Known(signType);
            CharsetName = Charset.Name(charset);
            Md5Key = md5Key.Trim(); // a key file read whole ends in a newline, which would be signed along
            this.privateKey = privateKey;
            this.alipayPublicKey = alipayPublicKey;
            GatewayUrl = gatewayUrl;
            NotifyUrl = notifyUrl;
            Timeout = timeout;
        }

        internal RSACryptoServiceProvider SigningKey()
        {
            return Load("our private key", () =>
            {
                var der = new Der(privateKey).Enter(0x30);
                der.Integer(); // version
                return new RSAParameters
                {
                    Modulus = der.Integer(), Exponent = der.Integer(), D = der.Integer(), P = der.Integer(),
                    Q = der.Integer(), DP = der.Integer(), DQ = der.Integer(), InverseQ = der.Integer(),
                };
            });
        }

        internal RSACryptoServiceProvider VerifyingKey()
        {
            return Load("Alipay's public key", () =>
            {
                var der = new Der(alipayPublicKey).Enter(0x30);
                der.Enter(0x30); // the algorithm
                der = der.Enter(0x03, skip: 1).Enter(0x30);
                return new RSAParameters { Modulus = der.Integer(), Exponent = der.Integer() };
            });
        }

        private static RSACryptoServiceProvider Load(string what, Func<RSAParameters> read)
        {
            try
            {
                var parameters = read();
                // .NET wants every number in its full length, with leading zeros.
                var half = (parameters.Modulus.Length + 1) / 2;
                parameters.D = Pad(parameters.D, parameters.Modulus.Length);
                parameters.P = Pad(parameters.P, half);
                parameters.Q = Pad(parameters.Q, half);
                parameters.DP = Pad(parameters.DP, half);
                parameters.DQ = Pad(parameters.DQ, half);
                parameters.InverseQ = Pad(parameters.InverseQ, half);
                var key = new RSACryptoServiceProvider { PersistKeyInCsp = false };
                key.ImportParameters(parameters);
                return key;
            }
            catch (Exception error) when (error is FormatException || error is CryptographicException
                || error is IndexOutOfRangeException || error is ArgumentException)
            {
                throw new Refused(what + " cannot be used");
            }
        }

        private static byte[] Pad(byte[] number, int length)
        {
            return number == null ? null : new byte[length - number.Length].Concat(number).ToArray();
        }

        /// <summary>Reads what a PEM text holds: Mono has no ImportFromPem.</summary>
        private sealed class Der
        {
            private readonly byte[] bytes;
            private int at;

            public Der(string pem)
                : this(Convert.FromBase64String(string.Concat(
                    pem.Split('\n').Where(line => !line.StartsWith("-", StringComparison.Ordinal))))) { }

            private Der(byte[] bytes) { this.bytes = bytes; }

            public Der Enter(byte tag, int skip = 0)
            {
                if (bytes[at++] != tag) throw new FormatException("another element was expected");
                int length = bytes[at++];
                if (length > 0x80)
                {
                    var count = length - 0x80;
                    for (length = 0; count > 0; count--) length = checked(length << 8 | bytes[at++]);
                }
                var content = bytes.Skip(at + skip).Take(length - skip).ToArray();
                at += length;
                return new Der(content);
            }

            public byte[] Integer() { return Enter(0x02).bytes.SkipWhile(each => each == 0).ToArray(); }
        }
    }

    /// <summary>A parameter; a value may be null, which is no value.</summary>
    public struct Pair
    {
        public readonly string Name, Value;
        public Pair(string name, string value) { Name = name; Value = value; }
    }

    /// <summary>Signs what we send and checks what came.</summary>
    public static class Signing
    {
        private static readonly Dictionary<string, string> Hashes =
            new Dictionary<string, string> { ["RSA"] = "SHA1", ["RSA2"] = "SHA256" };

        public static string Known(string signType)
        {
            if (signType == null || (signType != "MD5" && !Hashes.ContainsKey(signType)))
                throw new Refused("sign_type must be MD5, RSA or RSA2, in capital letters");
            return signType;
        }

        /// <summary>The bytes that are signed.</summary>
        public static byte[] Presign(IList<Pair> pairs, string charset)
        {
            if (pairs.Select(pair => pair.Name).Distinct().Count() != pairs.Count)
                throw new Refused("a parameter stands twice");
            var signed = pairs
                // Not IsNullOrWhiteSpace: a value of blanks is a value.
                .Where(pair => pair.Name != "sign" && pair.Name != "sign_type" && !string.IsNullOrEmpty(pair.Value))
                // Not SortedDictionary<string, ...>, whose order is that of the server's language.
                .OrderBy(pair => BitConverter.ToString(Encoding.UTF8.GetBytes(pair.Name)), StringComparer.Ordinal)
                .Select(pair => pair.Name + "=" + pair.Value);
            return Charset.Encode(string.Join("&", signed), charset);
        }

        public static string Sign(Account account, IList<Pair> pairs, string charset, string signType)
        {
            Known(signType);
            var message = Presign(pairs, charset);
            if (signType == "MD5") return Md5(account, message);
            using (var key = account.SigningKey())
                return Convert.ToBase64String(key.SignData(message, Hashes[signType]));
        }

        /// <summary>Only the sign type of our own account counts, whatever the message claims.</summary>
        public static bool Verify(Account account, IList<Pair> pairs, string charset)
        {
            var sign = pairs.FirstOrDefault(pair => pair.Name == "sign").Value;
            var signType = pairs.FirstOrDefault(pair => pair.Name == "sign_type").Value;
            if (sign == null || signType != account.SignType) return false;
            try
            {
                var message = Presign(pairs, charset);
                if (signType == "MD5") return SameText(Md5(account, message), sign);
                var signature = Convert.FromBase64String(sign);
                // FromBase64String passes over blanks, so compare with what it has read.
                using (var key = account.VerifyingKey())
                    return Convert.ToBase64String(signature) == sign && signature.Length == key.KeySize / 8
                        && key.VerifyData(message, Hashes[signType], signature);
            }
            catch (Exception error) when (error is Refused || error is FormatException
                || error is CryptographicException)
            {
                return false;
            }
        }

        private static string Md5(Account account, byte[] message)
        {
            if (account.Md5Key == "") throw new Refused("the account has no MD5 key");
            using (var md5 = MD5.Create())
            {
                var digest = md5.ComputeHash(message.Concat(Encoding.UTF8.GetBytes(account.Md5Key)).ToArray());
                return string.Concat(digest.Select(each => each.ToString("x2")));
            }
        }

        /// <summary>Takes the same time wherever the two differ.</summary>
        private static bool SameText(string one, string other)
        {
            var difference = one.Length ^ other.Length;
            for (var at = 0; at < one.Length && at < other.Length; at++) difference |= one[at] ^ other[at];
            return difference == 0;
        }
    }
}
