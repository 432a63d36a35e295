package shop;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What happened to every trade, and what may happen next. A real shop keeps this in its database, one transaction
 * per call. Nothing is booked here that Alipay has not signed.
 */
public final class Ledger {
    enum Status { NONE, WAITING, PAID, CANCELLED, CLOSED }

    enum Progress { UNKNOWN, ACCEPTED, DONE, FAILED }

    static final class Trade {
        final String outTradeNo;
        Status status = Status.NONE;
        /** A CANCEL is under way, or ended without a clear answer. */
        boolean undecided;
        String tradeNo;
        BigDecimal total;
        String currency;
        boolean wasPaid;
        Instant paidAt;
        int fulfilled;

        Trade(String outTradeNo) {
            this.outTradeNo = outTradeNo;
        }
    }

    static final class Refund {
        final String id;
        final String outTradeNo;
        final BigDecimal amount;
        final String currency;
        Progress progress = Progress.UNKNOWN;

        Refund(String id, String outTradeNo, BigDecimal amount, String currency) {
            this.id = id;
            this.outTradeNo = outTradeNo;
            this.amount = amount;
            this.currency = currency;
        }

        boolean isPending() {
            return progress == Progress.UNKNOWN || progress == Progress.ACCEPTED;
        }

        boolean isSame(Refund other) {
            return outTradeNo.equals(other.outTradeNo) && amount.equals(other.amount)
                    && currency.equals(other.currency);
        }
    }

    /** What a notification says whose signature holds. */
    record News(String outTradeNo, String tradeNo, String status, BigDecimal total, String currency, Instant paidAt,
            String qrcode, boolean isRefund, String refundId, BigDecimal refundFee) {
    }

    /** A payment on a static code, whose number only Alipay knows. */
    private record Awaited(String qrcode, BigDecimal total, String currency) {
    }

    private final Map<String, Trade> trades = new HashMap<>();
    private final Map<String, Refund> refunds = new HashMap<>();
    private final List<Awaited> awaited = new ArrayList<>();

    Trade find(String outTradeNo) {
        return trades.get(outTradeNo);
    }

    Refund findRefund(String refundId) {
        return refunds.get(refundId);
    }

    private Trade open(String outTradeNo) {
        return trades.computeIfAbsent(outTradeNo, Trade::new);
    }

    // --- payments -------------------------------------------------------------------------------------------

    void expect(String outTradeNo, String qrcode, BigDecimal total, String currency) {
        if (outTradeNo == null) {
            awaited.add(new Awaited(qrcode, total, currency));
            return;
        }
        Trade trade = open(outTradeNo);
        if (trade.status == Status.NONE && !trade.undecided) {
            trade.status = Status.WAITING;
        }
        if (!trade.wasPaid) {
            trade.total = total;
            trade.currency = currency;
        }
    }

    /** Books what a notification says. Saying it again changes nothing, and no trade ever goes back. */
    void book(News news) {
        Trade known = trades.getOrDefault(news.outTradeNo, new Trade(news.outTradeNo));
        compare(known, news);
        if (news.isRefund) {
            checkRefund(known, news);
        } else if (known.total == null) {
            takeAwaited(news);
        }
        Trade trade = open(news.outTradeNo);
        trade.tradeNo = trade.tradeNo == null ? news.tradeNo : trade.tradeNo;
        if (trade.total == null) {
            trade.total = news.total;
            trade.currency = news.currency;
        }
        String status = Objects.requireNonNullElse(news.status, "");
        switch (status) {
            case "WAIT_BUYER_PAY", "TRADE_PENDING" ->
                    trade.status = trade.status == Status.NONE ? Status.WAITING : trade.status;
            case "TRADE_SUCCESS", "TRADE_FINISHED" -> bookPayment(trade, news);
            default -> { }
        }
        if (news.isRefund) {
            bookRefund(trade, news);
        }
        if (status.equals("TRADE_CLOSED")) {
            bookClosing(trade);
        }
    }

    /** News that contradict what is known or announced are not booked, however well they are signed. */
    private static void compare(Trade trade, News news) {
        refuseIf(isOther(news.tradeNo, trade.tradeNo), "the trade has another trade_no");
        refuseIf(trade.total == null && news.total == null, "the amount is missing");
        if (trade.total != null && news.total != null) {
            boolean isSame = trade.total.equals(news.total) && trade.currency.equals(news.currency);
            refuseIf(!isSame, "the amount or the currency is another");
        }
    }

    /** Where payments are awaited on static codes, a new trade must be one of them. */
    private void takeAwaited(News news) {
        for (Awaited each : awaited) {
            if (each.total.equals(news.total) && each.currency.equals(news.currency)
                    && !isOther(each.qrcode, news.qrcode)) {
                awaited.remove(each);
                return;
            }
        }
        refuseIf(!awaited.isEmpty(), "another amount is awaited");
    }

    private static void bookPayment(Trade trade, News news) {
        if (trade.wasPaid) {
            return;
        }
        trade.wasPaid = true;
        trade.paidAt = news.paidAt;
        if (trade.status == Status.NONE || trade.status == Status.WAITING) {
            trade.status = Status.PAID;
            if (!trade.undecided && !news.isRefund) {
                trade.fulfilled++; // the goods leave the shop here, once
            }
        }
    }

    private void bookClosing(Trade trade) {
        boolean isRefunded = hasRefund(trade) && remaining(trade).signum() == 0;
        if (trade.undecided) {
            cancelDone(trade);
        } else if (trade.status != Status.CANCELLED && !isRefunded) {
            trade.status = Status.CLOSED; // not by a full refund of ours: that has a state of its own
        }
    }

    // --- refunds --------------------------------------------------------------------------------------------

    /** May a new refund be asked for? */
    void mayRefund(Refund refund, String tradeNo, Instant now) {
        Trade trade = find(refund.outTradeNo);
        refuseIf(trade == null || !trade.wasPaid, "no payment of this trade is known");
        refuseIf(isOther(tradeNo, trade.tradeNo), "the trade has another trade_no");
        refuseIf(trade.status != Status.PAID, "the trade is cancelled or closed");
        refuseIf(trade.undecided && Beijing.sameDay(trade.paidAt, now),
                "a cancel of this trade has no clear answer yet: repeat it first");
        refuseIf(!refund.currency.equals(trade.currency), "the trade was paid in another currency");
        refuseIf(refund.amount.compareTo(remaining(trade)) > 0, "more than what remains of the payment");
    }

    /** Noted before the request is sent: if the program dies now, the money counts as spent. */
    void refundSent(Refund refund) {
        refund.progress = Progress.UNKNOWN;
        refunds.put(refund.id, refund);
    }

    void refundDone(Refund refund) {
        refund.progress = Progress.DONE;
        trades.get(refund.outTradeNo).undecided = false; // it proves that the trade had not been cancelled
    }

    private void checkRefund(Trade trade, News news) {
        if (news.refundId == null) {
            // Right for the money that our own CANCEL gave back.
            refuseIf(trade.status != Status.CANCELLED, "out_biz_no is missing");
            return;
        }
        Refund refund = findRefund(news.refundId);
        BigDecimal amount = news.refundFee == null && refund != null ? refund.amount : news.refundFee;
        refuseIf(amount == null, "refund_fee is missing");
        refuseIf(refund != null && !(refund.outTradeNo.equals(news.outTradeNo) && refund.amount.equals(amount)),
                "the refund was asked for with other data");
        BigDecimal rest = trade.total == null ? news.total : remaining(trade);
        boolean isNew = refund == null || refund.progress == Progress.FAILED;
        refuseIf(isNew && amount.compareTo(rest) > 0, "more than what remains of the payment");
    }

    private void bookRefund(Trade trade, News news) {
        if (news.refundId == null) {
            return;
        }
        if (trade.status == Status.NONE || trade.status == Status.WAITING) {
            trade.status = Status.PAID; // what is refunded was paid, even if that news never came
            trade.wasPaid = true;
            trade.paidAt = news.paidAt;
        }
        refundDone(refunds.computeIfAbsent(news.refundId,
                id -> new Refund(id, trade.outTradeNo, news.refundFee, trade.currency)));
    }

    private boolean hasRefund(Trade trade) {
        return refunded(trade.outTradeNo).add(pending(trade.outTradeNo)).signum() > 0;
    }

    private BigDecimal remaining(Trade trade) {
        return trade.total.subtract(refunded(trade.outTradeNo)).subtract(pending(trade.outTradeNo));
    }

    BigDecimal refunded(String outTradeNo) {
        return sum(outTradeNo, refund -> refund.progress == Progress.DONE);
    }

    BigDecimal pending(String outTradeNo) {
        return sum(outTradeNo, Refund::isPending);
    }

    private BigDecimal sum(String outTradeNo, Predicate<Refund> counts) {
        return refunds.values().stream()
                .filter(refund -> refund.outTradeNo.equals(outTradeNo)).filter(counts)
                .map(refund -> refund.amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    // --- cancelling -----------------------------------------------------------------------------------------

    void mayCancel(String outTradeNo, String tradeNo, Instant now) {
        Trade trade = find(outTradeNo);
        if (trade == null) {
            return; // a payment that never arrived here may still be rolled back
        }
        refuseIf(isOther(tradeNo, trade.tradeNo), "the trade has another trade_no");
        refuseIf(trade.status == Status.CLOSED, "the trade is closed");
        refuseIf(hasRefund(trade), "a refund was made: refund the rest instead");
        refuseIf(trade.wasPaid && !Beijing.sameDay(trade.paidAt, now),
                "the day of the payment is over in Beijing: refund instead");
    }

    /** Noted before the request is sent. */
    Trade cancelSent(String outTradeNo) {
        Trade trade = open(outTradeNo);
        trade.undecided = trade.status != Status.CANCELLED;
        return trade;
    }

    void cancelDone(Trade trade) {
        trade.undecided = false;
        trade.status = Status.CANCELLED;
    }

    // --- looking --------------------------------------------------------------------------------------------

    String state(String outTradeNo) {
        Trade trade = find(outTradeNo);
        if (trade == null) {
            return "none";
        }
        if (trade.undecided) {
            return "undecided";
        }
        BigDecimal refunded = refunded(outTradeNo);
        if (trade.status != Status.PAID || refunded.signum() == 0) {
            return trade.status.name().toLowerCase(java.util.Locale.ROOT);
        }
        return refunded.compareTo(trade.total) == 0 ? "refunded" : "partly_refunded";
    }

    private static boolean isOther(String given, String known) {
        return given != null && known != null && !given.equals(known);
    }

    private static void refuseIf(boolean wrong, String reason) {
        if (wrong) {
            throw new Refused(reason);
        }
    }
}
