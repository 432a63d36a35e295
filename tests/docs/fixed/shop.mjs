// A shop whose gateway stands in its code: it asks for a code, or prints the form that a browser submits.
import { createHash } from 'node:crypto';
import https from 'node:https';

const GATEWAY = 'https://globalmapi.alipay.com/gateway.do';
const params = JSON.parse(process.env.PARAMS);
const text = Object.keys(params).sort().map(name => `${name}=${params[name]}`).join('&');
params.sign = createHash('md5').update(text + process.env.MD5_KEY).digest('hex');
params.sign_type = 'MD5';
if (process.argv[2] === 'form') {
  const safe = value => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const fields = Object.entries(params).map(([name, value]) => `<input type="hidden" name="${name}" value="${safe(value)}">`);
  console.log(`<form action="${GATEWAY}?_input_charset=UTF-8" method="post">${fields.join('')}<input type="submit" value="Pay"></form>`);
} else {
  https.get(`${GATEWAY}?${new URLSearchParams(params)}`, answer => answer.pipe(process.stdout))
    .on('error', error => console.log(error.message));
}
