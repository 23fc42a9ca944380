import { SECOND, type SimTime } from '../../base';
import { type Addr, addrFromWords, addrWords } from '../../wire';
import { host } from '../read/host-kinds';
import { text, uint } from '../read/kinds';
import { type CheckCall, defineMatch, flag, type LoadError, not, option, type XtAction } from '../record';
import { Refusal } from '../refusal';

interface RecentConfig {
  readonly op: 'set' | 'rcheck' | 'update' | 'remove';
  readonly negated: boolean;
  readonly seconds: number;
  readonly reap: boolean;
  readonly hitcount: number;
  readonly rttl: boolean;
  readonly name: string;
  readonly mask: Addr;
  readonly side: 'rsource' | 'rdest';
}

/** A list of addresses, by name. Kernel: struct recent_table */
interface RecentTable {
  readonly mask: Addr;
  /** How many stamps an address keeps: the power of two that the rules need. */
  stamps: number;
  /** The least recently used first. */
  readonly entries: Map<Addr, RecentEntry>;
}

interface RecentEntry {
  ttl: number;
  /** Times, a ring of at most `stamps`. */
  readonly times: SimTime[];
  index: number;
}

/** Kernel: ip_list_tot, the most addresses of a list; XT_RECENT_MAX_NSTAMPS. */
const MOST_ADDRESSES = 100;
const MOST_STAMPS = 65_536;

const OPERATIONS = ['set', 'rcheck', 'update', 'remove'] as const;
const LABEL = { set: 'SET', rcheck: 'CHECK', update: 'UPDATE', remove: 'REMOVE' } as const;

export const recent = defineMatch({
  name: 'recent',
  title: 'Seen recently',
  help: 'A list of addresses that is filled and asked by rules: who came when, and how often.',
  sideEffect: true,
  options: {
    set: flag('Puts the address on the list; always matches', { negatable: true, excludes: OPERATIONS }),
    rcheck: flag('The address is on the list', { negatable: true, excludes: OPERATIONS }),
    update: flag('The address is on the list; if so, it was seen now', { negatable: true, excludes: OPERATIONS }),
    remove: flag('The address is on the list; if so, it is taken off', { negatable: true, excludes: OPERATIONS }),
    seconds: option(uint(32, { min: 1 }), 'Seen within so many seconds'),
    reap: flag('Older times are forgotten', { needs: ['seconds'] }),
    hitcount: option(uint(32), 'Seen at least so often'),
    rttl: flag('The TTL is that of the packet that was seen', { excludes: ['set', 'remove'] }),
    name: option(text({ cut: 199 }), 'Name of the list; DEFAULT if absent'),
    rsource: flag('The source address'),
    rdest: flag('The destination address'),
    mask: option(host, 'Bits of the address that count'),
  },
  before: (uses) => {
    if (OPERATIONS.some((name) => uses[name] !== undefined)) return null;
    const message = "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'";
    return new Refusal('option-missing', message);
  },
  parse: (uses, { family }): RecentConfig => {
    const op = OPERATIONS.find((name) => uses[name] !== undefined)!;
    const all = family === 'ip' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
    return {
      op,
      negated: uses[op]!.negated,
      seconds: uses.seconds?.value ?? 0,
      reap: uses.reap !== undefined,
      hitcount: uses.hitcount?.value ?? 0,
      rttl: uses.rttl !== undefined,
      name: uses.name?.value ?? 'DEFAULT',
      mask: uses.mask?.value ?? all,
      side: (uses.rdest?.order ?? -1) > (uses.rsource?.order ?? -1) ? 'rdest' : 'rsource',
    };
  },
  print: (c) => {
    let out = `${not(c.negated)} --${c.op}`;
    if (c.seconds !== 0) out += ` --seconds ${c.seconds}`;
    if (c.reap) out += ' --reap';
    if (c.hitcount !== 0) out += ` --hitcount ${c.hitcount}`;
    if (c.rttl) out += ' --rttl';
    return `${out} --name ${c.name} --mask ${c.mask} --${c.side}`;
  },
  list: (c) => {
    let out = `${not(c.negated)} recent: ${LABEL[c.op]}`;
    if (c.seconds !== 0) out += ` seconds: ${c.seconds}`;
    if (c.reap) out += ' reap';
    if (c.hitcount !== 0) out += ` hit_count: ${c.hitcount}`;
    if (c.rttl) out += ' TTL-Match';
    return `${out} name: ${c.name} side: ${c.side === 'rsource' ? 'source' : 'dest'} mask: ${c.mask}`;
  },
  shares: (c) => `recent ${c.name}`,
  setUp: setUpRecent,
  stateText: (c, kept, now) => {
    const table = kept as RecentTable | null;
    if (table === null || table.entries.size === 0) return `list ${c.name}: empty`;
    const rows = [...table.entries].map(([key, { times }]) => {
      const ago = Math.floor((now - Math.max(...times)) / SECOND);
      return { key, text: `${timesText(times.length)}, last ${ago} s ago` };
    });
    return { text: `list ${c.name}: ${rows.length} ${rows.length === 1 ? 'address' : 'addresses'}`, rows };
  },
  check: checkRecent,
  match: matchRecent,
  because: (c, action) => {
    const table = tableOf(c, action);
    const addr = addressOf(c, action, table);
    const entry = table.entries.get(addr);
    return entry === undefined
      ? `${addr} is not on the list ${c.name}`
      : `${addr} is on the list ${c.name}, seen ${timesText(entry.times.length)}`;
  },
});

const timesText = (n: number): string => `${n} ${n === 1 ? 'time' : 'times'}`;

/** Kernel: recent_mt_check(), net/netfilter/xt_recent.c */
function checkRecent(c: RecentConfig, _call: CheckCall): LoadError | null {
  const plain = c.op === 'set' || c.op === 'remove';
  if (plain && (c.seconds !== 0 || c.hitcount !== 0 || c.rttl || c.reap)) return 'EINVAL';
  if (c.hitcount >= MOST_STAMPS) return 'EINVAL';
  return /^\.{0,2}$|\//.test(c.name) ? 'EINVAL' : null;
}

/** As many stamps as a rule needs, rounded up to a power of two; 32 if it does not say. */
function stampsFor(c: RecentConfig): number {
  if (c.hitcount === 0) return 32;
  return 2 ** Math.ceil(Math.log2(c.hitcount));
}

/**
 * The mask is that of the first rule; a rule that needs more stamps than there are empties the list.
 * Kernel: recent_mt_check()
 */
function setUpRecent(c: RecentConfig, kept: object | null): RecentTable {
  const table = kept as RecentTable | null;
  if (table === null) return { mask: c.mask, stamps: stampsFor(c), entries: new Map() };
  if (stampsFor(c) > table.stamps) {
    table.entries.clear();
    table.stamps = stampsFor(c);
  }
  return table;
}

function tableOf(c: RecentConfig, action: XtAction): RecentTable {
  return action.share(`recent ${c.name}`, () => setUpRecent(c, null));
}

function addressOf(c: RecentConfig, { skb }: XtAction, table: RecentTable): Addr {
  const addr = c.side === 'rsource' ? skb.packet.src : skb.packet.dst;
  const a = addrWords(addr);
  const m = addrWords(table.mask);
  const word = (i: 0 | 1 | 2 | 3): number => (a[i] & m[i]) >>> 0;
  return addrFromWords([word(0), word(1), word(2), word(3)], skb.packet.family);
}

/** Kernel: recent_mt() */
function matchRecent(c: RecentConfig, action: XtAction): boolean {
  const { skb, state, env } = action;
  const now = env.port.now();
  const table = tableOf(c, action);
  // The TTL as it was before this host lowered it.
  const ttl = skb.packet.ttl + (state.out !== '' && skb.socket === null ? 1 : 0);
  const addr = addressOf(c, action, table);
  const found = table.entries.get(addr);
  const entry = found !== undefined && (!c.rttl || found.ttl === ttl || found.ttl === 0) ? found : undefined;
  if (entry === undefined) {
    if (c.op !== 'set') return c.negated;
    if (table.entries.size >= MOST_ADDRESSES) {
      const oldest = table.entries.keys().next().value;
      if (oldest !== undefined) table.entries.delete(oldest);
    }
    table.entries.set(addr, { ttl, times: [now], index: 1 });
    return !c.negated;
  }
  let hit = false;
  if (c.op === 'set') hit = true;
  else if (c.op === 'remove') {
    table.entries.delete(addr);
    hit = true;
  } else {
    const since = now - c.seconds * SECOND;
    const hits = entry.times.filter((time) => c.seconds === 0 || time >= since).length;
    hit = hits >= Math.max(1, c.hitcount);
    if (c.reap) reap(table, since, c.op === 'update' && hit !== c.negated ? entry : null);
  }
  const answer = hit !== c.negated;
  if (c.op === 'set' || (c.op === 'update' && answer)) {
    entry.index %= table.stamps;
    entry.times[entry.index++] = now;
    entry.ttl = ttl;
    table.entries.delete(addr);
    table.entries.set(addr, entry);
  }
  return answer;
}

/** The least recently used address goes if its last time is too old. Kernel: recent_entry_reap() */
function reap(table: RecentTable, since: SimTime, keep: RecentEntry | null): void {
  const oldest = table.entries.entries().next().value;
  if (oldest === undefined || oldest[1] === keep) return;
  const [addr, entry] = oldest;
  const last = entry.times[entry.index - 1] ?? 0;
  if (last < since) table.entries.delete(addr);
}
