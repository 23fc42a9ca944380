import type { Conn } from '../../model';
import { oneOf, uint64Range } from '../read/kinds';
import { defineMatch, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';

const NO_LIMIT = 0xffff_ffff_ffff_ffffn;

/** From over to means outside of the range: so the kernel keeps a `!`. */
interface ConnbytesConfig {
  readonly from: bigint;
  readonly to: bigint;
  readonly dir: 'original' | 'reply' | 'both';
  readonly mode: 'packets' | 'bytes' | 'avgpkt';
}

function rangeText({ from, to }: ConnbytesConfig, prefix: string): string {
  const negated = from > to;
  const [low, high] = negated ? [to, from] : [from, to];
  const limit = high !== 0n && high < NO_LIMIT ? `:${high}` : '';
  return `${not(negated)} ${prefix}connbytes ${low}${limit}`;
}

const range: Kind<readonly bigint[]> = {
  name: uint64Range.name,
  read: (word, call) => {
    const values = uint64Range.read(word, call);
    if (values instanceof Refusal || values.length < 2 || values[0]! <= values[1]!) return values;
    return new Refusal('bad-value', `${values[0]} should be less than ${values[1]}`);
  },
};

export const connbytes = defineMatch({
  name: 'connbytes',
  title: 'Size of the connection',
  help: 'How much a connection has transferred so far.',
  conntrack: true,
  accounting: true,
  options: {
    connbytes: option(range, 'From, or from and to', { negatable: true, required: true }),
    'connbytes-dir': option(
      oneOf(['original', 'reply', 'both'], "Unknown --connbytes-dir `%s'"),
      'Which packets count',
      { required: true },
    ),
    'connbytes-mode': option(
      oneOf(['packets', 'bytes', 'avgpkt'], "Unknown --connbytes-mode `%s'"),
      'Packets, bytes, or bytes for each packet',
      { required: true },
    ),
  },
  parse: (uses): ConnbytesConfig => {
    const { value, negated } = uses.connbytes!;
    const both = [value[0]!, value[1] ?? NO_LIMIT] as const;
    const [from, to] = negated ? [both[1], both[0]] : both;
    return { from, to, dir: uses['connbytes-dir']!.value, mode: uses['connbytes-mode']!.value };
  },
  print: (c) => `${rangeText(c, '--')} --connbytes-mode ${c.mode} --connbytes-dir ${c.dir}`,
  list: (c) => `${rangeText(c, '')} connbytes mode ${c.mode} connbytes direction ${c.dir}`,
  // Kernel: connbytes_mt(), net/netfilter/xt_connbytes.c
  match: (c, { skb }) => {
    const value = skb.ct === null ? null : amount(c, skb.ct);
    if (value === null) return false;
    return c.to >= c.from ? value >= c.from && value <= c.to : value < c.to || value > c.from;
  },
  because: (c, { skb }) => {
    if (skb.ct === null) return 'the packet has no connection';
    const value = amount(c, skb.ct);
    return value === null ? 'connections are not counted (net.netfilter.nf_conntrack_acct)' : `it is ${value}`;
  },
});

function amount(c: ConnbytesConfig, { counters }: Conn): bigint | null {
  if (counters === null) return null;
  const pick = ([original, reply]: readonly [number, number]): bigint =>
    BigInt(c.dir === 'original' ? original : c.dir === 'reply' ? reply : original + reply);
  const [packets, bytes] = [pick(counters.packets), pick(counters.bytes)];
  if (c.mode !== 'avgpkt') return c.mode === 'packets' ? packets : bytes;
  return packets === 0n ? 0n : bytes / packets;
}
