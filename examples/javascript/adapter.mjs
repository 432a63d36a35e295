/** Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here. */
import { createInterface } from 'node:readline';
import { Ledger } from './ledger.mjs';
import { Merchant } from './merchant.mjs';
import { Refused } from './refused.mjs';
import { Account, presign, sign, verify } from './signing.mjs';
import { TEST_ACCOUNT } from './test-account.mjs';

class Unsupported extends Error {}

let account = new Account(TEST_ACCOUNT);
let ledger;
let merchant;
let now = null;

function open() {
  merchant = new Merchant(account, ledger, () => (now === null ? new Date() : new Date(now)));
  return {};
}

const operations = {
  hello({ protocol }) {
    if (protocol !== '1') {
      throw new Unsupported('this adapter speaks protocol 1');
    }
    return {
      protocol: '1',
      name: 'example shop in JavaScript',
      version: '1.0',
      language: 'JavaScript',
      operations: Object.keys(operations),
      sign_types: ['MD5', 'RSA', 'RSA2'],
      charsets: ['UTF-8', 'GBK', 'GB2312'],
      clock: true,
      parallel: true,
      features: ['https'],
      runtime: `Node ${process.versions.node}`,
    };
  },
  configure(args) {
    account = new Account({
      partner: args.partner,
      signType: args.sign_type,
      charset: args.charset,
      md5Key: args.md5_key,
      privateKey: args.merchant_private_key.pkcs8_pem,
      alipayPublicKey: args.alipay_public_key.pem,
      gatewayUrl: args.gateway_url,
      notifyUrl: args.notify_url,
      timeout: Math.round(Number(args.gateway_timeout) * 1000),
      ca: args.gateway_ca_pem ?? undefined,
    });
    return open();
  },
  reset() {
    ledger = new Ledger();
    return open();
  },
  presign: ({ params, charset }) => ({ base64: presign(params, charset).toString('base64') }),
  sign: ({ params, charset, sign_type: signType }) => ({ sign: sign(account, params, charset, signType) }),
  verify: ({ params, charset }) => ({ valid: verify(account, params, charset) }),
  expect({ out_trade_no: outTradeNo, qrcode, total_fee: totalFee, currency }) {
    merchant.expect({ outTradeNo, qrcode, totalFee, currency });
    return {};
  },
  create_qr_code: (args) => merchant.createQrCode(args.biz_data, args.notify_url, args.gateway_url),
  cancel: (args) => merchant.cancel(args.out_trade_no, args.trade_no, args.gateway_url),
  refund: ({ gateway_url: gatewayUrl, ...order }) => merchant.refund(order, gatewayUrl),
  notify: ({ body_base64: body, method }) => ({ reply: merchant.notify(method ?? 'POST', Buffer.from(body, 'base64')) }),
  trade: ({ out_trade_no: outTradeNo }) => merchant.trade(outTradeNo),
};

async function answer({ op, args, now: told }) {
  now = told ?? null;
  try {
    if (!Object.hasOwn(operations, op)) {
      throw new Unsupported(`unknown operation ${op}`);
    }
    return { result: await operations[op](args ?? {}) };
  } catch (error) {
    if (error instanceof Refused) {
      return { refused: { reason: error.message } };
    }
    if (error instanceof Unsupported) {
      return { unsupported: { reason: error.message } };
    }
    return { error: { message: error.message, traceback: error.stack } };
  }
}

operations.reset();
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...(await answer(request)) })}\n`);
}
