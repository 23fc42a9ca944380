import { syntaxError } from './wrong';

/** A word of a filter expression, and where it stands. */
export interface FilterToken {
  readonly kind: 'word' | 'number' | 'operator' | 'mac' | 'address' | 'end';
  readonly text: string;
  readonly at: number;
}

/** The words of a filter, the end last. libpcap: scanner.l */
export function lex(text: string): readonly FilterToken[] {
  const out: FilterToken[] = [];
  const patterns: readonly (readonly [FilterToken['kind'], RegExp])[] = [
    ['mac', /(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}(?![\w:.-])/iy],
    ['address', /(?:[0-9a-f]{0,4}:){2,}[0-9a-f:]*(?:\d+\.\d+\.\d+\.\d+)?/iy],
    ['operator', /<<|>>|<=|>=|!=|==|&&|\|\||[-+*/%&|^()[\]!<>=:]/y],
    ['number', /(?:0x[0-9a-f]+|\d+)(?![\w.-])/iy],
    ['word', /\\?[a-z0-9_][\w.-]*/iy],
  ];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    let found = false;
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) continue;
      out.push({ kind, text: match[0], at });
      at += match[0].length;
      found = true;
      break;
    }
    if (!found) throw syntaxError(at);
  }
  out.push({ kind: 'end', text: '', at });
  return out;
}
