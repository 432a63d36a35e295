'use strict';
/** alipay, by lodengo: signs requests and verifies notifications, MD5 over UTF-8. */
const { serve, Unsupported } = require('./lines.cjs');
const core = require('alipay/lib/alipay_core.function');
const { AlipaySubmit } = require('alipay/lib/alipay_submit.class');
const { AlipayNotify } = require('alipay/lib/alipay_notify.class');

// The package asks Alipay about every notification. The answer is always "true" here: what is asked is what it does
// with a notification that Alipay has sent, and what it does with a signature that does not hold.
core.getHttpResponseGET = (url, certificate, callback) => setImmediate(callback, 'true');

let config;

serve(
  {
    name: 'alipay',
    version: require('alipay/package.json').version,
    homepage: 'https://github.com/lodengo/alipay',
    limits: { verify: { sources: ['notification'] } },
  },
  {
    configure({ partner, md5_key: key, sign_type }) {
      config = { partner, key, sign_type, input_charset: 'utf-8', transport: 'https', cacert: '' };
      return {};
    },
    presign: ({ params }) => ({ text: core.createLinkstring(core.argSort(core.paraFilter(Object.fromEntries(params)))) }),
    sign({ params, sign_type }) {
      const submit = new AlipaySubmit({ ...config, sign_type });
      return { sign: submit.buildRequestPara(Object.fromEntries(params)).sign };
    },
    verify({ params, source }) {
      if (source !== 'notification') {
        throw new Unsupported('the package reads no signed responses');
      }
      return new Promise((resolve) => {
        new AlipayNotify(config).verifyNotify(Object.fromEntries(params), (valid) => resolve({ valid }));
      });
    },
  },
);
