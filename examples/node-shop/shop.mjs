// A small shop as it could exist: it knows a gateway URL, a partner and an MD5 key, and nothing of tests.
//   GATEWAY=http://127.0.0.1:8700/gateway.do PORT=8081 node shop.mjs
//   then /create, /refund?trade=NO&id=R-1&amount=2.50, /cancel?trade=NO, /book; Alipay calls /notify
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { GATEWAY = 'http://127.0.0.1:8700/gateway.do', PORT = '8081' } = process.env;
const PARTNER = process.env.PARTNER ?? '2088021966388155';
const KEY = process.env.MD5_KEY ?? 'w0nu2sn0o97s8ruzrpj64fgc8vj8wus6';
const NOTIFY = `http://127.0.0.1:${PORT}/notify`;
const NEEDED = ['notify_id', 'out_trade_no', 'trade_status', 'total_fee', 'trans_currency', 'sign'];
const trades = new Map();  // by number: cents paid, refunds by id, whether cancelled
const book = [];

function signature(params) {
  const text = Object.entries(params)
    .filter(([name, value]) => value !== '' && name !== 'sign' && name !== 'sign_type')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return createHash('md5').update(text + KEY).digest('hex');
}
const equal = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
const cents = text => (/^\d{1,7}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : 0);
const beijing = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');

async function call(params) {
  const all = { ...params, partner: PARTNER, _input_charset: 'UTF-8', sign_type: 'MD5' };
  const query = new URLSearchParams({ ...all, sign: signature(all) });
  try {
    const answer = await fetch(`${GATEWAY}?${query}`, { redirect: 'error', signal: AbortSignal.timeout(15e3) });
    const xml = await answer.text();
    const field = name => xml.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1];
    if (field('is_success') !== 'T') return { error: field('error') ?? 'no answer' };
    const inner = xml.match(/<response>\s*<(\w+)>(.*?)<\/\1>\s*<\/response>/s)?.[2] ?? '';
    const found = Object.fromEntries([...inner.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, text]) => [name,
      text.replace(/&(lt|gt|amp|quot|apos);/g, (_, each) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[each])]));
    return equal(signature(found), field('sign') ?? '') ? found : { unknown: 'the answer is not from Alipay' };
  } catch {
    return { unknown: 'no answer, ask again with the same number' };
  }
}

const create = () => call({
  service: 'alipay.commerce.qrcode.create', timestamp: beijing(), notify_url: NOTIFY, biz_type: 'OVERSEASHOPQRCODE',
  biz_data: JSON.stringify({ secondary_merchant_industry: '5812', secondary_merchant_id: 'shop_002',
    secondary_merchant_name: 'Noodle Bar', store_id: 'S-01', store_name: 'Noodle Bar', trans_currency: 'USD', currency: 'USD' }),
});

async function refund({ trade = '', id = '', amount = '' }) {
  const known = trades.get(trade);
  const others = Object.entries(known?.refunds ?? {}).filter(([name]) => name !== id).reduce((sum, [, each]) => sum + each, 0);
  if (!known || known.cancelled || !id || id === trade || !cents(amount) || (known.refunds[id] ?? cents(amount)) !== cents(amount)
    || others + cents(amount) > known.paid) return { error: 'this refund is not possible' };
  known.refunds[id] = cents(amount);  // it counts while nobody knows what became of it
  const result = await call({ service: 'alipay.acquire.overseas.spot.refund', notify_url: NOTIFY, partner_trans_id: trade,
    partner_refund_id: id, refund_amount: amount, currency: known.currency });
  if (result.error || result.result_code === 'FAIL') delete known.refunds[id];
  return result;
}

async function cancel({ trade = '' }) {
  const known = trades.get(trade);
  if (!known || Object.keys(known.refunds).length) return { error: 'unknown, or partly refunded: refund it' };
  const result = await call({ service: 'alipay.acquire.cancel', timestamp: beijing(), out_trade_no: trade });
  if (result.result_code === 'SUCCESS') known.cancelled = true;
  return result;
}

function notify(body) {
  const pairs = [...new URLSearchParams(body)];
  const news = Object.fromEntries(pairs);
  const hidden = pairs.some(([, value]) => [...NEEDED, 'seller_id'].some(name => value.includes(`&${name}=`)));
  const genuine = pairs.length === Object.keys(news).length && NEEDED.every(name => news[name]) && !hidden
    && news.sign_type === 'MD5' && (news.seller_id ?? PARTNER) === PARTNER && equal(signature(news), news.sign);
  book.push(`${genuine ? 'genuine' : 'FORGED'} ${news.trade_status ?? '-'} ${news.total_fee ?? '-'} ${news.refund_fee ?? '-'}`);
  if (genuine && ['TRADE_SUCCESS', 'TRADE_FINISHED'].includes(news.trade_status) && !trades.has(news.out_trade_no)) {
    trades.set(news.out_trade_no, { paid: cents(news.total_fee), currency: news.trans_currency, refunds: {} });
  }
  return genuine ? 'success' : 'fail';
}

createServer(async (request, answer) => {
  const { pathname, searchParams } = new URL(request.url, NOTIFY);
  let body = '';
  for await (const part of request) if ((body += part).length > 1e5) return request.destroy();
  if (pathname === '/notify' && request.method === 'POST') return answer.end(notify(body));
  const act = { '/create': create, '/refund': refund, '/cancel': cancel, '/book': () => book.join('\n') }[pathname];
  const told = act ? await act(Object.fromEntries(searchParams)) : 'create, refund, cancel or book';
  answer.end(typeof told === 'string' ? `${told}\n` : Object.entries(told).map(([name, text]) => `${name}: ${text}\n`).join(''));
}).listen(Number(PORT), '127.0.0.1');
