import { ctFind, DEFAULT_ZONE, tupleOf } from '../../conntrack';
import type { Tuple, Zone } from '../../model';
import { maskAddr, maskLength } from '../../wire';
import { plenMask, uint } from '../read/kinds';
import { defineMatch, flag, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';

interface ConnlimitConfig {
  readonly limit: number;
  readonly upto: boolean;
  /** Prefix length. */
  readonly mask: number;
  readonly side: 'saddr' | 'daddr';
}

interface Counted {
  readonly tuple: Tuple;
  readonly zone: Zone | null;
}

/** For each address the connections that were seen and still live. Kernel: struct nf_conncount_data */
interface Lists {
  readonly lists: Map<string, Counted[]>;
}

export const connlimit = defineMatch({
  name: 'connlimit',
  title: 'Connections at once',
  help: 'How many connections an address, or a network, has open.',
  conntrack: true,
  sideEffect: true,
  options: {
    'connlimit-upto': option(uint(32), 'Up to so many', { negatable: true, excludes: ['connlimit-above'] }),
    'connlimit-above': option(uint(32), 'More than so many', { negatable: true, excludes: ['connlimit-upto'] }),
    'connlimit-mask': option(plenMask, 'Prefix length of addresses that count together'),
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
    return {
      limit: use.value,
      upto: (upto !== undefined) !== use.negated,
      mask: mask === undefined ? (family === 'ip' ? 32 : 128) : (maskLength(mask) ?? 0),
      side: uses['connlimit-daddr'] === undefined ? 'saddr' : 'daddr',
    };
  },
  print: (c) => ` --connlimit-${c.upto ? 'upto' : 'above'} ${c.limit} --connlimit-mask ${c.mask} --connlimit-${c.side}`,
  list: (c) => ` #conn ${c.side === 'saddr' ? 'src' : 'dst'}/${c.mask} ${c.upto ? '<=' : '>'} ${c.limit}`,
  // Kernel: connlimit_mt(), net/netfilter/xt_connlimit.c
  match: (c, action) => {
    const count = countNow(c, action, true);
    if (count === null) {
      action.hotdrop = true;
      return false;
    }
    return count > c.limit !== c.upto;
  },
  because: (c, action) => {
    const count = countNow(c, action, false);
    return `${keyOf(c, action)} has ${count} ${count === 1 ? 'connection' : 'connections'}`;
  },
  stateText: (c, kept) => {
    const lists = (kept as Lists | null)?.lists;
    if (lists === undefined || lists.size === 0) return 'nothing counted';
    const rows = [...lists].map(([key, { length }]) => ({
      key,
      text: `${length} ${length === 1 ? 'connection' : 'connections'}`,
    }));
    return { text: `counted as packets came; ${c.upto ? 'up to' : 'more than'} ${c.limit} match`, rows };
  },
});

function keyOf(c: ConnlimitConfig, { skb }: XtAction): string {
  return maskAddr(c.side === 'saddr' ? skb.packet.src : skb.packet.dst, c.mask);
}

/** Connections of the packet's address, this one among them. Kernel: nf_conncount_count() */
function countNow(c: ConnlimitConfig, action: XtAction, add: boolean): number | null {
  const { env, skb } = action;
  const tuple = skb.ct?.original ?? tupleOf(skb.packet);
  if (tuple === null || env.ct === null) return null;
  const zone = skb.ct?.zone ?? null;
  const { lists } = action.keep<Lists>(() => ({ lists: new Map() }));
  const key = keyOf(c, action);
  const live: Counted[] = [];
  let known = false;
  for (const one of lists.get(key) ?? []) {
    const same = sameTuple(one.tuple, tuple);
    if (!same && !isOpen(action, one)) continue;
    known ||= same;
    live.push(one);
  }
  if (!known) live.push({ tuple, zone });
  if (add) lists.set(key, live);
  return live.length;
}

function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport && a.protocol === b.protocol;
}

/** Still in the table, and not a TCP connection that has ended. Kernel: find_or_evict(), already_closed() */
function isOpen({ env }: XtAction, { tuple, zone }: Counted): boolean {
  const found = ctFind(env.ct!, env.port, tuple, zone ?? DEFAULT_ZONE);
  if (found === null) return false;
  const { kind, state } = found.conn.proto;
  return kind !== 'tcp' || (state !== 'TIME_WAIT' && state !== 'CLOSE');
}
