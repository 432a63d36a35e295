/**
 * Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
 *
 * Fill in sign first, then run the command that `alipay-qr init` has printed; then go down the list. What you do not
 * have stays as it is. Return raw values (a promise will do), never a verdict. Throw Refused where your own code
 * declines an input before anything is sent, Unsupported where it cannot do this one call; let every other error
 * pass. An operation that reads no answer says { outcome: 'sent' }.
 * If you sign with RSA, say so in sign_types; the keys are settings.merchant_private_key.pkcs8_pem (or pkcs1_pem,
 * pkcs8_pem, pkcs1_base64, pkcs8_base64) and settings.alipay_public_key.pem (or pem, base64). A value for which your
 * code has no parameter, such as trade_no, is_sync or another notify_url, is Unsupported. With a static code Alipay
 * names the trade: the out_trade_no of a notification may be new to you.
 */
import { createInterface } from 'node:readline';

class Refused extends Error {}
/** One call alone, as in: if (args.is_sync === 'Y') throw new Unsupported('it refunds later alone'); */
class Unsupported extends Error {}

function fillIn(op) {
  throw new Unsupported(`${op} in adapter.mjs is not filled in yet; begin with sign, and list it in filledIn`);
}

/** What your code can do: add each operation here once it is filled in. */
const filledIn = ['hello', 'configure', 'reset'];

/** What configure said last: partner, sign_type, charset, md5_key, merchant_private_key.pkcs8_pem, ... */
let settings = null;
/** The time it is, as RFC 3339 text. If your code can be told the time, say clock: true in hello. */
let now = null;

const operations = {
  // --- level 1: signing ---------------------------------------------------------------------------------

  /** params is a list of [name, value or null]. Add nothing to them. */
  sign({ params, charset, sign_type: signType }) {
    return fillIn('sign');
    // return { sign: mySign(params, signType, settings.md5_key) };
  },
  /** The text or the bytes that are signed, without the key. */
  presign({ params, charset }) {
    return fillIn('presign');
    // return { text: '...' };  or  { base64: bytes.toString('base64') };
  },
  /** Does a message hold? source is "notification" or "response". */
  verify({ params, charset, source }) {
    return fillIn('verify');
    // return { valid: true };
  },

  // --- level 2: requests, really sent to args.gateway_url ?? settings.gateway_url ------------------------

  create_qr_code(args) {
    return fillIn('create_qr_code');
    // args.biz_data is an object; also args.notify_url
    // return { outcome: 'success', qrcode: '...', qrcode_img_url: '...' };
  },
  /** outcome: success, failed (nothing was done), or unknown (it may have been done). */
  cancel(args) {
    return fillIn('cancel');
    // args.out_trade_no, args.trade_no
    // return { outcome: 'success', action: 'close' };
  },
  /** outcome: also accepted, for an asynchronous refund that Alipay has taken. */
  refund(args) {
    return fillIn('refund');
    // args.partner_trans_id, .partner_refund_id, .refund_amount, .currency; maybe .refund_reason, .is_sync
    // return { outcome: 'failed', code: 'TRADE_NOT_EXIST' };
  },

  // --- level 3: notifications ---------------------------------------------------------------------------

  /** A POST to your notify_url; the body is Buffer.from(args.body_base64, 'base64'). */
  notify(args) {
    return fillIn('notify');
    // return { reply: 'success' };
  },

  // --- level 4: money -----------------------------------------------------------------------------------

  /** Your shop now awaits a payment: args.total_fee, .currency, maybe .out_trade_no, .qrcode. */
  expect(args) {
    return fillIn('expect');
    // return {};
  },
  /** What your books say: none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided. */
  trade(args) {
    return fillIn('trade');
    // return { state: 'paid', paid: '10.00', currency: 'USD', refunded: '0.00', fulfilled: '1' };
  },
  /** Forget all trades; keep the settings. */
  reset() {
    return {};
  },

  // --- nothing to fill in below, but see sign_types, charsets and clock in hello --------------------------

  hello({ protocol }) {
    if (protocol !== '1') {
      throw new Unsupported('this adapter speaks protocol 1');
    }
    return {
      protocol: '1',
      name: 'my shop',
      version: '0',
      language: 'JavaScript',
      operations: filledIn,
      sign_types: ['MD5'],
      charsets: ['UTF-8'],
      clock: false,
      parallel: false,
    };
  },
  configure(args) {
    settings = args;
    return {};
  },
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
    return { error: { message: String(error?.message ?? error), traceback: String(error?.stack) } };
  }
}

// What your code throws outside a call: told to the kit, and no end of the adapter.
process.on('uncaughtException', (error) => console.error(error));
process.on('unhandledRejection', (error) => console.error(error));

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...(await answer(request)) })}\n`);
}
