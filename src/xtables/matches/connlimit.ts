import { ctFind, DEFAULT_ZONE, isConfirmed, tupleOf } from '../../conntrack';
import { type Conn, IPS, type Skb, type Tuple, type Zone } from '../../model';
import { maskAddr } from '../../wire';
import { plen } from '../read/host-kinds';
import { uint } from '../read/kinds';
import { defineMatch, flag, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';

interface ConnlimitConfig {
  readonly limit: number;
  readonly upto: boolean;
  /** Prefix length. */
  readonly mask: number;
  /** Left out, or with holes, it fills more bytes than one of IPv4 that is given. */
  readonly maskGiven: boolean;
  readonly side: 'saddr' | 'daddr';
}

interface Counted {
  readonly tuple: Tuple;
  readonly zone: Zone;
}

interface CountList {
  readonly counted: readonly Counted[];
  /** When those that have ended were last taken out. Kernel: last_gc */
  readonly lastGc: string;
}

/** For each address the connections that were seen and still live. Kernel: struct nf_conncount_data */
interface Lists {
  readonly lists: Map<string, CountList>;
}

const saved = (c: ConnlimitConfig): string =>
  ` --connlimit-${c.upto ? 'upto' : 'above'} ${c.limit} --connlimit-mask ${c.mask} --connlimit-${c.side}`;

export const connlimit = defineMatch({
  name: 'connlimit',
  title: 'Connections at once',
  help: 'How many connections an address, or a network, has open.',
  conntrack: true,
  sideEffect: true,
  options: {
    'connlimit-upto': option(uint(32), 'Up to so many', { negatable: true, excludes: ['connlimit-above'] }),
    'connlimit-above': option(uint(32), 'More than so many', { negatable: true, excludes: ['connlimit-upto'] }),
    'connlimit-mask': option(plen, 'Prefix length of addresses that count together'),
    'connlimit-saddr': flag('Counted by source address', { excludes: ['connlimit-daddr'] }),
    'connlimit-daddr': flag('Counted by destination address', { excludes: ['connlimit-saddr'] }),
  },
  parse: (uses, { family }): Read<ConnlimitConfig> => {
    const upto = uses['connlimit-upto'];
    const above = uses['connlimit-above'];
    const use = upto ?? above;
    if (use === undefined) {
      return new Refusal('option-missing', 'You must specify "--connlimit-above" or "--connlimit-upto".');
    }
    const mask = uses['connlimit-mask']?.value;
    const bits = family === 'ip' ? 32 : 128;
    return {
      limit: use.value,
      upto: (upto !== undefined) !== use.negated,
      mask: Math.min(mask ?? bits, bits),
      maskGiven: mask !== undefined && mask <= bits,
      side: uses['connlimit-daddr'] === undefined ? 'saddr' : 'daddr',
    };
  },
  print: saved,
  compared: (c, { family }) => saved(c) + (family === 'ip' && c.maskGiven ? ' given' : ''),
  list: (c) => ` #conn ${c.side === 'saddr' ? 'src' : 'dst'}/${c.mask} ${c.upto ? '<=' : '>'} ${c.limit}`,
  // Kernel: connlimit_mt(), net/netfilter/xt_connlimit.c
  match: (c, action) => {
    const count = countNow(c, action);
    if (count === 0) {
      action.hotdrop = true;
      return false;
    }
    return count > c.limit !== c.upto;
  },
  because: (c, action) => {
    const count = keptLists(action).get(keyOf(c, action))?.counted.length ?? 0;
    return `${keyOf(c, action)} has ${count} ${count === 1 ? 'connection' : 'connections'}`;
  },
  stateText: (c, kept) => {
    const lists = (kept as Lists | null)?.lists;
    if (lists === undefined || lists.size === 0) return 'nothing counted';
    const rows = [...lists].map(([key, { counted }]) => ({
      key,
      text: `${counted.length} ${counted.length === 1 ? 'connection' : 'connections'}`,
    }));
    return { text: `counted as packets came; ${c.upto ? 'up to' : 'more than'} ${c.limit} match`, rows };
  },
});

/** Zones count apart. */
function keyOf(c: ConnlimitConfig, { skb }: XtAction): string {
  const addr = maskAddr(c.side === 'saddr' ? skb.packet.src : skb.packet.dst, c.mask);
  const zone = (skb.ct ?? skb.template)?.zone.id ?? 0;
  return zone === 0 ? addr : `${addr} in zone ${zone}`;
}

function keptLists(action: XtAction): Lists['lists'] {
  return action.keep<Lists>(() => ({ lists: new Map() })).lists;
}

/**
 * Connections of the packet's address, 0 if that cannot be told. What has ended is taken out once a jiffy at most. A packet
 * of an assured connection adds none; an unconfirmed one is added unseen if that was done in this jiffy.
 *
 * Kernel: connlimit_mt(), net/netfilter/xt_connlimit.c; __nf_conncount_add(), net/netfilter/nf_conncount.c
 */
function countNow(c: ConnlimitConfig, action: XtAction): number {
  const { env, skb } = action;
  const { ct } = env;
  const tuple = skb.ct?.original ?? tupleOf(skb.packet);
  if (tuple === null || ct === null) return 0;
  const zone = (skb.ct ?? skb.template)?.zone ?? DEFAULT_ZONE;
  const conn = skb.ct ?? ctFind(ct, env.port, tuple, zone)?.conn ?? null;
  const now = jiffyOf(skb);
  const lists = keptLists(action);
  const key = keyOf(c, action);
  const list = lists.get(key);
  const put = (counted: readonly Counted[], lastGc: string): number => {
    lists.set(key, { counted, lastGc });
    return counted.length;
  };
  if (list === undefined) return put([{ tuple, zone }], now);
  const { counted, lastGc } = list;
  const find = (one: Counted): Conn | null => ctFind(ct, env.port, one.tuple, one.zone)?.conn ?? null;
  if (conn !== null && (conn.status & IPS.ASSURED) !== 0) {
    if (lastGc === now) return counted.length;
    return put(
      counted.filter((one) => isOpen(find(one))),
      now,
    );
  }
  if (lastGc === now && !(conn !== null && isConfirmed(conn))) return put([...counted, { tuple, zone }], now);
  const live: Counted[] = [];
  for (const [at, one] of counted.entries()) {
    const found = find(one);
    if (found !== null && sameTuple(one.tuple, tuple) && sameZone(found.zone, zone))
      return put([...live, ...counted.slice(at)], lastGc);
    if (isOpen(found)) live.push(one);
  }
  return put([...live, { tuple, zone }], now);
}

/** The clock stands still from step to step, but steps are further apart than jiffies, and shorter. Kernel: jiffies */
function jiffyOf({ id }: Skb): string {
  return id.split('.', 1)[0]!;
}

function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport && a.protocol === b.protocol;
}

/** What has no zone is not that of a flow with one for its original direction; one for replies makes no difference. */
const sameZone = (a: Zone, b: Zone): boolean => originalZone(a) === originalZone(b);

const originalZone = ({ id, direction }: Zone): number => (direction === 'reply' ? 0 : id);

/** Still in the table, and not a TCP connection that has ended. Kernel: find_or_evict(), already_closed() */
function isOpen(conn: Conn | null): boolean {
  if (conn === null) return false;
  const { kind, state } = conn.proto;
  return kind !== 'tcp' || (state !== 'TIME_WAIT' && state !== 'CLOSE');
}
