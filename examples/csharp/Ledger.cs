using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Shop
{
    /// <summary>Amounts are decimals, made of text: a double cannot hold 0.10 exactly.</summary>
    public static class Money
    {
        private static readonly Regex Amount = new Regex(@"\A(?:0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?\z");
        private static readonly Dictionary<string, int> Places =
            "AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD ZAR"
                .Split(' ').ToDictionary(currency => currency, currency => 2);

        static Money()
        {
            foreach (var currency in new[] { "JPY", "KRW", "VND" }) Places[currency] = 0;
        }

        public static int Decimals(string currency)
        {
            if (currency == null || !Places.TryGetValue(currency, out var places))
                throw new Refused("the currency is unknown");
            return places;
        }

        public static decimal Parse(string text, string currency)
        {
            var decimals = Decimals(currency);
            var match = Amount.Match(text);
            if (!match.Success) throw new Refused("an amount is written like 12.30, without sign, blanks or exponent");
            if (match.Groups[1].Length > decimals) throw new Refused(currency + " has " + decimals + " decimals");
            return decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        }

        /// <summary>In what Alipay sends, JPY 100 may be written 100.00: the same amount, exactly.</summary>
        public static decimal Read(string text, string currency)
        {
            return Parse(Decimals(currency) == 0 ? Regex.Replace(text, @"\.0{1,2}\z", "") : text, currency);
        }

        public static string Format(decimal amount, string currency)
        {
            // In the invariant culture: a German server would write 0,10.
            return amount.ToString("F" + Decimals(currency), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Alipay's clock is GMT+8, wherever the shop stands.</summary>
    public static class Beijing
    {
        private const string Form = "yyyy-MM-dd HH:mm:ss";
        private static readonly TimeSpan Zone = TimeSpan.FromHours(8);

        public static DateTimeOffset Parse(string text)
        {
            if (!DateTime.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                || time.ToString(Form, CultureInfo.InvariantCulture) != text)
                throw new Refused("a time is written yyyy-MM-dd HH:mm:ss");
            return new DateTimeOffset(time, Zone);
        }

        public static string Text(DateTimeOffset moment)
        {
            return moment.ToOffset(Zone).ToString(Form, CultureInfo.InvariantCulture);
        }

        public static bool SameDay(DateTimeOffset? one, DateTimeOffset other)
        {
            return one.HasValue && one.Value.ToOffset(Zone).Date == other.ToOffset(Zone).Date;
        }
    }

    public sealed class Trade
    {
        public string OutTradeNo;
        /// <summary>none, waiting, paid, cancelled or closed; see also Ledger.State.</summary>
        public string Status = "none";
        /// <summary>A CANCEL is under way, or ended without a clear answer.</summary>
        public bool Undecided;
        public string TradeNo, Currency;
        public decimal? Total;
        public bool WasPaid;
        public DateTimeOffset? PaidAt;
        public int Fulfilled;
    }

    public sealed class Refund
    {
        public string Id, OutTradeNo, Currency;
        public decimal Amount;
        /// <summary>unknown, accepted, done or failed.</summary>
        public string State = "unknown";

        public bool IsPending { get { return State == "unknown" || State == "accepted"; } }

        public bool IsSame(Refund other)
        {
            return OutTradeNo == other.OutTradeNo && Amount == other.Amount && Currency == other.Currency;
        }
    }

    /// <summary>What a notification says whose signature holds.</summary>
    public sealed class News
    {
        public string OutTradeNo, TradeNo, Status, Currency, Qrcode, RefundId;
        public decimal? Total, RefundFee;
        public DateTimeOffset? PaidAt;
        public bool IsRefund;
    }

    /// <summary>
    /// What happened to every trade, and what may happen next. A real shop keeps this in its database, one transaction
    /// per call. Nothing is booked here that Alipay has not signed.
    /// </summary>
    public sealed class Ledger
    {
        private readonly Dictionary<string, Trade> trades = new Dictionary<string, Trade>();
        private readonly Dictionary<string, Refund> refunds = new Dictionary<string, Refund>();
        /// <summary>Payments on a static code, whose number only Alipay knows.</summary>
        private readonly List<News> awaited = new List<News>();

        public Trade Find(string outTradeNo) { return trades.TryGetValue(outTradeNo, out var trade) ? trade : null; }

        public Refund FindRefund(string id) { return refunds.TryGetValue(id, out var refund) ? refund : null; }

        private Trade Open(string outTradeNo)
        {
            return Find(outTradeNo) ?? (trades[outTradeNo] = new Trade { OutTradeNo = outTradeNo });
        }

        // --- payments ---------------------------------------------------------------------------------------

        public void Expect(string outTradeNo, string qrcode, decimal total, string currency)
        {
            if (outTradeNo == null)
            {
                awaited.Add(new News { Qrcode = qrcode, Total = total, Currency = currency });
                return;
            }
            var trade = Open(outTradeNo);
            if (trade.Status == "none" && !trade.Undecided) trade.Status = "waiting";
            if (trade.WasPaid) return;
            trade.Total = total;
            trade.Currency = currency;
        }

        /// <summary>Saying it again changes nothing, and no trade ever goes back.</summary>
        public void Book(News news)
        {
            var known = Find(news.OutTradeNo) ?? new Trade { OutTradeNo = news.OutTradeNo };
            Compare(known, news);
            if (news.IsRefund) CheckRefund(known, news);
            else if (known.Total == null) TakeAwaited(news);
            var trade = Open(news.OutTradeNo);
            trade.TradeNo = trade.TradeNo ?? news.TradeNo;
            if (trade.Total == null)
            {
                trade.Total = news.Total;
                trade.Currency = news.Currency;
            }
            if ((news.Status == "WAIT_BUYER_PAY" || news.Status == "TRADE_PENDING") && trade.Status == "none")
                trade.Status = "waiting";
            if (news.Status == "TRADE_SUCCESS" || news.Status == "TRADE_FINISHED") BookPayment(trade, news);
            if (news.IsRefund) BookRefund(trade, news);
            if (news.Status == "TRADE_CLOSED") BookClosing(trade);
        }

        /// <summary>News that contradict what is known or announced are not booked, however well signed.</summary>
        private static void Compare(Trade trade, News news)
        {
            RefuseIf(IsOther(news.TradeNo, trade.TradeNo), "the trade has another trade_no");
            RefuseIf(trade.Total == null && news.Total == null, "the amount is missing");
            RefuseIf(trade.Total != null && news.Total != null
                && (trade.Total != news.Total || trade.Currency != news.Currency),
                "the amount or the currency is another");
        }

        /// <summary>Where payments are awaited on static codes, a new trade must be one of them.</summary>
        private void TakeAwaited(News news)
        {
            var found = awaited.FirstOrDefault(each => each.Total == news.Total && each.Currency == news.Currency
                && !IsOther(each.Qrcode, news.Qrcode));
            RefuseIf(found == null && awaited.Count > 0, "another amount is awaited");
            awaited.Remove(found);
        }

        private static void BookPayment(Trade trade, News news)
        {
            if (trade.WasPaid) return;
            trade.WasPaid = true;
            trade.PaidAt = news.PaidAt;
            if (trade.Status != "none" && trade.Status != "waiting") return;
            trade.Status = "paid";
            if (!trade.Undecided && !news.IsRefund) trade.Fulfilled++; // the goods leave the shop here, once
        }

        private void BookClosing(Trade trade)
        {
            if (trade.Undecided) CancelDone(trade);
            else if (trade.Status != "cancelled" && !(HasRefund(trade) && Remaining(trade) == 0))
                trade.Status = "closed"; // not by a full refund of ours: that has a state of its own
        }

        // --- refunds ----------------------------------------------------------------------------------------

        /// <summary>May a new refund be asked for?</summary>
        public void MayRefund(Refund refund, string tradeNo, DateTimeOffset now)
        {
            var trade = Find(refund.OutTradeNo);
            RefuseIf(trade == null || !trade.WasPaid, "no payment of this trade is known");
            RefuseIf(IsOther(tradeNo, trade.TradeNo), "the trade has another trade_no");
            RefuseIf(trade.Status != "paid", "the trade is " + trade.Status);
            RefuseIf(trade.Undecided && Beijing.SameDay(trade.PaidAt, now),
                "a cancel of this trade has no clear answer yet: repeat it first");
            RefuseIf(refund.Currency != trade.Currency, "the trade was paid in " + trade.Currency);
            RefuseIf(refund.Amount > Remaining(trade), "more than what remains of the payment");
        }

        /// <summary>Noted before the request is sent: if the program dies now, the money counts as spent.</summary>
        public void RefundSent(Refund refund)
        {
            refund.State = "unknown";
            refunds[refund.Id] = refund;
        }

        public void RefundDone(Refund refund)
        {
            refund.State = "done";
            trades[refund.OutTradeNo].Undecided = false; // it proves that the trade had not been cancelled
        }

        private void CheckRefund(Trade trade, News news)
        {
            if (news.RefundId == null)
            {
                // Right for the money that our own CANCEL gave back.
                RefuseIf(trade.Status != "cancelled", "out_biz_no is missing");
                return;
            }
            var refund = FindRefund(news.RefundId);
            var amount = news.RefundFee ?? refund?.Amount;
            RefuseIf(amount == null, "refund_fee is missing");
            RefuseIf(refund != null && (refund.OutTradeNo != news.OutTradeNo || refund.Amount != amount),
                "the refund was asked for with other data");
            var rest = trade.Total == null ? news.Total : Remaining(trade);
            RefuseIf((refund == null || refund.State == "failed") && amount > rest,
                "more than what remains of the payment");
        }

        private void BookRefund(Trade trade, News news)
        {
            if (news.RefundId == null) return;
            if (trade.Status == "none" || trade.Status == "waiting")
            {
                trade.Status = "paid"; // what is refunded was paid, even if that news never came
                trade.WasPaid = true;
                trade.PaidAt = news.PaidAt;
            }
            RefundDone(FindRefund(news.RefundId) ?? (refunds[news.RefundId] = new Refund
            {
                Id = news.RefundId, OutTradeNo = trade.OutTradeNo, Amount = news.RefundFee.Value,
                Currency = trade.Currency,
            }));
        }

        private bool HasRefund(Trade trade) { return Refunded(trade.OutTradeNo) + Pending(trade.OutTradeNo) > 0; }

        private decimal Remaining(Trade trade)
        {
            return trade.Total.Value - Refunded(trade.OutTradeNo) - Pending(trade.OutTradeNo);
        }

        public decimal Refunded(string outTradeNo) { return Sum(outTradeNo, refund => refund.State == "done"); }

        public decimal Pending(string outTradeNo) { return Sum(outTradeNo, refund => refund.IsPending); }

        private decimal Sum(string outTradeNo, Func<Refund, bool> counts)
        {
            return refunds.Values.Where(refund => refund.OutTradeNo == outTradeNo).Where(counts)
                .Sum(refund => refund.Amount);
        }

        // --- cancelling -------------------------------------------------------------------------------------

        public void MayCancel(string outTradeNo, string tradeNo, DateTimeOffset now)
        {
            var trade = Find(outTradeNo);
            if (trade == null) return; // a payment that never arrived here may still be rolled back
            RefuseIf(IsOther(tradeNo, trade.TradeNo), "the trade has another trade_no");
            RefuseIf(trade.Status == "closed", "the trade is closed");
            RefuseIf(HasRefund(trade), "a refund was made: refund the rest instead");
            RefuseIf(trade.WasPaid && !Beijing.SameDay(trade.PaidAt, now),
                "the day of the payment is over in Beijing: refund instead");
        }

        /// <summary>Noted before the request is sent.</summary>
        public Trade CancelSent(string outTradeNo)
        {
            var trade = Open(outTradeNo);
            trade.Undecided = trade.Status != "cancelled";
            return trade;
        }

        public void CancelDone(Trade trade)
        {
            trade.Undecided = false;
            trade.Status = "cancelled";
        }

        // --- looking ----------------------------------------------------------------------------------------

        public string State(string outTradeNo)
        {
            var trade = Find(outTradeNo);
            if (trade == null) return "none";
            if (trade.Undecided) return "undecided";
            var refunded = Refunded(outTradeNo);
            if (trade.Status != "paid" || refunded == 0) return trade.Status;
            return refunded == trade.Total ? "refunded" : "partly_refunded";
        }

        public static bool IsOther(string given, string known)
        {
            return given != null && known != null && given != known;
        }

        private static void RefuseIf(bool wrong, string reason)
        {
            if (wrong) throw new Refused(reason);
        }
    }
}
