// Runs the vectors of level 1: node runners/runner.js, beside the JSON files; no package is needed.
const { createHash, sign, verify } = require("node:crypto");
const { readFileSync } = require("node:fs");

// Node decodes GBK and encodes UTF-8 alone, so the table is turned round.
const GB2312 = { 0xa2: [0xb1, 0xe2, 0xe5, 0xee, 0xf1, 0xfc], 0xa4: [0xa1, 0xf3], 0xa5: [0xa1, 0xf6],
  0xa6: [0xa1, 0xb8, 0xc1, 0xd8], 0xa7: [0xa1, 0xc1, 0xd1, 0xf1], 0xa8: [0xa1, 0xba, 0xc5, 0xe9],
  0xa9: [0xa4, 0xef], 0xd7: [0xa1, 0xf9] };
const TABLES = { GBK: new Map(), GB2312: new Map() };
for (let row = 0x81; row <= 0xfe; row++) {
  for (let column = 0x40; column <= 0xfe; column++) {
    let character;
    try {
      character = new TextDecoder("gbk", { fatal: true }).decode(Uint8Array.of(row, column));
    } catch {
      continue;
    }
    if (character.length !== 1 || (character >= "\ue000" && character <= "\uf8ff")) continue;
    TABLES.GBK.set(character, [row, column]);
    const full = row === 0xa1 || row === 0xa3 || (row >= 0xb0 && row <= 0xf7);
    const columns = GB2312[row] ?? (full ? [0xa1, 0xfe] : []);
    if (columns.some((first, at) => at % 2 === 0 && first <= column && column <= columns[at + 1])) {
      TABLES.GB2312.set(character, [row, column]);
    }
  }
}

function encode(text, charset) {
  if (charset === "UTF-8") return Buffer.from(text);
  return Buffer.from([...text].flatMap((character) => {
    if (character < "\x80") return [character.charCodeAt(0)];
    const bytes = TABLES[charset].get(character);
    if (!bytes) throw new Error(`${character} is not in ${charset}`);
    return bytes;
  }));
}

function presign(params, charset) {
  const text = params
    .filter(([name, value]) => value !== null && value !== "" && name !== "sign" && name !== "sign_type")
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return encode(text, charset);
}

const HASHES = { RSA: "RSA-SHA1", RSA2: "RSA-SHA256" };
const md5 = (data, key) => createHash("md5").update(data).update(key).digest("hex");

function makeSign(inputs) {
  const data = presign(inputs.params, inputs.charset);
  if (inputs.sign_type === "MD5") return md5(data, inputs.md5_key);
  return sign(HASHES[inputs.sign_type], data, inputs.merchant_private_key.pkcs8_pem).toString("base64");
}

function isGenuine(inputs) {
  const given = new Map(inputs.params);
  if (given.size !== inputs.params.length || given.get("sign_type") !== inputs.sign_type) return false;
  const data = presign(inputs.params, inputs.charset), text = given.get("sign") ?? "";
  if (inputs.sign_type === "MD5") return text === md5(data, inputs.md5_key);
  return holds(inputs.sign_type, data, text, inputs.alipay_public_key);
}

function holds(signType, data, text, key) {
  const signature = Buffer.from(text, "base64");
  if (signature.toString("base64") !== text) return false; // Node skips what is no base64
  return verify(HASHES[signType], data, key.pem, signature);
}

// Of what others have signed with RSA, the public key alone is known: PKCS#1 v1.5 has no second signature that holds.
function isSign(inputs, sign) {
  if (inputs.sign_type === "MD5" || inputs.merchant_private_key) return makeSign(inputs) === sign;
  return holds(inputs.sign_type, presign(inputs.params, inputs.charset), sign, inputs.merchant_public_key);
}

// What each kind answers, and what the vector says.
const KINDS = {
  presign: (inputs, steps) => presign(inputs.params, inputs.charset).toString("hex") === steps.presign_hex,
  sign: (inputs, steps) => isSign(inputs, steps.sign),
  verify_notification: (inputs) => isGenuine(inputs),
};

let passed = 0, failed = 0;
for (const name of ["presign", "sign_md5", "sign_rsa", "sign_rsa2", "verify_notification", "external"]) {
  const file = JSON.parse(readFileSync(`${name}.json`, "utf8"));
  for (const group of file.groups) {
    for (const test of group.tests) {
      if (test.result === "acceptable") continue;
      let accepted = false;
      try {
        accepted = KINDS[file.subject]({ ...group.inputs, ...test.inputs }, test.steps);
      } catch {
        // declined
      }
      if (accepted === (test.result === "valid")) passed++;
      else { failed++; console.log(test.id, test.comment); }
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
