import { parseAddr } from '../../../wire';
import { CONSTANTS, KEYWORDS } from './words';
import { SYNTAX } from './wrong';

/** A word of a filter expression, and where it stands. */
export interface FilterToken {
  /** `hid`, `hid6`, `mac`, `aid`: addresses of IPv4, IPv6, Ethernet and ARCNET. */
  readonly kind: 'keyword' | 'number' | 'id' | 'hid' | 'hid6' | 'mac' | 'aid' | 'operator' | 'wrong' | 'end';
  /** Of what is wrong, what libpcap says as soon as it comes to it. */
  readonly text: string;
  readonly at: number;
}

const N = '(?:0[xX][0-9A-Fa-f]+|[0-9]+)';
const B = '[0-9A-Fa-f]{1,2}';
const PATTERNS: readonly (readonly [FilterToken['kind'] | 'bogus', RegExp])[] = (
  [
    ['operator', '>=|<=|!=|==|<<|>>|&&|\\|\\||[-+*/%:\\[\\]!<>()&|^=]'],
    ['aid', `\\$${B}`],
    ['mac', [':', '-', '\\.'].map((sign) => `(?:${B}${sign}){5}${B}`).join('|')],
    ['mac', '[0-9A-Fa-f]{4}\\.[0-9A-Fa-f]{4}\\.[0-9A-Fa-f]{4}'],
    ['mac', '[0-9A-Fa-f]{12}'],
    ['number', N],
    ['hid', `${N}(?:\\.${N}){1,3}`],
    ['hid6', '[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:(?:[0-9A-Fa-f]{0,4}|\\d+\\.\\d+\\.\\d+\\.\\d+)'],
    ['hid6', '::'],
    ['bogus', `${B}:+(?:${B}:+)+`],
    ['id', '[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?'],
    ['id', '\\\\[^ !()\\n\\t]+'],
  ] as const
).map(([kind, source]) => [kind, new RegExp(source, 'y')]);

/** The words of a filter, the end last. The longest that fits is the word, of those the first. libpcap: scanner.l */
export function lex(text: string): readonly FilterToken[] {
  const out: FilterToken[] = [];
  for (let at = 0; at < text.length; ) {
    if (/[ \r\n\t]/.test(text[at]!)) {
      at++;
      continue;
    }
    let found: readonly [FilterToken['kind'] | 'bogus', string] = ['wrong', ''];
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const word = pattern.exec(text)?.[0] ?? '';
      const fits = kind !== 'hid6' || parseAddr(word) !== null;
      if (fits && word.length > found[1].length) found = [kind, word];
    }
    const [kind, word] = found;
    out.push(token(kind, word, at));
    at += word.length || 1;
  }
  out.push({ kind: 'end', text: '', at: text.length });
  return out;
}

function token(kind: FilterToken['kind'] | 'bogus', text: string, at: number): FilterToken {
  if (kind === 'wrong') return { kind, text: SYNTAX, at };
  if (kind === 'bogus') return { kind: 'wrong', text: `bogus ethernet address ${text}`, at };
  if (kind === 'number') return number(text, at);
  if (kind !== 'id') return { kind, text, at };
  if (text.startsWith('\\')) return { kind, text: text.slice(1), at };
  const constant = CONSTANTS[text];
  if (constant !== undefined) return { kind: 'number', text: String(constant), at };
  return { kind: KEYWORDS.has(text) ? 'keyword' : 'id', text, at };
}

/** libpcap: stou() */
function number(text: string, at: number): FilterToken {
  const octal = /^0\d/.test(text);
  if (octal && /[89]/.test(text)) return { kind: 'wrong', text: `number ${text} contains non-octal digit`, at };
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  return value > 0xffff_ffff
    ? { kind: 'wrong', text: `number ${text} overflows 32 bits`, at }
    : { kind: 'number', text: String(value), at };
}
