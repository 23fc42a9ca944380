import { latin1Bytes, latin1Text } from '../../wire';
import { text, uint } from '../read/kinds';
import { defineMatch, flag, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';

/** Most bytes of a pattern. Kernel: XT_STRING_MAX_PATTERN_SIZE */
const LONGEST = 128;

interface StringConfig {
  /** A character for each byte. */
  readonly pattern: string;
  readonly algo: string;
  readonly from: number;
  readonly to: number;
  readonly icase: boolean;
  readonly negated: boolean;
}

const plain: Kind<string> = {
  name: 'text',
  read: (word) => {
    const bytes = latin1Text(new TextEncoder().encode(word));
    return bytes.length > LONGEST ? new Refusal('bad-value', `STRING too long "${word}"`) : bytes;
  },
};

/** Text with bytes in hexadecimal between bars: `GET|20 2f|`. */
const hexText: Kind<string> = {
  name: 'hex-text',
  read: (word) => {
    const source = latin1Text(new TextEncoder().encode(word));
    if (source === '') return bad('STRING must contain at least one char');
    let bytes = '';
    let inHex = false;
    for (let i = 0; i < source.length; ) {
      if (bytes.length >= LONGEST) return bad(`STRING too long "${word}"`);
      if (source[i] === '\\') {
        if (inHex) return bad('Cannot include literals in hex data');
        if (i + 1 >= source.length) return bad('Bad literal placement at end of string');
        bytes += source[i + 1];
        i += 2;
        continue;
      }
      if (source[i] === '|') {
        inHex = !inHex;
        if (inHex) while (source[i + 1] === ' ') i++;
        i++;
        if (i >= source.length) break;
      }
      if (!inHex) {
        bytes += source[i++];
        continue;
      }
      if (i + 1 >= source.length) return bad('Odd number of hex digits');
      if (i + 2 >= source.length) return bad('Invalid hex block');
      const wrong = [...source.slice(i, i + 2)].find((digit) => !/[0-9a-fA-F]/.test(digit));
      if (wrong !== undefined) return bad(`Invalid hex char '${wrong}'`);
      bytes += String.fromCharCode(Number.parseInt(source.slice(i, i + 2), 16));
      i += source[i + 2] === ' ' ? 3 : 2;
    }
    return bytes;
  },
};

function bad(message: string): Refusal {
  return new Refusal('bad-value', message);
}

function isPlain({ pattern }: StringConfig): boolean {
  return /^[\x20-\x7e]*$/.test(pattern) && !pattern.endsWith('\\');
}

function patternText(c: StringConfig): string {
  const { pattern } = c;
  if (isPlain(c)) return `"${pattern.replace(/["\\]/g, '\\$&')}"`;
  return `"|${[...latin1Bytes(pattern)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}|"`;
}

export const string = defineMatch({
  name: 'string',
  title: 'Text in the packet',
  help: 'Looks for bytes in the packet, from its IP header on. Each packet is looked at alone.',
  options: {
    from: option(uint(16), 'Offset at which the search begins'),
    to: option(uint(16), 'Offset at which the search ends'),
    algo: option(text({ cut: 15 }), '`bm` (Boyer-Moore) or `kmp` (Knuth-Pratt-Morris)', { required: true }),
    string: option(plain, 'Text to look for', { negatable: true, excludes: ['hex-string'] }),
    'hex-string': option(hexText, 'Text with bytes in hexadecimal: `GET|20 2f|`', {
      negatable: true,
      excludes: ['string'],
    }),
    icase: flag('Capital and small letters are the same'),
  },
  before: (uses) =>
    uses.string === undefined && uses['hex-string'] === undefined
      ? new Refusal('option-missing', "STRING match: You must specify `--string' or `--hex-string'")
      : null,
  parse: (uses): Read<StringConfig> => {
    const use = (uses.string ?? uses['hex-string'])!;
    return {
      pattern: use.value,
      algo: uses.algo!.value,
      from: uses.from?.value ?? 0,
      to: uses.to?.value ?? 65535,
      icase: uses.icase !== undefined,
      negated: use.negated,
    };
  },
  print: (c) => {
    const words = patternText(c);
    let line = `${not(c.negated)} --${isPlain(c) ? 'string' : 'hex-string'} ${words} --algo ${c.algo}`;
    if (c.from !== 0) line += ` --from ${c.from}`;
    if (c.to !== 65535) line += ` --to ${c.to}`;
    return c.icase ? `${line} --icase` : line;
  },
  list: (c) => {
    let line = ` STRING match ${c.negated ? '!' : ''} ${patternText(c)} ALGO name ${c.algo}`;
    if (c.from !== 0) line += ` FROM ${c.from}`;
    if (c.to !== 65535) line += ` TO ${c.to}`;
    return c.icase ? `${line} ICASE` : line;
  },
  // Kernel: string_mt_check(), net/netfilter/xt_string.c; the algorithms are modules (lib/ts_bm.c, ts_kmp.c;
  // ts_fsm.c takes patterns of another kind, which no text makes)
  check: ({ pattern, from, to, algo }) => {
    if (pattern === '' || from > to || algo === 'fsm') return 'EINVAL';
    return algo === 'bm' || algo === 'kmp' ? null : 'ENOENT';
  },
  // Kernel: string_mt(); skb_find_text(), net/core/skbuff.c
  match: (c, { skb }) => find(c, skb.packet.bytes) >= 0 !== c.negated,
  because: (c, { skb }) => {
    const at = find(c, skb.packet.bytes);
    return at < 0 ? 'the packet does not have it' : `it is at byte ${at}`;
  },
});

function find(c: StringConfig, bytes: Uint8Array): number {
  const fold = (value: string): string => (c.icase ? value.toLowerCase() : value);
  const at = fold(latin1Text(bytes)).indexOf(fold(c.pattern), c.from);
  return at >= 0 && at + c.pattern.length <= Math.min(c.to, bytes.length) ? at : -1;
}
