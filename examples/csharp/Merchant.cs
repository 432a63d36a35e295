using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Web.Script.Serialization;

namespace Shop
{
    /// <summary>
    /// The shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund. Every operation
    /// answers a dictionary with "outcome" (success, accepted, failed or unknown) and throws Refused where the shop
    /// itself declines, before anything is sent.
    /// </summary>
    public sealed class Merchant
    {
        private sealed class Member
        {
            public readonly string Name;
            public readonly int Longest;
            public readonly Regex Form;
            public readonly bool IsCompulsory;

            public Member(string name, int longest, string form = "", bool isCompulsory = true)
            {
                Name = name;
                Longest = longest;
                Form = new Regex(form);
                IsCompulsory = isCompulsory;
            }
        }

        private static readonly Member[] BizData =
        {
            new Member("secondary_merchant_industry", 4, @"\A[0-9]{4}\z"),
            new Member("secondary_merchant_id", 64, @"\A[A-Za-z0-9_]+\z"),
            new Member("secondary_merchant_name", 64),
            new Member("store_id", 32, @"\A[A-Za-z0-9_-]+\z"),
            new Member("store_name", 2000),
            new Member("trans_currency", 3),
            new Member("currency", 3),
            new Member("country_code", 2, @"\A[A-Z]{2}\z", false),
            new Member("notify_mobile", 32, @"\A[0-9]+\z", false),
        };
        private const string Taxi = "4121";
        /// <summary>refund_amount is a Number(9,2): seven digits before the point.</summary>
        private static readonly Regex RefundAmount = new Regex(@"\A[0-9]{1,7}(\.[0-9]{1,2})?\z");
        private static readonly Regex Rate = new Regex(@"\A0(\.(0[0-4][0-9]*|050*|00?))?\z");
        private static readonly Regex Url = new Regex(@"\Ahttps?://[^\s/?#]\S*\z");
        private static readonly Regex ActedUpon = new Regex("&(?:notify_(?:id|type|action_type)|out_(?:trade|biz)_no"
            + "|trade_(?:no|status)|total_fee|trans_currency|gmt_payment|refund_(?:fee|status)|seller_id|qrcode)=");
        private static readonly string[] Statuses =
            { "WAIT_BUYER_PAY", "TRADE_PENDING", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED" };
        /// <summary>A repeated refund may fail so because its first attempt was carried out after all.</summary>
        private static readonly string[] MaybeByItself = { "TRADE_HAS_CLOSE", "RETURN_AMOUNT_EXCEED" };

        private readonly Account account;
        private readonly Ledger ledger;
        private readonly Func<DateTimeOffset> clock;
        private readonly Gateway gateway;

        public Merchant(Account account, Ledger ledger, Func<DateTimeOffset> clock)
        {
            this.account = account;
            this.ledger = ledger;
            this.clock = clock;
            gateway = new Gateway(account);
        }

        // --- CREATE -----------------------------------------------------------------------------------------

        public Dictionary<string, object> CreateQrCode(IDictionary<string, object> bizData, string notifyUrl,
            string gatewayUrl)
        {
            CheckBizData(bizData);
            var reply = gateway.Send(gateway.Prepare("alipay.commerce.qrcode.create", new Dictionary<string, string>
            {
                ["timestamp"] = Beijing.Text(clock()),
                ["notify_url"] = Address(notifyUrl),
                ["biz_type"] = "OVERSEASHOPQRCODE",
                // Encoded once: the same text is signed and sent.
                ["biz_data"] = Compulsory("biz_data", new JavaScriptSerializer().Serialize(bizData), 2000),
            }, gatewayUrl));
            return reply.UnlessAbout(reply["qrcode"] != null).Result("qrcode", "qrcode_img_url");
        }

        // --- CANCEL -----------------------------------------------------------------------------------------

        public Dictionary<string, object> Cancel(string outTradeNo, string tradeNo, string gatewayUrl)
        {
            var now = clock();
            ledger.MayCancel(outTradeNo, tradeNo, now);
            var request = gateway.Prepare("alipay.acquire.cancel", new Dictionary<string, string>
            {
                ["timestamp"] = now.ToUnixTimeMilliseconds().ToString(),
                ["out_trade_no"] = Compulsory("out_trade_no", outTradeNo, 64),
                ["trade_no"] = Optional("trade_no", tradeNo, 64),
            }, gatewayUrl);

            var isRepeat = ledger.Find(outTradeNo)?.Undecided ?? false;
            var trade = ledger.CancelSent(outTradeNo);
            var reply = gateway.Send(request);
            reply = reply.UnlessAbout(reply["out_trade_no"] == outTradeNo
                && !Ledger.IsOther(reply["trade_no"], tradeNo ?? trade.TradeNo));
            var result = reply.Result("action");
            if (reply.Outcome == "success")
            {
                ledger.CancelDone(trade);
                result["via"] = "cancel";
            }
            else if (reply.Outcome == "failed" && (reply.Signed || !isRepeat))
            {
                trade.Undecided = false;
            }
            return result;
        }

        // --- REFUND -----------------------------------------------------------------------------------------

        /// <summary>The order holds the parameters of REFUND by name.</summary>
        public Dictionary<string, object> Refund(IDictionary<string, object> order, string gatewayUrl)
        {
            Func<string, string> given = name => order.TryGetValue(name, out var value) ? value as string : null;
            var isSync = given("is_sync");
            if (isSync != null && isSync != "Y" && isSync != "N") throw new Refused("is_sync is Y or N");
            var asked = ReadOrder(given);
            // Alipay reports an asynchronous refund there.
            var notifyUrl = given("notify_url") ?? (isSync == "Y" ? null : account.NotifyUrl);
            var request = gateway.Prepare("alipay.acquire.overseas.spot.refund", new Dictionary<string, string>
            {
                ["partner_trans_id"] = asked.OutTradeNo,
                ["alipay_trans_id"] = Optional("alipay_trans_id", given("alipay_trans_id"), 64),
                ["partner_refund_id"] = asked.Id,
                ["refund_amount"] = Money.Format(asked.Amount, asked.Currency),
                ["currency"] = asked.Currency,
                ["refund_reason"] = Optional("refund_reason", given("refund_reason"), 128),
                ["is_sync"] = isSync,
                ["notify_url"] = string.IsNullOrEmpty(notifyUrl) ? null : Address(notifyUrl),
            }, gatewayUrl);

            var refund = ledger.FindRefund(asked.Id);
            var isRepeat = refund != null && refund.IsPending;
            if (refund != null && !refund.IsSame(asked)) throw new Refused("this partner_refund_id names another refund");
            if (refund?.State == "done") return new Reply("success").Result(); // once is enough
            if (refund?.State == "accepted") return new Reply("accepted").Result();
            refund = refund ?? asked;
            if (!isRepeat) ledger.MayRefund(refund, given("alipay_trans_id"), clock());
            ledger.RefundSent(refund);
            var reply = gateway.Send(request);
            return Book(reply.UnlessAbout(Confirms(reply, refund)), refund, isSync == "Y", isRepeat);
        }

        private static Refund ReadOrder(Func<string, string> given)
        {
            var currency = Compulsory("currency", given("currency"), 10);
            var text = Compulsory("refund_amount", given("refund_amount"), 10);
            var asked = new Refund
            {
                OutTradeNo = Compulsory("partner_trans_id", given("partner_trans_id"), 64),
                Id = Compulsory("partner_refund_id", given("partner_refund_id"), 64),
                Currency = currency,
                Amount = Money.Parse(text, currency),
            };
            if (asked.Id == asked.OutTradeNo) throw new Refused("partner_refund_id must differ from partner_trans_id");
            if (asked.Amount == 0 || !RefundAmount.IsMatch(text)) throw new Refused("refund_amount is zero or too large");
            return asked;
        }

        private Dictionary<string, object> Book(Reply reply, Refund refund, bool isSync, bool isRepeat)
        {
            // Does the failure of a repeat say what became of the first attempt?
            var settles = !isRepeat || (reply.Signed && !MaybeByItself.Contains(reply.Code));
            if (reply.Outcome == "success" && !isSync)
            {
                refund.State = "accepted"; // no money has moved yet: a notification will say so
                return new Reply("accepted").Result();
            }
            if (reply.Outcome == "success") ledger.RefundDone(refund);
            else if (reply.Outcome == "failed" && settles) refund.State = "failed";
            return reply.Result();
        }

        private static bool Confirms(Reply reply, Refund refund)
        {
            var amount = reply["refund_amount"];
            try
            {
                return reply["partner_refund_id"] == refund.Id
                    && !Ledger.IsOther(reply["partner_trans_id"], refund.OutTradeNo)
                    && !Ledger.IsOther(reply["currency"], refund.Currency)
                    && (amount == null || Money.Read(amount, refund.Currency) == refund.Amount);
            }
            catch (Refused)
            {
                return false;
            }
        }

        // --- notifications ----------------------------------------------------------------------------------

        public void Expect(string outTradeNo, string qrcode, string totalFee, string currency)
        {
            ledger.Expect(outTradeNo, qrcode, Money.Parse(totalFee, currency), currency);
        }

        /// <summary>
        /// Receives a notification: returns the text to answer, and answer nothing else. Give it the raw body, not
        /// Request.Form, which decodes in the site's charset and joins repeated values with a comma, and nothing from
        /// the query of the notify URL.
        /// </summary>
        public string Notify(string method, byte[] body)
        {
            try
            {
                if (method != "POST") throw new Refused("a notification is a POST");
                var pairs = ParseForm(body);
                if (!Signing.Verify(account, pairs, account.CharsetName))
                    throw new Refused("the signature does not hold");
                ledger.Book(ReadNews(pairs.Where(pair => pair.Value != "").ToDictionary(pair => pair.Name, pair => pair.Value)));
                return "success";
            }
            catch (Refused refused)
            {
                Console.Error.WriteLine("notification not accepted: " + refused.Message);
                return "fail";
            }
        }

        private List<Pair> ParseForm(byte[] body)
        {
            return string.Concat(body.Select(each => (char)each)).Split('&').Where(part => part != "").Select(part =>
            {
                var halves = part.Split(new[] { '=' }, 2);
                return new Pair(Unescape(halves[0]), halves.Length > 1 ? Unescape(halves[1]) : "");
            }).ToList();
        }

        private string Unescape(string text)
        {
            var bytes = new MemoryStream();
            for (var at = 0; at < text.Length; at++)
            {
                if (text[at] != '%')
                {
                    bytes.WriteByte((byte)(text[at] == '+' ? ' ' : text[at]));
                    continue;
                }
                if (at + 2 >= text.Length || !Uri.IsHexDigit(text[at + 1]) || !Uri.IsHexDigit(text[at + 2]))
                    throw new Refused("a percent sign encodes nothing");
                bytes.WriteByte(Convert.ToByte(text.Substring(at + 1, 2), 16));
                at += 2;
            }
            return Charset.Decode(bytes.ToArray(), account.CharsetName);
        }

        /// <summary>The values are signed, and each name stood there once.</summary>
        private News ReadNews(Dictionary<string, string> values)
        {
            Func<string, string> get = name => values.TryGetValue(name, out var value) ? value : null;
            // The signed text is "a=1&b=2": whoever forwards it may move the border between two parameters and keep the
            // signature, so a seller_id can be hidden in the value before it. Such a value is not believed.
            if (values.Values.Any(value => ActedUpon.IsMatch(value))) throw new Refused("a value holds another parameter");
            if (get("notify_type") != "trade_status_sync" || get("notify_id") == null)
                throw new Refused("notify_type or notify_id is not what it should be");
            if (Ledger.IsOther(get("seller_id"), account.Partner)) throw new Refused("this payment is for another seller");

            var outTradeNo = Compulsory("out_trade_no", get("out_trade_no"), 64);
            var status = get("trade_status");
            var isRefund = get("notify_action_type") == "refundFPAction";
            if (status == null ? !isRefund : !Statuses.Contains(status)) throw new Refused("trade_status is unknown");
            if (isRefund && Ledger.IsOther(get("refund_status"), "REFUND_SUCCESS"))
                throw new Refused("the refund has not succeeded");
            var isPayment = !isRefund && (status == "TRADE_SUCCESS" || status == "TRADE_FINISHED");
            if (isPayment && get("total_fee") == null) throw new Refused("total_fee is missing");

            var currency = get("trans_currency") ?? ledger.Find(outTradeNo)?.Currency;
            return new News
            {
                OutTradeNo = outTradeNo,
                TradeNo = Optional("trade_no", get("trade_no"), 64),
                Status = status,
                Total = Positive(get("total_fee"), currency),
                Currency = currency,
                PaidAt = get("gmt_payment") == null ? (DateTimeOffset?)null : Beijing.Parse(get("gmt_payment")),
                Qrcode = get("qrcode"),
                IsRefund = isRefund,
                RefundId = isRefund ? Optional("out_biz_no", get("out_biz_no"), 64) : null,
                RefundFee = isRefund ? Positive(get("refund_fee"), currency) : null,
            };
        }

        private static decimal? Positive(string text, string currency)
        {
            if (text == null) return null;
            var amount = Money.Read(text, currency);
            if (amount == 0) throw new Refused("an amount is zero");
            return amount;
        }

        // --- looking ----------------------------------------------------------------------------------------

        public Dictionary<string, object> Look(string outTradeNo)
        {
            var result = new Dictionary<string, object> { ["state"] = ledger.State(outTradeNo) };
            var trade = ledger.Find(outTradeNo);
            if (trade?.Currency == null) return result;
            if (trade.WasPaid) result["paid"] = Money.Format(trade.Total.Value, trade.Currency);
            result["currency"] = trade.Currency;
            result["refunded"] = Money.Format(ledger.Refunded(outTradeNo), trade.Currency);
            result["pending"] = Money.Format(ledger.Pending(outTradeNo), trade.Currency);
            result["fulfilled"] = trade.Fulfilled.ToString();
            return result;
        }

        // --- checks before sending --------------------------------------------------------------------------

        private static void CheckBizData(IDictionary<string, object> bizData)
        {
            Func<string, object> get = name => bizData.TryGetValue(name, out var value) ? value : null;
            var isTaxi = Taxi.Equals(get("secondary_merchant_industry"));
            foreach (var member in BizData)
            {
                var isOptional = !member.IsCompulsory
                    || (isTaxi && member.Name.StartsWith("store_", StringComparison.Ordinal));
                if (get(member.Name) == null && isOptional) continue;
                if (!member.Form.IsMatch(Compulsory("biz_data." + member.Name, get(member.Name), member.Longest)))
                    throw new Refused("biz_data." + member.Name + " holds a character that is not allowed there");
            }
            string pricing = (string)get("trans_currency"), settlement = (string)get("currency");
            Money.Decimals(pricing);
            Money.Decimals(settlement);
            if (pricing != "CNY" && settlement != "CNY" && settlement != pricing)
                throw new Refused("settlement is in CNY or in the pricing currency");
            if (get("channel_fee") != null) CheckChannelFee(get("channel_fee") as IDictionary<string, object>, settlement);
            if (get("passback_parameters") is IDictionary<string, object> passback
                && passback.Values.Any(value => value is IEnumerable && !(value is string)))
                throw new Refused("biz_data.passback_parameters must be flat");
        }

        private static void CheckChannelFee(IDictionary<string, object> fee, string currency)
        {
            object type = null, value = null;
            fee?.TryGetValue("type", out type);
            fee?.TryGetValue("value", out value);
            if (!(value is string text) || !("FIXED".Equals(type) || "RATE".Equals(type)))
                throw new Refused("biz_data.channel_fee needs a type, FIXED or RATE, and a value");
            if ("FIXED".Equals(type)) Money.Parse(text, currency);
            else if (!Rate.IsMatch(text)) throw new Refused("biz_data.channel_fee: a RATE lies between 0 and 0.05");
        }

        private static string Compulsory(string name, object value, int longest)
        {
            if (!(value is string text) || text == "") throw new Refused(name + " is missing");
            if (text.Count(unit => !char.IsLowSurrogate(unit)) > longest)
                throw new Refused(name + " is longer than " + longest + " characters");
            return text;
        }

        private static string Optional(string name, string value, int longest)
        {
            return string.IsNullOrEmpty(value) ? null : Compulsory(name, value, longest);
        }

        private static string Address(string url)
        {
            if (!Url.IsMatch(Compulsory("notify_url", url, 200))) throw new Refused("notify_url is not an address");
            return url;
        }
    }
}
