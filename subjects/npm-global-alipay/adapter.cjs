'use strict';
/** global-alipay: signs requests of the cross-border services, MD5 over UTF-8. */
const { serve } = require('./lines.cjs');
const AlipayCore = require('global-alipay/lib/AlipayCore');
const AlipaySubmit = require('global-alipay/lib/AlipaySubmit');

let settings;

serve(
  {
    name: 'global-alipay',
    version: require('global-alipay/package.json').version,
    homepage: 'https://github.com/youngjinguy/global-alipay',
  },
  {
    configure(args) {
      settings = args;
      return {};
    },
    presign({ params }) {
      const core = new AlipayCore();
      return { text: core.createLinkString(core.paraSort(core.paraFilter(Object.fromEntries(params)))) };
    },
    sign({ params, sign_type }) {
      const given = Object.fromEntries(params);
      // `partner` stands in the configuration; a message without one is signed without one.
      const submit = new AlipaySubmit({ partner: given.partner ?? '', key: settings.md5_key, sign_type });
      return { sign: submit.buildRequestPara(given).sign };
    },
  },
);
