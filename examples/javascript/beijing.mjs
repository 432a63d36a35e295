/** Alipay's clock is GMT+8, wherever the shop stands. */
import { Refused } from './refused.mjs';

const OFFSET = 8 * 3600 * 1000;

/** yyyy-MM-dd HH:mm:ss */
export function beijingText(date) {
  return new Date(date.getTime() + OFFSET).toISOString().slice(0, 19).replace('T', ' ');
}

export function readBeijing(text) {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number);
  const date = parts && new Date(Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2)) - OFFSET);
  if (!date || beijingText(date) !== text) { // Date rolls 30 February over into March
    throw new Refused('a time is written yyyy-MM-dd HH:mm:ss');
  }
  return date;
}

export function sameBeijingDay(a, b) {
  return Boolean(a) && beijingText(a).slice(0, 10) === beijingText(b).slice(0, 10);
}
