import type { FibResult, Nexthop } from '../../fib';
import type { Packet } from '../../wire';
import type { Host } from '../host';

/**
 * Chooses among the ways of a multipath route: by a hash of the addresses, so that a pair of hosts keeps its way, with the
 * weights as shares. The kernel's hash has a secret, so which way it takes cannot be foretold; this choice is seeded.
 *
 * Kernel: fib_select_path(), fib_multipath_hash(), net/ipv4/fib_semantics.c; net.ipv4.fib_multipath_hash_policy 0
 */
export function selectPath(
  host: Host,
  found: Extract<FibResult, { ok: true }>,
  packet: Pick<Packet, 'src' | 'dst'>,
  oif: string,
): Nexthop {
  const ways = found.route.nexthops.filter((n) => !n.dead && (oif === '' || n.dev === oif));
  if (ways.length < 2) return found.nexthop;
  const total = ways.reduce((sum, n) => sum + n.weight, 0);
  let at = (hash(`${host.seed} ${packet.src} ${packet.dst}`) / 2 ** 32) * total;
  for (const way of ways) {
    if (at < way.weight) return way;
    at -= way.weight;
  }
  return found.nexthop;
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  // So that every bit of an address tells in every bit of the hash: FNV alone leaves its low bits to the low bits.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
