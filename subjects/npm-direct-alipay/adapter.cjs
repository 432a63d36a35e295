'use strict';
/** direct-alipay: builds signed payment URLs and verifies notifications, MD5 over UTF-8. */
const https = require('node:https');
const { EventEmitter } = require('node:events');
const { serve, Unsupported } = require('./lines.cjs');
const alipay = require('direct-alipay');

// The package asks Alipay about every notification. The answer is always "true" here: what is asked is what it does
// with a notification that Alipay has sent, and what it does with a signature that does not hold.
https.get = (url, callback) => {
  const response = new EventEmitter();
  setImmediate(() => {
    callback(response);
    response.emit('data', Buffer.from('true'));
    response.emit('end');
  });
  return Object.assign(new EventEmitter(), { end() {} });
};

// What its URLs hold whether or not the caller wants it. A caller can only take it out again by undefined.
const ITS_OWN = ['service', 'payment_type', '_input_charset', 'notify_url', 'partner', 'return_url', 'seller_email'];
let configured = 'MD5';

serve(
  {
    name: 'direct-alipay',
    version: require('direct-alipay/package.json').version,
    homepage: 'https://github.com/gwuhaolin/direct-alipay',
    limits: { verify: { sources: ['notification'] } },
  },
  {
    configure({ partner, md5_key: key, sign_type, notify_url }) {
      configured = sign_type;
      alipay.config({ partner, key, sign_type, notify_url });
      return {};
    },
    sign({ params, sign_type }) {
      alipay.config({ sign_type }); // one configuration for the whole process, as the package has it
      const order = { ...Object.fromEntries(ITS_OWN.map((name) => [name, undefined])), ...Object.fromEntries(params) };
      try {
        return { sign: new URL(alipay.buildDirectPayURL(order)).searchParams.getAll('sign').at(-1) };
      } finally {
        alipay.config({ sign_type: configured });
      }
    },
    async verify({ params, source }) {
      if (source !== 'notification') {
        throw new Unsupported('the package reads no signed responses');
      }
      try {
        await alipay.verify(Object.fromEntries(params));
        return { valid: true };
      } catch (error) {
        if (error instanceof Error) {
          throw error;
        }
        return { valid: false }; // it rejects with a text
      }
    },
  },
);
