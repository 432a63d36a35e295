/** Amounts are whole numbers of the currency's smallest unit: 0.1 + 0.2 is not 0.3 in JavaScript. */
import { Refused } from './refused.mjs';

const DECIMALS = new Map([
  ...'AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD ZAR'
    .split(' ')
    .map((currency) => [currency, 2]),
  ['JPY', 0],
  ['KRW', 0],
  ['VND', 0],
]);

export function decimalsOf(currency) {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) {
    throw new Refused('the currency is unknown');
  }
  return decimals;
}

export function parseAmount(text, currency) {
  const decimals = decimalsOf(currency);
  const [, whole, fraction = ''] = /^(0|[1-9]\d{0,8})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) {
    throw new Refused('an amount is written like 12.30, without sign, blanks or exponent');
  }
  if (fraction.length > decimals) {
    throw new Refused(`${currency} has ${decimals} decimals`);
  }
  return Number(whole + fraction.padEnd(decimals, '0'));
}

/** In what Alipay sends, JPY 100 may be written 100.00: the same amount, exactly. */
export function readAmount(text, currency) {
  return parseAmount(decimalsOf(currency) === 0 ? text.replace(/\.0{1,2}$/, '') : text, currency);
}

export function formatAmount(amount, currency) {
  const decimals = decimalsOf(currency);
  const digits = String(amount).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
