import { IPS } from '../../model';
import { usagePage } from '../output';

/** Names and numbers of the conntrack tool, and what it says of itself. */

/** libc: strtoul() with any base, of which 32 bits are kept: what is no number is 0. */
export function strtoul(text: string): number {
  const [, sign, hex, octal, decimal = '0'] = /^\s*([-+]?)(?:0x([0-9a-f]+)|(0[0-7]*)|(\d+))/i.exec(text) ?? [];
  const value = BigInt(hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : decimal);
  return Number(BigInt.asUintN(32, sign === '-' ? -value : value));
}

/** libc: atoi() and atol(), of which so many bits are kept. */
export function atoi(text: string, bits: 8 | 16 | 32): number {
  return Number(BigInt.asUintN(bits, BigInt(/^\s*\+?(-?\d+)/.exec(text)?.[1] ?? 0)));
}

export interface Masked {
  readonly value: number;
  readonly mask: number;
}

/** VALUE or VALUE/MASK; both are cut off where no digit follows. conntrack-tools: parse_u32_mask() */
export function readMark(text: string): Masked {
  const [, value = '', mask] = /^(\s*[-+]?(?:0x[0-9a-f]+|\d+)?)(?:\/(.*))?/is.exec(text)!;
  return { value: strtoul(value), mask: mask === undefined ? 0xffffffff : strtoul(mask) };
}

export const TCP_STATES =
  'NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE LISTEN SYN_SENT2'.split(' ');
export const SCTP_STATES =
  'NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT HEARTBEAT_SENT HEARTBEAT_ACKED'.split(
    ' ',
  );

interface Word {
  readonly name: string;
  /** It stood behind a `!`. */
  readonly not: boolean;
}

interface Words {
  readonly words: readonly Word[];
  /** What is remarked about those that are passed over. */
  readonly said: string;
}

/**
 * A list of words, each the beginning of a name, of which the first counts; or what the tool says to it.
 * conntrack-tools: parse_parameter(), parse_parameter_mask()
 */
export function readWords(list: string, names: readonly string[], negatable = false): Words | string {
  const words: Word[] = [];
  let said = '';
  const texts = list.split(',');
  for (const [i, text] of texts.entries()) {
    const not = negatable && text.startsWith('!');
    const word = not ? text.slice(1) : text;
    const found = ['SRC_NAT', 'DST_NAT', ...names].find((name) => begins(name, word));
    if (word === '' || found === undefined) return `Bad parameter \`${[word, ...texts.slice(i + 1)].join(',')}'`;
    if (!/^(SRC|DST)_NAT$/.test(found)) words.push({ name: found, not });
    else said += `WARNING: ignoring ${found}, use --${found === 'SRC_NAT' ? 'src' : 'dst'}-nat instead\n`;
  }
  return { words, said };
}

const begins = (name: string, word: string): boolean => name.toLowerCase().startsWith(word.toLowerCase());

/** What may be set of an entry's status. */
const STATUS: Readonly<Record<string, number>> = {
  ASSURED: IPS.ASSURED,
  SEEN_REPLY: IPS.SEEN_REPLY,
  UNSET: 0,
  FIXED_TIMEOUT: IPS.FIXED_TIMEOUT,
  EXPECTED: IPS.EXPECTED,
  // Kernel: IPS_OFFLOAD, IPS_HW_OFFLOAD
  OFFLOAD: 1 << 14,
  HW_OFFLOAD: 1 << 15,
};

interface StatusWords {
  /** The bits that were named. */
  readonly bits: number;
  /** Those of names behind a `!`, and of UNREPLIED. */
  readonly unset: number;
  readonly said: string;
}

export function readStatus(list: string): StatusWords | string {
  // UNREPLIED is known as a whole, and alone.
  const others = list.split(',').filter((word) => !word.startsWith('UNREPLIED'));
  const replied = others.length < list.split(',').length ? IPS.SEEN_REPLY : 0;
  if (replied !== 0 && others.length === 0) return { bits: 0, unset: replied, said: '' };
  const read = readWords(others.join(','), Object.keys(STATUS), true);
  if (typeof read === 'string') return read;
  const sum = (wanted: boolean) =>
    read.words.reduce((bits, { name, not }) => (not === wanted ? bits | STATUS[name]! : bits), 0);
  return { bits: sum(false), unset: sum(true) | replied, said: read.said };
}

export const USAGE = usagePage(
  'conntrack',
  `usage: conntrack -L|--dump [conntrack|expect] [FILTER]
       conntrack -D|--delete [FILTER]
       conntrack -U|--update [FILTER] [--timeout SECONDS] [--mark MARK] [--status STATUS]
       conntrack -I|--create|-A|--add --protonum tcp --src ADDR --dst ADDR --sport PORT --dport PORT --state STATE --timeout SECONDS
       conntrack -G|--get --protonum tcp --src ADDR --dst ADDR --sport PORT --dport PORT
       conntrack -F|--flush [conntrack|expect]
       conntrack -C|--counter [conntrack|expect]
       conntrack -S|--stats
       conntrack -V|--version
In the console, conntrack -E listens to events; -e NEW,UPDATES,DESTROY says to which.
A FILTER picks entries, as all of these say:
  -s, --src, --orig-src PREFIX   where the first packet came from
  -d, --dst, --orig-dst PREFIX   where it went to
  -r, --reply-src ADDR           where replies come from
  -q, --reply-dst ADDR           where replies go to
  -p, --protonum PROTOCOL        with --sport, --dport, and --state of TCP; --icmp-type, --icmp-code, --icmp-id of ICMP
  -f, --family ipv4|ipv6         only this one
  -m, --mark MARK                with a mask behind a slash
  -u, --status STATUS            ASSURED, SEEN_REPLY, UNREPLIED, EXPECTED …
  -w, --zone NUMBER              this zone in both directions
  --orig-zone, --reply-zone NUMBER   this zone in one
  -n, --src-nat                  whose source is translated
  -g, --dst-nat                  whose destination is
  -j, --any-nat                  either
For lists:
  -z, --zero                     counters begin anew
  -o, --output extended|xml|id|timestamp|save   in which form
`,
);
