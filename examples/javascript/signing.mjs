/** Signs what we send and checks what came. Parameters are [name, value] pairs; null is "no value". */
import crypto from 'node:crypto';
import { charsetName, encode } from './charset.mjs';
import { Refused } from './refused.mjs';

const HASHES = { RSA: 'sha1', RSA2: 'sha256' };

export function knownSignType(signType) {
  if (signType !== 'MD5' && !Object.hasOwn(HASHES, signType)) {
    throw new Refused('sign_type must be MD5, RSA or RSA2, in capital letters');
  }
  return signType;
}

/** Everything Alipay gave us, and where to find it. Keys are PEM texts. */
export class Account {
  #md5Key;
  #privateKey;

  constructor({ partner, signType, charset, md5Key, privateKey, alipayPublicKey, gatewayUrl, notifyUrl, timeout, ca }) {
    if (!partner) {
      throw new Refused('the partner id is empty');
    }
    this.partner = partner;
    this.signType = knownSignType(signType);
    this.charset = charsetName(charset);
    this.#md5Key = md5Key.trim(); // a key file read whole ends in a newline, which would be signed along
    this.#privateKey = privateKey;
    this.alipayPublicKey = alipayPublicKey;
    this.gatewayUrl = gatewayUrl;
    this.notifyUrl = notifyUrl;
    this.timeout = timeout; // milliseconds
    this.ca = ca;
  }

  md5(bytes) {
    if (this.#md5Key === '') {
      throw new Refused('the account has no MD5 key');
    }
    return crypto.createHash('md5').update(bytes).update(this.#md5Key).digest('hex');
  }

  privateKey() {
    try {
      return crypto.createPrivateKey(this.#privateKey);
    } catch {
      throw new Refused('our private key cannot be used');
    }
  }

  publicKey() {
    try {
      return crypto.createPublicKey(this.alipayPublicKey);
    } catch {
      throw new Refused("Alipay's public key cannot be used");
    }
  }
}

/** The bytes that are signed. */
export function presign(pairs, charset) {
  const names = new Set();
  const signed = [];
  for (const [name, value] of pairs) {
    if (names.has(name)) {
      throw new Refused(`the parameter ${name} stands twice`);
    }
    names.add(name);
    if (name !== 'sign' && name !== 'sign_type' && value !== null && value !== undefined && value !== '') {
      signed.push({ order: Buffer.from(name), text: `${name}=${value}` });
    }
  }
  // As bytes: the default order of sort() is that of UTF-16, localeCompare() that of a dictionary.
  signed.sort((a, b) => Buffer.compare(a.order, b.order));
  return encode(signed.map(({ text }) => text).join('&'), charset);
}

export function sign(account, pairs, charset, signType) {
  knownSignType(signType);
  const bytes = presign(pairs, charset);
  if (signType === 'MD5') {
    return account.md5(bytes);
  }
  return crypto.sign(HASHES[signType], bytes, account.privateKey()).toString('base64');
}

/** Only the sign type of our own account counts, whatever the message claims. */
export function verify(account, pairs, charset) {
  const find = (wanted) => pairs.find(([name]) => name === wanted)?.[1];
  const given = find('sign');
  if (typeof given !== 'string' || find('sign_type') !== account.signType) {
    return false;
  }
  let bytes;
  try {
    bytes = presign(pairs, charset);
  } catch (error) {
    if (error instanceof Refused) {
      return false;
    }
    throw error;
  }
  if (account.signType === 'MD5') {
    return /^[0-9a-f]{32}$/.test(given) && crypto.timingSafeEqual(Buffer.from(account.md5(bytes)), Buffer.from(given));
  }
  const signature = Buffer.from(given, 'base64'); // forgives anything, so compare with what it has read
  return (
    signature.toString('base64') === given &&
    crypto.verify(HASHES[account.signType], bytes, account.publicKey(), signature)
  );
}
