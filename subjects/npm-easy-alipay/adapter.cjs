'use strict';
/** easy-alipay: signs requests and verifies notifications, MD5 over UTF-8. */
const { serve, Unsupported } = require('./lines.cjs');
const request = require('request');
const { Notification } = require('easy-alipay');
const core = require('easy-alipay/lib/alipay-core');
const submit = require('easy-alipay/lib/alipay-submit');

// The package asks Alipay about every notification. The answer is always "true" here: what is asked is what it does
// with a notification that Alipay has sent, and what it does with a signature that does not hold.
request.get = (url, callback) => setImmediate(callback, null, { statusCode: 200, body: 'true' }, 'true');

let settings;

serve(
  {
    name: 'easy-alipay',
    version: require('easy-alipay/package.json').version,
    homepage: 'https://github.com/taurencoder/easy-alipay',
    limits: { verify: { sources: ['notification'] } },
  },
  {
    configure(args) {
      settings = args;
      return {};
    },
    presign: ({ params }) => ({ text: core.createLinkString(core.filterArguments(Object.fromEntries(params))) }),
    sign({ params, sign_type: signType }) {
      if (signType !== 'MD5') {
        throw new Unsupported('the package offers no choice of the sign type');
      }
      const config = { alipay_gateway: 'https://gateway.invalid/?', key: settings.md5_key, sign_type: 'MD5', _input_charset: 'utf-8' };
      const url = submit.buildRequestUrl(Object.fromEntries(params), config);
      return { sign: new URL(url).searchParams.get('sign') };
    },
    async verify({ params, source }) {
      if (source !== 'notification') {
        throw new Unsupported('the package reads no signed responses');
      }
      try {
        await Notification.directPayNotify(Object.fromEntries(params), settings.partner, settings.md5_key);
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
