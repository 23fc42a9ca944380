import { IPPROTO, type Words } from '../wire';
import { keyWith } from './element';
import { NO_MATCH_OPTIONS, userRequest } from './extensions';
import { allowsNet0, type HashSet, hashAdd, hashDel, hashResize, hashTest, netParts, wholeCidr } from './hash-table';
import type { ElemAttrs, ElemKey, SetError } from './types';
import { andWords, blockOf, isZero, maskWords, rangeToCidr, words4, ZERO } from './words';

/** What one command adds, deletes or tests: the first element, and how far it goes. */
interface Plan {
  readonly key: ElemKey;
  /** First and last address of the first part, in blocks or one by one; null: only what `key` says. */
  readonly ip: Span | null;
  readonly ports: readonly [from: number, to: number];
  readonly ip2: Span | null;
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** Addresses a step; 0: in the largest blocks that fit. */
  readonly step: number;
}

/** `ipset add`. Kernel: hash_*_uadt(), net/netfilter/ipset/ip_set_hash_*.c */
export function hashUserAdd(set: HashSet, attrs: ElemAttrs, exist: boolean, tick: number): SetError | null {
  const request = userRequest(set, attrs);
  if (typeof request === 'string') return request;
  const flags = { exist, nomatch: attrs.nomatch === true && netParts(set.type).length > 0 };
  return each(set, attrs, (key) => {
    let error = hashAdd(set, key, request, flags, tick);
    while (error === 'EAGAIN') {
      hashResize(set, tick);
      error = hashAdd(set, key, request, flags, tick);
    }
    return error;
  });
}

/** `ipset del`; with `exist` it does not matter that an element is not there. */
export function hashUserDel(set: HashSet, attrs: ElemAttrs, exist: boolean, tick: number): SetError | null {
  return each(set, attrs, (key) => {
    const error = hashDel(set, key, tick);
    return error === 'EXIST' && exist ? null : error;
  });
}

/** `ipset test`: whatever is wrong with the element, it is not in the set. */
export function hashUserTest(set: HashSet, attrs: ElemAttrs, tick: number): boolean {
  const plan = planOf(set, attrs, true);
  if (typeof plan === 'string') return false;
  const { result } = hashTest(set, plan.key, NO_MATCH_OPTIONS, tick);
  return result === (attrs.nomatch && netParts(set.type).length > 0 ? 'nomatch' : 'matched');
}

function each(set: HashSet, attrs: ElemAttrs, act: (key: ElemKey) => SetError | null): SetError | null {
  const plan = planOf(set, attrs, false);
  if (typeof plan === 'string') return plan;
  const net0 = set.type === 'hash:net,port,net';
  for (const first of steps(plan.ip, net0)) {
    const { key } = plan;
    const ip = first === null ? key.ip : words4(first.at);
    const cidr = first === null ? key.cidr : first.cidr;
    for (let port = plan.ports[0]; port <= plan.ports[1]; port++) {
      for (const second of steps(plan.ip2, net0)) {
        const ip2 = second === null ? key.ip2 : words4(second.at);
        const error = act(keyWith(key, ip, cidr, ip2, second === null ? key.cidr2 : second.cidr, port));
        if (error) return error;
      }
    }
  }
  return null;
}

function* steps(span: Span | null, net0: boolean): Generator<{ readonly at: number; readonly cidr: number } | null> {
  if (span === null) {
    yield null;
    return;
  }
  for (let at = span.from; at <= span.to; ) {
    if (span.step > 0) {
      yield { at, cidr: 32 };
      at += span.step;
      continue;
    }
    const all = net0 && at === 0 && span.to === 0xffffffff;
    const block = all ? { cidr: 0, last: span.to } : rangeToCidr(at, span.to);
    yield { at, cidr: block.cidr };
    at = block.last + 1;
  }
}

function planOf(set: HashSet, attrs: ElemAttrs, test: boolean): Plan | SetError {
  const whole = wholeCidr(set);
  const nets = netParts(set.type);
  const minimum = allowsNet0(set) ? 0 : 1;
  const net1 = nets.includes(0);
  const net2 = nets.includes(1);
  if (set.family === 6) {
    if (attrs.ipTo || attrs.ip2To) return 'HASH_RANGE_UNSUPPORTED';
    if (!net1 && attrs.cidr !== undefined && attrs.cidr !== 128) return 'INVALID_CIDR';
  }
  const cidr = net1 ? (attrs.cidr ?? whole) : whole;
  const cidr2 = net2 ? (attrs.cidr2 ?? whole) : whole;
  if (cidr < minimum || cidr2 < minimum) return 'INVALID_CIDR';
  const zero = zeroError(set, attrs, cidr);
  if (zero) return zero;
  const proto = attrs.proto ?? 0;
  const hasPort = attrs.port !== undefined;
  if (hasPort && proto === 0) return attrs.proto === undefined ? 'MISSING_PROTO' : 'INVALID_PROTO';
  const withPorts = hasPort && protoWithPorts(proto);
  const icmp = proto === (set.family === 6 ? IPPROTO.icmpv6 : IPPROTO.icmp);
  const port = withPorts || icmp ? (attrs.port ?? 0) : 0;
  const key: ElemKey = {
    ip: masked(set, attrs.ip ?? ZERO, cidr),
    cidr,
    ip2: attrs.ip2 ? masked(set, attrs.ip2, cidr2) : ZERO,
    cidr2,
    port,
    proto,
    mark: ((attrs.mark ?? 0) & set.body.markmask) >>> 0,
    mac: attrs.mac ?? '',
    iface: attrs.iface ?? '',
    physdev: attrs.physdev === true,
    wildcard: attrs.wildcard === true && set.type === 'hash:net,iface',
  };
  const portTo = withPorts ? (attrs.portTo ?? port) : port;
  const ports = [Math.min(port, portTo), Math.max(port, portTo)] as const;
  if (test || set.family === 6 || set.type === 'hash:mac' || set.type === 'hash:ip,mac') {
    return { key, ip: null, ports: test ? [port, port] : ports, ip2: null };
  }
  return spans(set, attrs, key, ports);
}

/** How far an IPv4 element goes. */
function spans(set: HashSet, attrs: ElemAttrs, key: ElemKey, ports: Plan['ports']): Plan | SetError {
  const nets = netParts(set.type);
  const net1 = nets.includes(0);
  const net2 = nets.includes(1);
  const range = attrs.ipTo !== undefined || attrs.ip2To !== undefined || (!net1 && attrs.cidr !== undefined);
  if (!range) return { key, ip: null, ports, ip2: null };
  const first = net1 ? netSpan(attrs.ip![0], attrs.ipTo, key.cidr) : hostSpan(set, attrs, key);
  if (typeof first === 'string') return first;
  const second = net2 ? netSpan(attrs.ip2![0], attrs.ip2To, key.cidr2) : null;
  if (typeof second === 'string') return second;
  return { key, ip: first, ports, ip2: second };
}

function netSpan(ip: number, ipTo: Words | undefined, cidr: number): Span | SetError {
  if (ipTo === undefined) {
    const [from, to] = blockOf(ip, cidr);
    return { from, to, step: 0 };
  }
  const from = Math.min(ip, ipTo[0]);
  const to = Math.max(ip, ipTo[0]);
  return from === 0 && to === 0xffffffff ? 'HASH_RANGE' : { from, to, step: 0 };
}

function hostSpan(set: HashSet, attrs: ElemAttrs, key: ElemKey): Span | SetError {
  const step = set.type === 'hash:ip' && set.body.netmask !== null ? 2 ** (32 - set.body.netmask) : 1;
  const ip = key.ip[0];
  if (attrs.ipTo !== undefined) {
    const other = attrs.ipTo[0];
    if (other < ip && other === 0) {
      if (set.type === 'hash:ip' || (set.type === 'hash:ip,mark' && key.mark === 0)) return 'HASH_ELEM';
    }
    return { from: Math.min(ip, other), to: Math.max(ip, other), step };
  }
  if (attrs.cidr === undefined) return { from: ip, to: ip, step };
  if (attrs.cidr === 0) return 'INVALID_CIDR';
  const [from, to] = blockOf(ip, attrs.cidr);
  return { from, to, step };
}

/** The address as this set keeps it: with `netmask` or `bitmask`, and the prefix length. */
function masked(set: HashSet, ip: Words, cidr: number): Words {
  const { bitmask } = set.body;
  return maskWords(bitmask ? andWords(ip, bitmask) : ip, cidr);
}

function zeroError(set: HashSet, attrs: ElemAttrs, cidr: number): SetError | null {
  const ip = masked(set, attrs.ip ?? ZERO, cidr);
  switch (set.type) {
    case 'hash:ip':
      return isZero(ip) ? 'HASH_ELEM' : null;
    case 'hash:ip,port':
      return isZero(ip) ? 'EINVAL' : null;
    case 'hash:ip,mark':
      return set.family === 4 && isZero(ip) && ((attrs.mark ?? 0) & set.body.markmask) === 0 ? 'HASH_ELEM' : null;
    case 'hash:net,net':
      return set.family === 6 && cidr === 128 && isZero(ip) ? 'HASH_ELEM' : null;
    case 'hash:mac':
    case 'hash:ip,mac':
      return attrs.mac === '00:00:00:00:00:00' ? 'HASH_ELEM' : null;
    default:
      return null;
  }
}

/** Kernel: ip_set_proto_with_ports(), include/linux/netfilter/ipset/ip_set_getport.h */
function protoWithPorts(proto: number): boolean {
  return proto === IPPROTO.tcp || proto === IPPROTO.udp || proto === IPPROTO.sctp || proto === IPPROTO.udplite;
}
