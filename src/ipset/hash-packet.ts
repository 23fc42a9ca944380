import type { HookState, Skb } from '../model';
import { typeOf } from './catalogue';
import { type HashSet, initCidr, netParts, wholeCidr } from './hash-table';
import { addressOf, ifaceOf, macOf, portOf } from './packet';
import type { SetDir } from './port';
import type { ElemKey, SetError } from './types';
import { andWords, isZero, maskWords, ZERO } from './words';

/**
 * The element that a packet makes: for a lookup with whole addresses, else with the longest prefix that the set has.
 * Kernel: hash_*_kadt(), net/netfilter/ipset/ip_set_hash_*.c
 */
export function hashKeyOf(
  set: HashSet,
  skb: Skb,
  state: HookState,
  dirs: readonly SetDir[],
  test: boolean,
): ElemKey | SetError {
  const { parts } = typeOf(set.type);
  const nets = netParts(set.type);
  const whole = wholeCidr(set);
  const cidr = nets.includes(0) && !test ? initCidr(set, 0) : whole;
  const cidr2 = nets.includes(1) && !test ? initCidr(set, 1) : whole;
  if (set.type === 'hash:net' && cidr === 0) return 'EINVAL';
  let ip = ZERO;
  let ip2 = ZERO;
  let seen = false;
  let port = 0;
  let proto = 0;
  let mac = '';
  let iface = '';
  for (const [i, part] of parts.entries()) {
    const dir = dirs[i];
    if (part === 'ip' || part === 'net') {
      if (!seen) ip = addressOf(skb, dir);
      else ip2 = addressOf(skb, dir);
      seen = true;
    } else if (part === 'port') {
      const found = portOf(skb.packet, dir);
      if (found === null) return 'EINVAL';
      ({ port, proto } = found);
    } else if (part === 'mac') {
      const found = macOf(skb, dir);
      if (found === null) return 'EINVAL';
      mac = found;
    } else if (part === 'iface') {
      iface = ifaceOf(state, dir);
      if (iface === '') return 'EINVAL';
    }
  }
  const { bitmask, markmask } = set.body;
  if (bitmask) {
    ip = andWords(ip, bitmask);
    if (set.type === 'hash:net,net') ip2 = andWords(ip2, bitmask);
  }
  if ((set.type === 'hash:ip' || set.type === 'hash:ip,port') && isZero(ip)) return 'EINVAL';
  if (set.type === 'hash:net,net' && set.family === 6 && cidr === 128 && isZero(ip)) return 'EINVAL';
  return {
    ip: maskWords(ip, cidr),
    cidr,
    ip2: maskWords(ip2, cidr2),
    cidr2,
    port,
    proto,
    mark: parts.includes('mark') ? (skb.mark & markmask) >>> 0 : 0,
    mac,
    iface,
    physdev: false,
    wildcard: false,
  };
}
