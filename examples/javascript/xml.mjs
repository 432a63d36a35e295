/**
 * Reads the small XML that the gateway answers: elements, attributes, text, CDATA, the five entities.
 * A DTD is refused, and so is everything that is not well-formed.
 */
import { Refused } from './refused.mjs';
import { decode } from './charset.mjs';

const DECLARATION = /^<\?xml\s+version\s*=\s*["']1\.[01]["'](?:\s+encoding\s*=\s*["']([\w.-]+)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/;
const NAME = '[A-Za-z_][\\w.:-]*';
const TOKEN = new RegExp(
  [
    '<!--(?:(?!--)[^])*-->',
    '<\\?(?!xml[\\s?])[^]*?\\?>',
    '<!\\[CDATA\\[(?<cdata>[^]*?)\\]\\]>',
    `</(?<close>${NAME})\\s*>`,
    `<(?<open>${NAME})(?:\\s+${NAME}\\s*=\\s*(?:"[^<"]*"|'[^<']*'))*\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DEEPEST = 32;

/** Returns { charset, root }; an element is { name, children, text }. */
export function parseXml(bytes) {
  const start = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  const declaration = DECLARATION.exec(bytes.subarray(start, start + 200).toString('latin1'));
  const charset = declaration?.[1] ?? 'UTF-8';
  const text = decode(bytes.subarray(start + (declaration?.[0].length ?? 0)), charset).replace(/\r\n?/g, '\n');
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) {
    throw new Refused('XML holds a control character');
  }
  const top = { children: [], text: '' };
  const open = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text)?.groups;
    if (!found || open.length > DEEPEST) {
      throw new Refused('not well-formed XML, or with a DTD');
    }
    const current = open.at(-1);
    if (found.open) {
      const element = { name: found.open, children: [], text: '' };
      current.children.push(element);
      if (!found.empty) {
        open.push(element);
      }
    } else if (found.close) {
      if (found.close !== open.pop().name) {
        throw new Refused('XML elements are not nested');
      }
    } else if (found.cdata !== undefined) {
      current.text += found.cdata;
    } else if (found.text) {
      current.text += unescape(found.text);
    }
  }
  if (open.length !== 1 || top.children.length !== 1 || top.text.trim() !== '') {
    throw new Refused('XML has one root and nothing beside it');
  }
  return { charset, root: top.children[0] };
}

function unescape(text) {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(\w{1,8}))?(;?)/g, (all, decimal, hex, name, end) => {
    if (name && end && Object.hasOwn(ENTITIES, name)) {
      return ENTITIES[name];
    }
    const code = decimal ? parseInt(decimal, 10) : parseInt(hex, 16);
    if (!end || !(code >= 0x20 || [9, 10, 13].includes(code)) || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw new Refused('XML holds an unknown entity');
    }
    return String.fromCodePoint(code);
  });
}
