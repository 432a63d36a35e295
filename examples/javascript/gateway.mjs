/** Talks to Alipay's gateway: a signed URL goes out by GET, XML comes back. */
import http from 'node:http';
import https from 'node:https';
import { encode } from './charset.mjs';
import { Refused } from './refused.mjs';
import { sign, verify } from './signing.mjs';
import { parseXml } from './xml.mjs';

const LARGEST_ANSWER = 1 << 20;

/** Codes after which nobody knows whether the request was carried out. */
const SYSTEM_ERRORS = new Set([
  'SYSTEM_ERROR', 'SYSTEM_EXCEPTION', 'SESSION_TIMEOUT', 'ILLEGAL_TARGET_SERVICE', 'ILLEGAL_ACCESS_SWITCH_SYSTEM',
  'ILLEGAL_SWITCH_SYSTEM', 'EXTERFACE_IS_CLOSED',
]);

/**
 * What came of a request: { outcome, code, fields, signed }.
 *
 * success: signed, and the business result is SUCCESS. failed: refused, and nothing was done. unknown: it
 * may or may not have been done; repeat it with the same ids. A failure that is not signed (a gateway
 * error) speaks of this one request only, not of earlier attempts.
 */
const unknown = (code) => ({ outcome: 'unknown', code, fields: new Map(), signed: false });

/** A signed answer proves something only about the ids that it names. */
export function unlessAbout(reply, isOurs) {
  return reply.outcome === 'success' && !isOurs(reply.fields) ? unknown() : reply;
}

/** Signs and encodes a request; whatever is wrong with it is found here, before anything is sent. */
export function prepare(account, service, fields, otherUrl) {
  const { charset, partner, signType } = account;
  const gatewayUrl = otherUrl ?? account.gatewayUrl;
  const url = URL.canParse(gatewayUrl) ? new URL(gatewayUrl) : null;
  const onLoopback = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !onLoopback) {
    throw new Refused('the gateway is reached by https only');
  }
  const pairs = Object.entries({ ...fields, service, partner, _input_charset: charset }).filter(([, value]) => value);
  pairs.push(['sign', sign(account, pairs, charset, signType)], ['sign_type', signType]);
  const query = pairs.map(([name, value]) => `${name}=${percentEncode(encode(value, charset))}`).join('&');
  return `${gatewayUrl}${gatewayUrl.includes('?') ? '&' : '?'}${query}`;
}

/** encodeURIComponent() knows UTF-8 only. */
function percentEncode(bytes) {
  return bytes.toString('latin1').replace(
    /[^A-Za-z0-9._~-]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Sends a prepared request; whatever happens on the way, the answer is a reply. */
export async function send(account, url) {
  try {
    return read(account, await fetchOnce(account, url));
  } catch (error) {
    console.error(`no usable answer: ${error.message}`);
    return unknown();
  }
}

function fetchOnce({ timeout, ca }, url) {
  return new Promise((resolve, reject) => {
    const options = { agent: false, signal: AbortSignal.timeout(timeout), ...(ca && { ca }) };
    const request = (url.startsWith('https:') ? https : http).get(url, options, (response) => {
      const parts = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (part) => {
        parts.push(part);
        size += part.length;
        if (size > LARGEST_ANSWER) {
          request.destroy(new Error('the answer is too large'));
        }
      });
      response.on('end', () => {
        // A redirect is not followed: whoever sends it is not the gateway.
        if (response.statusCode === 200 && response.complete) {
          resolve(Buffer.concat(parts));
        } else {
          reject(new Error('no complete answer'));
        }
      });
    });
    request.on('error', reject);
  });
}

function read(account, bytes) {
  const { charset, root } = parseXml(bytes);
  const parts = childrenByName(root);
  if (root.name !== 'alipay') {
    throw new Refused('no answer of the gateway');
  }
  const isSuccess = trim(parts.get('is_success')?.text);
  const error = trim(parts.get('error')?.text);

  if (isSuccess === 'F' && !parts.has('sign')) {
    return error && !SYSTEM_ERRORS.has(error)
      ? { outcome: 'failed', code: error, fields: new Map(), signed: false }
      : unknown(error);
  }
  // What is signed: the children of the first child of <response>, whatever that is called.
  const container = parts.get('response')?.children[0];
  if (!container || (isSuccess !== 'T' && isSuccess !== 'F')) {
    return unknown();
  }
  const fields = new Map();
  for (const [name, element] of childrenByName(container)) {
    if (element.children.length > 0 || name === 'sign' || name === 'sign_type') {
      return unknown();
    }
    fields.set(name, trim(element.text));
  }
  const signature = ['sign', 'sign_type'].map((name) => [name, trim(parts.get(name)?.text)]);
  if (!verify(account, [...fields, ...signature], charset)) {
    return unknown();
  }

  const code = fields.get('detail_error_code') || fields.get('error') || error;
  const made = fields.get('qrcode'); // CREATE may be answered without result_code
  const result = fields.get('result_code') ?? (made && 'SUCCESS');
  if (isSuccess === 'T' && result === 'SUCCESS') {
    return { outcome: 'success', fields, signed: true };
  }
  const undone = isSuccess === 'F' || result === 'FAIL' || result === 'FAILED';
  return undone && !SYSTEM_ERRORS.has(code) ? { outcome: 'failed', code, fields, signed: true } : unknown(code);
}

function childrenByName(parent) {
  const children = new Map(parent.children.map((child) => [child.name, child]));
  if (children.size !== parent.children.length) {
    throw new Refused('an element stands twice: which one would count?');
  }
  return children;
}

/** XML's own blanks only: trim() would take full-width ones too, which are part of a value. */
function trim(text = '') {
  const isBlank = (at) => ' \t\r\n'.includes(text[at]);
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}
