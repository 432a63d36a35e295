/**
 * What happened to every trade, and what may happen next. A real shop keeps this in its database, one
 * transaction per call. Nothing is booked here that Alipay has not signed.
 *
 * A trade's status is none, waiting, paid, cancelled or closed; stateOf() says more. `undecided` means that
 * a CANCEL is under way, or ended without a clear answer. A refund's state is unknown, accepted, done or
 * failed; the first two are pending and count as spent.
 */
import { sameBeijingDay } from './beijing.mjs';
import { Refused } from './refused.mjs';

export class Ledger {
  #trades = new Map();
  #refunds = new Map();
  #awaited = []; // payments on a static code, whose number only Alipay knows

  find(outTradeNo) {
    return this.#trades.get(outTradeNo);
  }

  findRefund(refundId) {
    return this.#refunds.get(refundId);
  }

  // --- payments -------------------------------------------------------------------------------------

  expect({ outTradeNo, qrcode, total, currency }) {
    if (!outTradeNo) {
      this.#awaited.push({ qrcode, total, currency });
      return;
    }
    const trade = this.#open(outTradeNo);
    if (trade.status === 'none' && !trade.undecided) {
      trade.status = 'waiting';
    }
    if (!trade.wasPaid) {
      Object.assign(trade, { total, currency });
    }
  }

  /**
   * Books what a notification with a good signature says. Saying it again changes nothing, and no trade
   * ever goes back.
   */
  book(news) {
    const known = this.find(news.outTradeNo);
    this.#compare(known, news);
    if (news.isRefund) {
      this.#checkRefund(known, news);
    } else if (known?.total === undefined) {
      this.#takeAwaited(news);
    }
    const trade = this.#open(news.outTradeNo);
    trade.tradeNo ??= news.tradeNo;
    trade.total ??= news.total;
    trade.currency ??= news.currency;

    if (['WAIT_BUYER_PAY', 'TRADE_PENDING'].includes(news.status) && trade.status === 'none') {
      trade.status = 'waiting';
    }
    if (['TRADE_SUCCESS', 'TRADE_FINISHED'].includes(news.status)) {
      this.#bookPayment(trade, news);
    }
    if (news.isRefund) {
      this.#bookRefund(trade, news);
    }
    if (news.status === 'TRADE_CLOSED') {
      this.#bookClosing(trade);
    }
  }

  /** News that contradict what is known or announced are not booked, however well they are signed. */
  #compare(trade, news) {
    if (trade?.tradeNo && news.tradeNo && trade.tradeNo !== news.tradeNo) {
      throw new Refused('the trade has another trade_no');
    }
    const total = trade?.total;
    if (total !== undefined && news.total !== undefined
      && (total !== news.total || trade.currency !== news.currency)) {
      throw new Refused('the amount or the currency is another');
    }
    if (total === undefined && news.total === undefined) {
      throw new Refused('the amount is missing');
    }
  }

  /** Where payments are awaited on static codes, a new trade must be one of them. */
  #takeAwaited({ qrcode, total, currency }) {
    const index = this.#awaited.findIndex((awaited) => awaited.total === total && awaited.currency === currency
      && (!qrcode || !awaited.qrcode || qrcode === awaited.qrcode));
    if (index >= 0) {
      this.#awaited.splice(index, 1);
    } else if (this.#awaited.length > 0) {
      throw new Refused('another amount is awaited');
    }
  }

  #bookPayment(trade, news) {
    if (trade.wasPaid) {
      return;
    }
    trade.wasPaid = true;
    trade.paidAt = news.paidAt;
    if (trade.status === 'none' || trade.status === 'waiting') {
      trade.status = 'paid';
      if (!trade.undecided && !news.isRefund) {
        trade.fulfilled += 1; // the goods leave the shop here, once
      }
    }
  }

  #bookClosing(trade) {
    if (trade.undecided) {
      this.cancelDone(trade);
    } else if (trade.status !== 'cancelled' && !(this.#hasRefund(trade) && this.#remaining(trade) === 0)) {
      trade.status = 'closed'; // not by a full refund of ours: that has a state of its own
    }
  }

  #open(outTradeNo) {
    if (!this.#trades.has(outTradeNo)) {
      this.#trades.set(outTradeNo, { outTradeNo, status: 'none', undecided: false, wasPaid: false, fulfilled: 0 });
    }
    return this.#trades.get(outTradeNo);
  }

  // --- refunds --------------------------------------------------------------------------------------

  /** May a new refund be asked for? */
  mayRefund(refund, tradeNo, now) {
    const trade = this.find(refund.outTradeNo);
    if (!trade?.wasPaid) {
      throw new Refused('no payment of this trade is known');
    }
    if (tradeNo && trade.tradeNo && tradeNo !== trade.tradeNo) {
      throw new Refused('the trade has another trade_no');
    }
    if (trade.status !== 'paid') {
      throw new Refused(`the trade is ${trade.status}`);
    }
    if (trade.undecided && sameBeijingDay(trade.paidAt, now)) {
      throw new Refused('a cancel of this trade has no clear answer yet: repeat it first');
    }
    if (refund.currency !== trade.currency) {
      throw new Refused(`the trade was paid in ${trade.currency}`);
    }
    if (refund.amount > this.#remaining(trade)) {
      throw new Refused('more than what remains of the payment');
    }
  }

  /** Noted before the request is sent: if the program dies now, the money counts as spent. */
  refundSent(refund) {
    refund.state = 'unknown';
    this.#refunds.set(refund.id, refund);
  }

  refundDone(refund) {
    refund.state = 'done';
    this.find(refund.outTradeNo).undecided = false; // it proves that the trade had not been cancelled
  }

  #checkRefund(trade, news) {
    if (!news.refundId) {
      if (trade?.status === 'cancelled') {
        return; // the money that our own CANCEL gave back
      }
      throw new Refused('out_biz_no is missing');
    }
    const refund = this.findRefund(news.refundId);
    const amount = news.refundFee ?? refund?.amount;
    if (amount === undefined) {
      throw new Refused('refund_fee is missing');
    }
    if (refund && (refund.outTradeNo !== news.outTradeNo || refund.amount !== amount)) {
      throw new Refused('the refund was asked for with other data');
    }
    const rest = trade?.total === undefined ? news.total : this.#remaining(trade);
    if ((!refund || refund.state === 'failed') && amount > rest) {
      throw new Refused('more than what remains of the payment');
    }
  }

  #bookRefund(trade, news) {
    if (!news.refundId) {
      return;
    }
    if (trade.status === 'none' || trade.status === 'waiting') {
      // What is refunded was paid, even if that news never came.
      Object.assign(trade, { status: 'paid', wasPaid: true, paidAt: news.paidAt });
    }
    const refund = this.findRefund(news.refundId)
      ?? { id: news.refundId, outTradeNo: trade.outTradeNo, amount: news.refundFee, currency: trade.currency };
    this.#refunds.set(refund.id, refund);
    this.refundDone(refund);
  }

  #hasRefund({ outTradeNo }) {
    return this.refunded(outTradeNo) + this.pending(outTradeNo) > 0;
  }

  #remaining({ outTradeNo, total }) {
    return total - this.refunded(outTradeNo) - this.pending(outTradeNo);
  }

  refunded(outTradeNo) {
    return this.#sum(outTradeNo, ({ state }) => state === 'done');
  }

  pending(outTradeNo) {
    return this.#sum(outTradeNo, ({ state }) => state === 'unknown' || state === 'accepted');
  }

  #sum(outTradeNo, counts) {
    return [...this.#refunds.values()]
      .filter((refund) => refund.outTradeNo === outTradeNo && counts(refund))
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  // --- cancelling -----------------------------------------------------------------------------------

  mayCancel(outTradeNo, tradeNo, now) {
    const trade = this.find(outTradeNo);
    if (!trade) {
      return; // a payment that never arrived here may still be rolled back
    }
    if (tradeNo && trade.tradeNo && tradeNo !== trade.tradeNo) {
      throw new Refused('the trade has another trade_no');
    }
    if (trade.status === 'closed') {
      throw new Refused('the trade is closed');
    }
    if (this.#hasRefund(trade)) {
      throw new Refused('a refund was made: refund the rest instead');
    }
    if (trade.wasPaid && !sameBeijingDay(trade.paidAt, now)) {
      throw new Refused('the day of the payment is over in Beijing: refund instead');
    }
  }

  /** Noted before the request is sent. */
  cancelSent(outTradeNo) {
    const trade = this.#open(outTradeNo);
    trade.undecided = trade.status !== 'cancelled';
    return trade;
  }

  cancelDone(trade) {
    trade.undecided = false;
    trade.status = 'cancelled';
  }

  // --- looking --------------------------------------------------------------------------------------

  stateOf(outTradeNo) {
    const trade = this.find(outTradeNo);
    if (!trade) {
      return 'none';
    }
    if (trade.undecided) {
      return 'undecided';
    }
    const refunded = this.refunded(outTradeNo);
    if (trade.status !== 'paid' || refunded === 0) {
      return trade.status;
    }
    return refunded === trade.total ? 'refunded' : 'partly_refunded';
  }
}
