/**
 * The shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund.
 *
 * Every operation answers { outcome: success | accepted | failed | unknown, ... } and throws Refused where
 * the shop itself declines, before anything is sent.
 */
import { beijingText, readBeijing } from './beijing.mjs';
import { decode } from './charset.mjs';
import { prepare, send, unlessAbout } from './gateway.mjs';
import { decimalsOf, formatAmount, parseAmount, readAmount } from './money.mjs';
import { Refused } from './refused.mjs';
import { verify } from './signing.mjs';

/** Members of biz_data: longest length, and pattern where there is one. */
const BIZ_DATA = {
  secondary_merchant_industry: [4, /^\d{4}$/],
  secondary_merchant_id: [64, /^[A-Za-z0-9_]+$/],
  secondary_merchant_name: [64],
  store_id: [32, /^[A-Za-z0-9_-]+$/],
  store_name: [2000],
  trans_currency: [3],
  currency: [3],
  country_code: [2, /^[A-Z]{2}$/],
  notify_mobile: [32, /^\d+$/],
};
const COMPULSORY = Object.keys(BIZ_DATA).slice(0, 7);
const TAXI = '4121';
/** refund_amount is a Number(9,2): seven digits before the point. */
const REFUND_AMOUNT = /^\d{1,7}(\.\d{1,2})?$/;
/** A repeated refund may fail so because its first attempt was carried out after all. */
const MAYBE_BY_ITSELF = ['TRADE_HAS_CLOSE', 'RETURN_AMOUNT_EXCEED'];
const STATUSES = ['WAIT_BUYER_PAY', 'TRADE_PENDING', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'];

export class Merchant {
  #account;
  #ledger;
  #clock;

  constructor(account, ledger, clock = () => new Date()) {
    this.#account = account;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  // --- CREATE ---------------------------------------------------------------------------------------

  async createQrCode(bizData, notifyUrl, gatewayUrl) {
    checkBizData(bizData);
    const request = prepare(this.#account, 'alipay.commerce.qrcode.create', {
      timestamp: beijingText(this.#clock()),
      notify_url: address(notifyUrl),
      biz_type: 'OVERSEASHOPQRCODE',
      biz_data: compulsory('biz_data', JSON.stringify(bizData), 2000), // encoded once: the same text is signed and sent
    }, gatewayUrl);
    const reply = unlessAbout(await send(this.#account, request), (fields) => fields.get('qrcode'));
    return result(reply, ['qrcode', 'qrcode_img_url']);
  }

  // --- CANCEL ---------------------------------------------------------------------------------------

  async cancel(outTradeNo, tradeNo, gatewayUrl) {
    const now = this.#clock();
    this.#ledger.mayCancel(outTradeNo, tradeNo, now);
    const request = prepare(this.#account, 'alipay.acquire.cancel', {
      timestamp: String(now.getTime()),
      out_trade_no: compulsory('out_trade_no', outTradeNo, 64),
      trade_no: optional('trade_no', tradeNo, 64),
    }, gatewayUrl);

    const isRepeat = this.#ledger.find(outTradeNo)?.undecided ?? false;
    const trade = this.#ledger.cancelSent(outTradeNo);
    const reply = unlessAbout(await send(this.#account, request), (fields) =>
      fields.get('out_trade_no') === outTradeNo && sameIfGiven(fields.get('trade_no'), tradeNo || trade.tradeNo));
    if (reply.outcome === 'success') {
      this.#ledger.cancelDone(trade);
      return { ...result(reply, ['action']), via: 'cancel' };
    }
    if (reply.outcome === 'failed' && (reply.signed || !isRepeat)) {
      trade.undecided = false;
    }
    return result(reply);
  }

  // --- REFUND ---------------------------------------------------------------------------------------

  /** `order` holds the parameters of REFUND by name. */
  async refund(order, gatewayUrl) {
    const outTradeNo = compulsory('partner_trans_id', order.partner_trans_id, 64);
    const id = compulsory('partner_refund_id', order.partner_refund_id, 64);
    const currency = compulsory('currency', order.currency, 10);
    const amount = parseAmount(compulsory('refund_amount', order.refund_amount, 10), currency);
    if (id === outTradeNo) {
      throw new Refused('partner_refund_id must differ from partner_trans_id');
    }
    if (amount === 0 || !REFUND_AMOUNT.test(order.refund_amount)) {
      throw new Refused('refund_amount is zero or too large');
    }
    const isSync = order.is_sync ?? undefined;
    if (![undefined, 'Y', 'N'].includes(isSync)) {
      throw new Refused('is_sync is Y or N');
    }
    // Alipay reports an asynchronous refund there.
    const notifyUrl = order.notify_url ?? (isSync === 'Y' ? undefined : this.#account.notifyUrl);
    const request = prepare(this.#account, 'alipay.acquire.overseas.spot.refund', {
      partner_trans_id: outTradeNo,
      alipay_trans_id: optional('alipay_trans_id', order.alipay_trans_id, 64),
      partner_refund_id: id,
      refund_amount: formatAmount(amount, currency),
      currency,
      refund_reason: optional('refund_reason', order.refund_reason, 128),
      is_sync: isSync,
      notify_url: notifyUrl ? address(notifyUrl) : undefined,
    }, gatewayUrl);

    const known = this.#ledger.findRefund(id);
    if (known && (known.outTradeNo !== outTradeNo || known.amount !== amount || known.currency !== currency)) {
      throw new Refused('this partner_refund_id names another refund');
    }
    if (known?.state === 'done') {
      return { outcome: 'success' }; // once is enough
    }
    if (known?.state === 'accepted') {
      return { outcome: 'accepted' };
    }
    const isRepeat = known?.state === 'unknown';
    const refund = known ?? { id, outTradeNo, amount, currency };
    if (!isRepeat) {
      this.#ledger.mayRefund(refund, order.alipay_trans_id, this.#clock());
    }
    this.#ledger.refundSent(refund);
    const reply = unlessAbout(await send(this.#account, request), (fields) => confirms(fields, refund));
    if (refund.state === 'done') {
      return { outcome: 'success' }; // a notification was faster
    }
    if (reply.outcome === 'success' && isSync !== 'Y') {
      refund.state = 'accepted'; // no money has moved yet: a notification will say so
      return { outcome: 'accepted' };
    }
    if (reply.outcome === 'success') {
      this.#ledger.refundDone(refund);
    } else if (reply.outcome === 'failed' && (!isRepeat || settles(reply))) {
      refund.state = 'failed';
    }
    return result(reply);
  }

  // --- notifications --------------------------------------------------------------------------------

  expect({ outTradeNo, qrcode, totalFee, currency }) {
    this.#ledger.expect({ outTradeNo, qrcode, total: parseAmount(totalFee, currency), currency });
  }

  /**
   * Receives a notification. Give it the raw bytes of the body, not what a framework's body parser made of
   * them (it decodes UTF-8 and builds lists and objects), and nothing from the query of the notify URL.
   * Returns the text to answer, and nothing else may be answered.
   */
  notify(method, body) {
    try {
      if (method !== 'POST') {
        throw new Refused('a notification is a POST');
      }
      const pairs = parseForm(body, this.#account.charset);
      if (!verify(this.#account, pairs, this.#account.charset)) {
        throw new Refused('the signature does not hold');
      }
      this.#ledger.book(this.#readNews(new Map(pairs.filter(([, value]) => value !== ''))));
      return 'success';
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      console.error(`notification not accepted: ${error.message}`);
      return 'fail';
    }
  }

  /** `values` are signed, and each name stood there once. */
  #readNews(values) {
    checkBoundaries(values);
    if (values.get('notify_type') !== 'trade_status_sync' || !values.has('notify_id')) {
      throw new Refused('notify_type or notify_id is not what it should be');
    }
    if (values.has('seller_id') && values.get('seller_id') !== this.#account.partner) {
      throw new Refused('this payment is for another seller');
    }
    const outTradeNo = compulsory('out_trade_no', values.get('out_trade_no'), 64);
    const status = values.get('trade_status');
    const isRefund = values.get('notify_action_type') === 'refundFPAction';
    if (!STATUSES.includes(status) && !(isRefund && status === undefined)) {
      throw new Refused('trade_status is unknown');
    }
    if (isRefund && (values.get('refund_status') ?? 'REFUND_SUCCESS') !== 'REFUND_SUCCESS') {
      throw new Refused('the refund has not succeeded');
    }
    const currency = values.get('trans_currency') ?? this.#ledger.find(outTradeNo)?.currency;
    const amount = (name) => (values.has(name) ? positive(values.get(name), currency) : undefined);
    const total = amount('total_fee');
    if (total === undefined && !isRefund && ['TRADE_SUCCESS', 'TRADE_FINISHED'].includes(status)) {
      throw new Refused('total_fee is missing');
    }
    return {
      outTradeNo,
      tradeNo: optional('trade_no', values.get('trade_no'), 64),
      status,
      total,
      currency,
      paidAt: values.has('gmt_payment') ? readBeijing(values.get('gmt_payment')) : undefined,
      qrcode: values.get('qrcode'),
      isRefund,
      refundId: isRefund ? optional('out_biz_no', values.get('out_biz_no'), 64) : undefined,
      refundFee: isRefund ? amount('refund_fee') : undefined,
    };
  }

  // --- looking --------------------------------------------------------------------------------------

  trade(outTradeNo) {
    const state = this.#ledger.stateOf(outTradeNo);
    const { total, currency, wasPaid, fulfilled } = this.#ledger.find(outTradeNo) ?? {};
    if (!currency) {
      return { state };
    }
    return {
      state,
      ...(wasPaid && { paid: formatAmount(total, currency) }),
      currency,
      refunded: formatAmount(this.#ledger.refunded(outTradeNo), currency),
      pending: formatAmount(this.#ledger.pending(outTradeNo), currency),
      fulfilled: String(fulfilled),
    };
  }
}

// --- checks before sending ----------------------------------------------------------------------------

function checkBizData(bizData) {
  const isTaxi = bizData.secondary_merchant_industry === TAXI;
  for (const name of COMPULSORY) {
    if (!bizData[name] && !(isTaxi && name.startsWith('store_'))) {
      throw new Refused(`biz_data.${name} is missing`);
    }
  }
  for (const [name, [longest, pattern]] of Object.entries(BIZ_DATA)) {
    const value = bizData[name] ?? undefined;
    if (value !== undefined && !(pattern ?? /^/).test(compulsory(`biz_data.${name}`, value, longest))) {
      throw new Refused(`biz_data.${name} holds a character that is not allowed there`);
    }
  }
  const { trans_currency: pricing, currency: settlement, channel_fee: fee, passback_parameters: passback } = bizData;
  decimalsOf(pricing);
  decimalsOf(settlement);
  if (pricing !== 'CNY' && settlement !== 'CNY' && settlement !== pricing) {
    throw new Refused('settlement is in CNY or in the pricing currency');
  }
  if (fee !== undefined && fee !== null) {
    checkChannelFee(fee, settlement);
  }
  if (Object.values(passback ?? {}).some((value) => typeof value === 'object' && value !== null)) {
    throw new Refused('biz_data.passback_parameters must be flat');
  }
}

function checkChannelFee({ type, value }, currency) {
  if (typeof value !== 'string' || (type !== 'FIXED' && type !== 'RATE')) {
    throw new Refused('biz_data.channel_fee needs a type, FIXED or RATE, and a value');
  }
  if (type === 'FIXED') {
    parseAmount(value, currency);
  } else if (!/^0(\.(0[0-4]\d*|050*|00?))?$/.test(value)) {
    throw new Refused('biz_data.channel_fee: a RATE lies between 0 and 0.05');
  }
}

function compulsory(name, value, longest) {
  if (typeof value !== 'string' || value === '') {
    throw new Refused(`${name} is missing`);
  }
  if ([...value].length > longest) {
    throw new Refused(`${name} is longer than ${longest} characters`);
  }
  return value;
}

function optional(name, value, longest) {
  return value ? compulsory(name, value, longest) : undefined;
}

function address(url) {
  if (!/^https?:\/\/[^\s/?#]\S*$/.test(compulsory('notify_url', url, 200))) {
    throw new Refused('notify_url is not an address');
  }
  return url;
}

// --- reading what came --------------------------------------------------------------------------------

function parseForm(body, charset) {
  const unescape = (text) => {
    if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
      throw new Refused('a percent sign encodes nothing');
    }
    const bytes = text
      .replaceAll('+', ' ')
      .replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return decode(Buffer.from(bytes, 'latin1'), charset);
  };
  return body.toString('latin1').split('&').filter((part) => part !== '').map((part) => {
    const end = part.includes('=') ? part.indexOf('=') : part.length;
    return [unescape(part.slice(0, end)), unescape(part.slice(end + 1))];
  });
}

/**
 * The signed text is "a=1&b=2", so whoever forwards a message may move the border between two parameters
 * and keep the signature: a seller_id can be hidden in the value before it. A value that holds one of the
 * names we act upon is therefore not believed.
 */
function checkBoundaries(values) {
  const hidden = /&(notify_(id|type|action_type)|out_(trade|biz)_no|trade_(no|status)|total_fee|trans_currency|gmt_payment|refund_(fee|status)|seller_id|qrcode)=/;
  if ([...values.values()].some((value) => hidden.test(value))) {
    throw new Refused('a value holds another parameter');
  }
}

function positive(text, currency) {
  const amount = readAmount(text, currency);
  if (amount === 0) {
    throw new Refused('an amount is zero');
  }
  return amount;
}

function confirms(fields, refund) {
  const amount = fields.get('refund_amount');
  try {
    return fields.get('partner_refund_id') === refund.id
      && sameIfGiven(fields.get('partner_trans_id'), refund.outTradeNo)
      && sameIfGiven(fields.get('currency'), refund.currency)
      && (!amount || readAmount(amount, refund.currency) === refund.amount);
  } catch {
    return false;
  }
}

/** Does the failure of a repeat say what became of the first attempt? */
function settles(failure) {
  return failure.signed && !MAYBE_BY_ITSELF.includes(failure.code);
}

function sameIfGiven(theirs, ours) {
  return !theirs || !ours || theirs === ours;
}

function result(reply, names = []) {
  const given = reply.outcome === 'success' ? names.filter((name) => reply.fields.get(name)) : [];
  return {
    outcome: reply.outcome,
    ...Object.fromEntries(given.map((name) => [name, reply.fields.get(name)])),
    ...(reply.code && { code: reply.code }),
  };
}
