import { MILLISECOND, SECOND, type SimTime } from '../../base';
import { IPPROTO, isExtensionHeader, maskAddr, type Packet } from '../../wire';
import { plen } from '../read/host-kinds';
import { text, uint } from '../read/kinds';
import { scanLong, scanUint64 } from '../read/numbers';
import { type CheckCall, defineMatch, flag, type Kind, type LoadError, option, type XtAction } from '../record';
import { Refusal } from '../refusal';
import {
  byteCost,
  CREDITS_PER_JIFFY,
  CREDITS_PER_JIFFY_BYTES,
  costToBytes,
  credits,
  JIFFIES_HZ,
} from './hashlimit-credits';
import { bytesText, type HashRate, hashRate, rateText, TOOL_DIES } from './hashlimit-rate';
import { jiffies } from './rate';

type Mode = 'srcip' | 'srcport' | 'dstip' | 'dstport';

interface HashlimitConfig {
  readonly above: boolean;
  readonly rate: HashRate;
  readonly avg: bigint;
  /** Packets, or for bytes how many times the cost. */
  readonly burst: bigint;
  readonly mode: readonly Mode[];
  readonly name: string;
  readonly size: number;
  readonly max: number;
  readonly gcinterval: number;
  /** Milliseconds. */
  readonly expire: number;
  readonly srcmask: number;
  readonly dstmask: number;
  readonly rateMatch: boolean;
  readonly interval: number;
}

/** Kernel: struct xt_hashlimit_htable; `config` is that of the rule that made it. */
interface HashTable {
  readonly config: HashlimitConfig;
  readonly entries: Map<string, HashEntry>;
}

interface HashEntry {
  expires: SimTime;
  prev: number;
  credit: bigint;
  cap: bigint;
  /** For --hashlimit-rate-match. */
  current: bigint;
  overBefore: boolean;
}

const MODES: readonly Mode[] = ['srcip', 'srcport', 'dstip', 'dstport'];
/** The kernel cuts down tables that are to be larger. Kernel: HASHLIMIT_MAX_SIZE */
const MAX_SIZE = 1_048_576;
/** Buckets where the rule names no number, on a machine with more than 1 GiB of memory. */
const USUAL_SIZE = 8192;
const DEFAULT_BURST = 5n;
const MOST_BURST = 1_000_000n;
const DEFAULT_GC = 1000;

const modes: Kind<readonly Mode[]> = {
  name: 'hash-modes',
  values: MODES,
  read: (word) => {
    const parts = word.split(/[,|]/).filter((part) => part !== '');
    if (!parts.every((part) => (MODES as readonly string[]).includes(part))) {
      return new Refusal('bad-value', `hashlimit: Bad value for "--hashlimit-mode" option: "${word}"`);
    }
    return MODES.filter((mode) => parts.includes(mode));
  },
};

const FACTORS: Readonly<Record<string, bigint>> = { m: 1024n * 1024n, k: 1024n };

const burst: Kind<bigint> = {
  name: 'burst',
  read: (word) => {
    const scanned = scanUint64(word);
    const whole = scanned !== null && scanned.end === word.length;
    if (scanned === null || scanned.value < 1n || (whole && scanned.value > MOST_BURST)) {
      return new Refusal('bad-value', `bad value for option "--hashlimit-burst", or out of range (1-${MOST_BURST}).`);
    }
    return scanned.value * (FACTORS[word[scanned.end] ?? ''] ?? 1n);
  },
};

const interval: Kind<number> = {
  name: 'seconds',
  read: (word) => {
    const value = Number(BigInt.asIntN(32, scanLong(word)));
    return value > 0
      ? value
      : new Refusal('bad-value', `hashlimit: Bad value for "--hashlimit-rate-interval" option: "${word}"`);
  },
};

export const hashlimit = defineMatch({
  name: 'hashlimit',
  title: 'Rate limit for each …',
  help: 'A rate limit for each address or port, kept in a table that has a name.',
  sideEffect: true,
  options: {
    'hashlimit-upto': option(hashRate, 'Matches up to this rate, `N/second` or `Nkb/s`', {
      aliases: ['hashlimit'],
      negatable: true,
      excludes: ['hashlimit-above'],
    }),
    'hashlimit-above': option(hashRate, 'Matches above this rate', { negatable: true, excludes: ['hashlimit-upto'] }),
    'hashlimit-srcmask': option(plen, 'Prefix length of source addresses that count together'),
    'hashlimit-dstmask': option(plen, 'Prefix length of destination addresses that count together'),
    'hashlimit-burst': option(burst, 'Packets (or bytes, with k or m) that may come at once; 5 if absent'),
    'hashlimit-htable-size': option(uint(32), 'Buckets of the table'),
    'hashlimit-htable-max': option(uint(32), 'Most entries of the table'),
    'hashlimit-htable-gcinterval': option(uint(32), 'Milliseconds between clean-ups'),
    'hashlimit-htable-expire': option(uint(32), 'Milliseconds after which an idle entry goes'),
    'hashlimit-mode': option(modes, 'What has a limit of its own'),
    'hashlimit-name': option(text({ min: 1, cut: 254 }), 'Name of the table', { required: true }),
    'hashlimit-rate-match': flag('Counts in windows of time instead of by credits'),
    'hashlimit-rate-interval': option(interval, 'Length of a window in seconds'),
  },
  before: (uses) => {
    const rate = uses['hashlimit-upto'] ?? uses['hashlimit-above'];
    if (rate === undefined) return new Refusal('option-missing', 'You have to specify --hashlimit');
    const burst = uses['hashlimit-burst']?.value;
    if (burst === undefined) return null;
    if (!rate.value.bytes) {
      if (burst <= MOST_BURST) return null;
      return new Refusal('bad-value', `bad value for option "--hashlimit-burst", or out of range (1-${MOST_BURST}).`);
    }
    const step = costToBytes(rate.value.avg);
    // A rate below 16 bytes comes out as none, and the tool divides the burst by it.
    if (step === 0n) return TOOL_DIES;
    return burst < step ? new Refusal('bad-value', `burst cannot be smaller than ${step}b`) : null;
  },
  parse: (uses, { family }): HashlimitConfig => {
    const upto = uses['hashlimit-upto'];
    const above = uses['hashlimit-above'];
    const rate = (upto ?? above)!;
    const givenBurst = uses['hashlimit-burst']?.value ?? null;
    const { bytes, multiplier } = rate.value;
    let expire = uses['hashlimit-htable-expire']?.value ?? multiplier * 1000;
    let count = givenBurst ?? DEFAULT_BURST;
    if (bytes) {
      const step = costToBytes(rate.value.avg);
      count = givenBurst === null ? 0n : (givenBurst + step - 1n) / step;
      if (givenBurst !== null && uses['hashlimit-htable-expire'] === undefined) expire = 60_000;
    }
    const rateMatch = uses['hashlimit-rate-match'] !== undefined;
    const window = uses['hashlimit-rate-interval']?.value ?? 0;
    const bits = family === 'ip' ? 32 : 128;
    return {
      above: upto !== undefined ? upto.negated : !above!.negated,
      rate: rate.value,
      avg: rateMatch && !bytes ? rate.value.avg / BigInt(multiplier) : rate.value.avg,
      burst: count,
      mode: uses['hashlimit-mode']?.value ?? [],
      name: uses['hashlimit-name']!.value,
      size: Math.min(uses['hashlimit-htable-size']?.value ?? 0, MAX_SIZE),
      max: Math.min(uses['hashlimit-htable-max']?.value ?? 0, MAX_SIZE),
      gcinterval: uses['hashlimit-htable-gcinterval']?.value ?? DEFAULT_GC,
      expire,
      srcmask: uses['hashlimit-srcmask']?.value ?? bits,
      dstmask: uses['hashlimit-dstmask']?.value ?? bits,
      rateMatch,
      interval: window === 0 && rateMatch ? (bytes ? 1 : multiplier) : window,
    };
  },
  print: (c, { family }) => hashText(c, family === 'ip' ? 32 : 128, true),
  list: (c, { family }) => hashText(c, family === 'ip' ? 32 : 128, false),
  shares: (c) => `hashlimit ${c.name}`,
  setUp: setUpTable,
  stateText: (c, kept, now) => {
    const table = kept as HashTable | null;
    const live = table === null ? [] : [...table.entries].filter(([, entry]) => entry.expires > now);
    if (live.length === 0) return `table ${c.name}: empty`;
    const rows = live.map(([key, entry]) => ({
      key: key === '' ? 'all packets' : key,
      ...leftOf(entry, table!.config, now),
    }));
    return { text: `table ${c.name}: ${live.length} ${live.length === 1 ? 'entry' : 'entries'}`, rows };
  },
  check: checkHashlimit,
  match: matchHashlimit,
  because: (c, action) => {
    const table = tableOf(c, action);
    const key = keyOf(table.config, action);
    const entry = key === null ? undefined : table.entries.get(key);
    if (entry === undefined) return 'it has no entry in the table yet';
    if (c.rateMatch)
      return `in this window of ${c.interval} s, ${c.rate.bytes ? 'bytes' : 'packets'}: ${entry.current}`;
    // Bytes are paid for by sixteen.
    if (c.rate.bytes) return `${(entry.credit / (byteCost(c.avg) || 1n)) * 16n} bytes are left for it`;
    const left = entry.credit / (credits(c.avg) || 1n);
    return left === 1n ? '1 packet is left for it' : `${left} packets are left for it`;
  },
});

/** What an entry gives out at this moment. */
function leftOf(kept: HashEntry, c: HashlimitConfig, now: SimTime): { readonly text: string; readonly share?: number } {
  const entry = { ...kept };
  refill(entry, c, now);
  const forgotten = `forgotten in ${Math.ceil((entry.expires - now) / SECOND)} s`;
  if (c.rateMatch)
    return { text: `${entry.current} ${c.rate.bytes ? 'bytes' : 'packets'} in this window, ${forgotten}` };
  if (c.rate.bytes) return { text: forgotten, share: Number(entry.credit) / Number(FULL_BYTES) };
  const left = entry.credit / (credits(c.avg) || 1n);
  const text = `${left} of ${c.burst} packets left, ${forgotten}`;
  return { text, share: Number(entry.credit) / Number(entry.cap) };
}

function hashText(c: HashlimitConfig, bits: number, save: boolean): string {
  const prefix = save ? '--hashlimit-' : '';
  let out = save ? ` --hashlimit-${c.above ? 'above' : 'upto'}` : ` limit: ${c.above ? 'above' : 'up to'}`;
  let quantum: number;
  if (c.rate.bytes) {
    const shown = bytesText(c.avg, c.burst, save ? '--hashlimit-' : '');
    out += shown.text;
    quantum = shown.expire;
  } else {
    // In -L the rate of a window counts; iptables-save prints the number that is kept.
    const period = !save && c.interval !== 0 ? c.avg * BigInt(c.interval) : c.avg;
    const shown = rateText(period);
    out += `${shown.text} ${prefix}burst ${c.burst}`;
    quantum = shown.expire;
  }
  if (c.mode.length > 0) out += ` ${prefix}mode ${c.mode.join(save ? ',' : '-')}`;
  if (save) out += ` --hashlimit-name ${c.name}`;
  if (c.size !== 0) out += ` ${prefix}htable-size ${c.size}`;
  if (c.max !== 0) out += ` ${prefix}htable-max ${c.max}`;
  if (c.gcinterval !== DEFAULT_GC) out += ` ${prefix}htable-gcinterval ${c.gcinterval}`;
  if (c.expire !== quantum) out += ` ${prefix}htable-expire ${c.expire}`;
  if (c.srcmask !== bits) out += ` ${prefix}srcmask ${c.srcmask}`;
  if (c.dstmask !== bits) out += ` ${prefix}dstmask ${c.dstmask}`;
  if (c.rateMatch) out += ` ${prefix}rate-match`;
  if (c.rateMatch && c.interval !== 1) out += ` ${prefix}rate-interval ${c.interval}`;
  return out;
}

const BITS = { ip: 32, ip6: 128 } as const;

/** Kernel: hashlimit_mt_check_common(), net/netfilter/xt_hashlimit.c */
function checkHashlimit(c: HashlimitConfig, { family }: CheckCall): LoadError | null {
  if (c.gcinterval === 0 || c.expire === 0) return 'EINVAL';
  if (/^\.{0,2}$|\//.test(c.name)) return 'EINVAL';
  if (c.srcmask > BITS[family] || c.dstmask > BITS[family]) return 'EINVAL';
  if (c.rateMatch) return c.avg === 0n || c.avg > 0xffff_ffffn ? 'ERANGE' : null;
  if (c.rate.bytes) return byteCost(c.avg) === 0n ? 'EINVAL' : null;
  if (c.burst === 0n || credits(c.avg * c.burst) < credits(c.avg)) return 'ERANGE';
  return null;
}

/** The table is as the first rule wants it. Kernel: htable_create() */
function setUpTable(c: HashlimitConfig, kept: object | null): HashTable {
  return (kept as HashTable | null) ?? { config: c, entries: new Map() };
}

function tableOf(c: HashlimitConfig, action: XtAction): HashTable {
  return action.share(`hashlimit ${c.name}`, () => setUpTable(c, null));
}

/** What has a limit of its own; null if the packet has no ports that it needs. Kernel: hashlimit_init_dst() */
function keyOf(c: HashlimitConfig, { skb }: XtAction): string | null {
  const { packet } = skb;
  const parts: string[] = [];
  const portMode = c.mode.includes('srcport') || c.mode.includes('dstport');
  const pair = portMode ? portsAsTheyStand(packet) : NO_PORTS;
  if (pair === null) return null;
  if (c.mode.includes('srcip')) parts.push(maskAddr(packet.src, c.srcmask));
  if (c.mode.includes('srcport')) parts.push(`${pair.sport}`);
  if (c.mode.includes('dstip')) parts.push(maskAddr(packet.dst, c.dstmask));
  if (c.mode.includes('dstport')) parts.push(`${pair.dport}`);
  return parts.join(' ');
}

const NO_PORTS = { sport: 0, dport: 0 };

/** The first bytes of protocols with ports, of later pieces of IPv4 too; of ESP and AH the SPI. Kernel: proto_ports_offset() */
function portsAsTheyStand(packet: Packet): { readonly sport: number; readonly dport: number } | null {
  const { bytes, family, protocol, fragment } = packet;
  if (family === 6) {
    if (fragment !== null && fragment.offset > 0) return NO_PORTS;
    if (protocol === IPPROTO.none || isExtensionHeader(protocol)) return null;
  }
  if (![6, 17, 33, 50, 51, 132, 136].includes(protocol)) return NO_PORTS;
  const at = packet.l4Offset + (protocol === IPPROTO.ah ? 4 : 0);
  if (at + 4 > bytes.length) return null;
  return { sport: bytes[at]! * 256 + bytes[at + 1]!, dport: bytes[at + 2]! * 256 + bytes[at + 3]! };
}

/** Kernel: hashlimit_mt_common() */
function matchHashlimit(c: HashlimitConfig, action: XtAction): boolean {
  const now = action.env.port.now();
  const table = tableOf(c, action);
  const key = keyOf(table.config, action);
  if (key === null) {
    action.hotdrop = true;
    return false;
  }
  let entry = table.entries.get(key);
  if (entry !== undefined && now >= entry.expires) entry = undefined;
  if (entry === undefined) {
    forgetExpired(table, now);
    if (table.entries.size >= mostEntries(table.config)) {
      action.hotdrop = true;
      return false;
    }
    entry = newEntry(table.config, now);
    table.entries.set(key, entry);
  } else refill(entry, table.config, now);
  entry.expires = now + table.config.expire * MILLISECOND;
  const length = BigInt(action.skb.packet.bytes.length);
  return within(entry, c, length) !== c.above;
}

/** A table never holds fewer entries than it has buckets. Kernel: htable_create() */
function mostEntries({ size, max }: HashlimitConfig): number {
  const buckets = size === 0 ? USUAL_SIZE : size;
  return max === 0 ? 8 * buckets : Math.max(max, buckets);
}

function forgetExpired(table: HashTable, now: SimTime): void {
  for (const [key, entry] of table.entries) if (now >= entry.expires) table.entries.delete(key);
}

const FULL_BYTES = CREDITS_PER_JIFFY_BYTES * JIFFIES_HZ;

/** Kernel: rateinfo_init() */
function newEntry(c: HashlimitConfig, now: SimTime): HashEntry {
  const cap = c.rate.bytes ? c.burst : credits(c.avg * c.burst);
  const credit = c.rate.bytes ? FULL_BYTES : cap;
  return { expires: 0, prev: jiffies(now), credit, cap, current: 0n, overBefore: false };
}

/** Kernel: rateinfo_recalc() */
function refill(entry: HashEntry, c: HashlimitConfig, now: SimTime): void {
  const tick = jiffies(now);
  const delta = BigInt(tick - entry.prev);
  if (delta === 0n) return;
  if (c.rateMatch) {
    const window = BigInt(c.interval) * JIFFIES_HZ;
    if (delta < window) return;
    entry.prev = tick;
    entry.overBefore = entry.current * window > delta * windowRate(c);
    entry.current = 0n;
    return;
  }
  entry.prev = tick;
  const cap = c.rate.bytes ? FULL_BYTES : entry.cap;
  entry.credit += delta * (c.rate.bytes ? CREDITS_PER_JIFFY_BYTES : CREDITS_PER_JIFFY);
  if (entry.credit > cap) entry.credit = cap;
}

/** Packets or bytes a second. Kernel: user2rate(), user2rate_bytes() */
function windowRate(c: HashlimitConfig): bigint {
  return c.rate.bytes ? costToBytes(c.avg) : 1_000_000n / c.avg;
}

function within(entry: HashEntry, c: HashlimitConfig, length: bigint): boolean {
  if (c.rateMatch) {
    const rate = windowRate(c);
    entry.current += c.rate.bytes ? length : 1n;
    const most = c.rate.bytes ? (c.burst === 0n ? rate : c.burst * rate) : c.burst + rate;
    return !entry.overBefore && entry.current <= most;
  }
  let cost = credits(c.avg);
  if (c.rate.bytes) {
    cost = (length / 16n + 1n) * byteCost(c.avg);
    if (cost > FULL_BYTES) cost = FULL_BYTES;
    if (entry.credit < cost && entry.cap > 0n) {
      entry.cap--;
      entry.credit = FULL_BYTES;
    }
  }
  if (entry.credit < cost) return false;
  entry.credit -= cost;
  return true;
}
