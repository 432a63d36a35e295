/**
 * Text to bytes and back in UTF-8, GBK and GB2312.
 *
 * Node decodes GBK but encodes UTF-8 only, so the tables are turned round here, once, at start-up. Nothing
 * is ever replaced: a character that the charset lacks would be signed as something that nobody wrote.
 */
import { Refused } from './refused.mjs';

/** The columns of GB2312, row by row; TextDecoder('gb2312') is GBK under another name and knows more. */
const GB2312_COLUMNS = {
  0xa1: [[0xa1, 0xfe]],
  0xa2: [[0xb1, 0xe2], [0xe5, 0xee], [0xf1, 0xfc]],
  0xa3: [[0xa1, 0xfe]],
  0xa4: [[0xa1, 0xf3]],
  0xa5: [[0xa1, 0xf6]],
  0xa6: [[0xa1, 0xb8], [0xc1, 0xd8]],
  0xa7: [[0xa1, 0xc1], [0xd1, 0xf1]],
  0xa8: [[0xa1, 0xba], [0xc5, 0xe9]],
  0xa9: [[0xa4, 0xef]],
  0xd7: [[0xa1, 0xf9]],
};
/** Two signs that GB2312's own table (that of iconv) reads otherwise than GBK's. */
const GB2312_SIGNS = new Map([[0xa1a4, '\u30fb'], [0xa1aa, '\u2015']]);

function inGb2312(code) {
  const [row, column] = [code >> 8, code & 0xff];
  const columns = GB2312_COLUMNS[row] ?? (row >= 0xb0 && row <= 0xf7 ? [[0xa1, 0xfe]] : []);
  return columns.some(([first, last]) => column >= first && column <= last);
}

function readGbk() {
  const decoder = new TextDecoder('gbk', { fatal: true });
  const characters = new Map();
  for (let code = 0x8140; code <= 0xfefe; code++) {
    let character;
    try {
      character = decoder.decode(Uint8Array.of(code >> 8, code & 0xff));
    } catch {
      continue;
    }
    const unit = character.charCodeAt(0);
    if (character.length === 1 && !(unit >= 0xe000 && unit <= 0xf8ff)) { // GBK has no private characters
      characters.set(code, character);
    }
  }
  return characters;
}

const gbk = readGbk();
const gb2312 = new Map(
  [...gbk].filter(([code]) => inGb2312(code)).map(([code, character]) => [code, GB2312_SIGNS.get(code) ?? character]),
);
const TABLES = Object.fromEntries(
  Object.entries({ GBK: gbk, GB2312: gb2312 }).map(([name, characters]) => [
    name,
    { characters, codes: new Map([...characters].map(([code, character]) => [character, code])) },
  ]),
);

export function charsetName(charset) {
  const name = String(charset).toUpperCase();
  if (!['UTF-8', 'GBK', 'GB2312'].includes(name)) {
    throw new Refused('the charset must be UTF-8, GBK or GB2312');
  }
  return name;
}

export function encode(text, charset) {
  const name = charsetName(charset);
  if (!text.isWellFormed()) {
    throw new Refused('a text holds half a character');
  }
  if (name === 'UTF-8') {
    return Buffer.from(text, 'utf8');
  }
  const bytes = [];
  for (const character of text) {
    const code = character < '\x80' ? character.charCodeAt(0) : TABLES[name].codes.get(character);
    if (code === undefined) {
      throw new Refused(`the character U+${character.codePointAt(0).toString(16)} does not exist in ${name}`);
    }
    if (code > 0xff) {
      bytes.push(code >> 8);
    }
    bytes.push(code & 0xff);
  }
  return Buffer.from(bytes);
}

export function decode(bytes, charset) {
  const name = charsetName(charset);
  if (name === 'UTF-8') {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Refused('the bytes are not UTF-8');
    }
  }
  const parts = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] < 0x80) {
      parts.push(String.fromCharCode(bytes[at]));
      continue;
    }
    const character = TABLES[name].characters.get((bytes[at] << 8) | (bytes[++at] ?? 0));
    if (character === undefined) {
      throw new Refused(`the bytes are not ${name}`);
    }
    parts.push(character);
  }
  return parts.join('');
}
