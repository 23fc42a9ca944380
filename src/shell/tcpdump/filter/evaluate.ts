import { assertNever } from '../../../base';
import { addrFromBytes, macBytes, makePrefix, prefixContains, u16, u32 } from '../../../wire';
import type { Captured } from '../types';
import { needed } from './numbers';
import type { Arith, Filter, Side } from './types';
import { NUMBERS } from './words';

/** What a filter looks at: the frame in bytes, and what the kernel says of it. */
interface Seen {
  /** With its Ethernet header; of `any` without one. */
  readonly frame: Uint8Array;
  readonly ip: Uint8Array;
  readonly family: number;
  readonly captured: Captured;
}

/** Thrown where a filter reads behind the end: then the packet does not match. Kernel: bpf_prog_run() */
class OutOfPacket extends Error {}

const NO_MAC = new Uint8Array(6);

/** The frame as it stands on an Ethernet. */
export function frameBytes(captured: Captured): Uint8Array {
  const { bytes } = captured;
  const frame = new Uint8Array(14 + bytes.length);
  frame.set(captured.dstMac === '' ? NO_MAC : macBytes(captured.dstMac), 0);
  frame.set(captured.srcMac === '' ? NO_MAC : macBytes(captured.srcMac), 6);
  frame.set(bytes[0]! >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  frame.set(bytes, 14);
  return frame;
}

/** Does the filter take the packet? `cooked`: it was captured on `any`, where lengths are without a link's header. */
export function matches(filter: Filter, captured: Captured, cooked: boolean): boolean {
  const frame = cooked ? captured.bytes : frameBytes(captured);
  const seen: Seen = { frame, ip: captured.bytes, family: captured.bytes[0]! >> 4, captured };
  try {
    return test(filter, seen);
  } catch (error) {
    if (error instanceof OutOfPacket) return false;
    throw error;
  }
}

function test(filter: Filter, seen: Seen): boolean {
  switch (filter.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'and':
      return test(filter.left, seen) && test(filter.right, seen);
    case 'or':
      return test(filter.left, seen) || test(filter.right, seen);
    case 'not':
      return !test(filter.of, seen);
    case 'ethertype':
      return filter.type === (seen.family === 6 ? 0x86dd : 0x0800);
    case 'proto':
      return hasProtocol(seen, [filter.number], filter.family);
    case 'protochain':
      return filter.family === seen.family && chain(seen).includes(filter.number);
    case 'net4': {
      if (seen.family !== 4 || (filter.type !== '' && filter.type !== 'ip')) return false;
      const { side, value, mask } = filter;
      const at = (offset: number): boolean => (u32(seen.ip, offset) & mask) >>> 0 === value;
      return sides(
        side,
        () => at(12),
        () => at(16),
      );
    }
    case 'net6': {
      if (seen.family !== 6) return false;
      const prefix = makePrefix(filter.net, filter.length);
      const at = (offset: number): boolean => prefixContains(prefix, addrFromBytes(seen.ip, offset, 6));
      return sides(
        filter.side,
        () => at(8),
        () => at(24),
      );
    }
    case 'mac':
      return sides(
        filter.side,
        () => seen.captured.srcMac === filter.mac,
        () => seen.captured.dstMac === filter.mac,
      );
    case 'ports':
      return hasPorts(seen, filter);
    case 'group':
      return toGroup(seen, filter);
    case 'ifindex':
      return filter.index === seen.captured.ifindex;
    case 'direction':
      return filter.inbound === (seen.captured.direction === 'in');
    case 'compare':
      return (
        [...needed(filter.left), ...needed(filter.right)].every((proto) => isPresent(proto, seen)) &&
        compare(filter.operator, value(filter.left, seen), value(filter.right, seen))
      );
    default:
      return assertNever(filter);
  }
}

function sides(side: Side, src: () => boolean, dst: () => boolean): boolean {
  if (side === 'src') return src();
  if (side === 'dst') return dst();
  return side === 'both' ? src() && dst() : src() || dst();
}

/** IPv6: the header behind the first, or behind one fragment header. */
function hasProtocol({ ip, family }: Seen, numbers: readonly number[], only: 0 | 4 | 6): boolean {
  if (only !== 0 && only !== family) return false;
  if (family === 4) return numbers.includes(ip[9]!);
  return numbers.includes(ip[6]!) || (ip[6] === 44 && numbers.includes(ip[40] ?? -1));
}

/** All headers of a packet, as `protochain` follows them. */
function chain({ ip, family }: Seen): readonly number[] {
  if (family === 4) return [ip[9]!];
  const found: number[] = [];
  let next = ip[6]!;
  let at = 40;
  for (;;) {
    found.push(next);
    const length = next === 44 ? 8 : [0, 43, 60].includes(next) ? ((ip[at + 1] ?? 0) + 1) * 8 : 0;
    if (length === 0 || at + length > ip.length) return found;
    next = ip[at]!;
    at += length;
  }
}

function hasPorts(seen: Seen, filter: Extract<Filter, { readonly kind: 'ports' }>): boolean {
  const { ip, family } = seen;
  const protocol = family === 4 ? ip[9]! : ip[6]!;
  if (!filter.protocols.includes(protocol)) return false;
  if (family === 4 && (u16(ip, 6) & 0x1fff) !== 0) return false;
  const at = family === 4 ? (ip[0]! & 15) * 4 : 40;
  const within = (offset: number): boolean => {
    if (offset + 2 > ip.length) throw new OutOfPacket();
    const port = u16(ip, offset);
    return port >= filter.from && port <= filter.to;
  };
  return sides(
    filter.side,
    () => within(at),
    () => within(at + 2),
  );
}

function toGroup(seen: Seen, filter: Extract<Filter, { readonly kind: 'group' }>): boolean {
  const { ip, family, captured } = seen;
  if (filter.proto === 'ether') {
    if (filter.which === 'broadcast') return captured.kind === 'broadcast';
    return captured.kind === 'broadcast' || captured.kind === 'multicast';
  }
  if (filter.proto === 'ip6') return family === 6 && ip[24] === 255;
  if (family !== 4) return false;
  if (filter.which === 'multicast') return ip[16]! >= 224;
  // The netmask of the interface is not asked: 0.0.0.0 and 255.255.255.255.
  return u32(ip, 16) === 0xffffffff || u32(ip, 16) === 0;
}

function compare(operator: string, a: number, b: number): boolean {
  if (operator === '=') return a === b;
  if (operator === '!=') return a !== b;
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

/** All numbers are of 32 bits, without a sign. */
function value(arith: Arith, seen: Seen): number {
  switch (arith.kind) {
    case 'number':
      return arith.value;
    case 'length':
      return seen.frame.length;
    case 'negate':
      return -value(arith.of, seen) >>> 0;
    case 'load':
      return load(arith, seen);
    case 'compute':
      return compute(arith.operator, value(arith.left, seen), value(arith.right, seen));
    default:
      return assertNever(arith);
  }
}

export function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return (a + b) >>> 0;
    case '-':
      return (a - b) >>> 0;
    case '*':
      return Math.imul(a, b) >>> 0;
    case '/':
    case '%':
      if (b === 0) throw new OutOfPacket();
      return operator === '/' ? Math.floor(a / b) : a % b;
    case '&':
      return (a & b) >>> 0;
    case '|':
      return (a | b) >>> 0;
    case '^':
      return (a ^ b) >>> 0;
    case '<<':
      return b > 31 ? 0 : (a << b) >>> 0;
    default:
      return b > 31 ? 0 : a >>> b;
  }
}

/** Of TCP and the like of IPv4 alone, and not of later fragments. libpcap: gen_load() */
function isPresent(proto: string, { ip, family }: Seen): boolean {
  if (proto === 'ip' || proto === 'ip6') return family === (proto === 'ip' ? 4 : 6);
  if (proto === 'icmp6') return family === 6 && ip[6] === 58;
  const number = NUMBERS[proto]?.[0] ?? -1;
  return family === 4 && ip[9] === number && (u16(ip, 6) & 0x1fff) === 0;
}

/** The place is counted in 32 bits, so that it can lie before a header. */
function load(arith: Extract<Arith, { readonly kind: 'load' }>, seen: Seen): number {
  const { frame, ip } = seen;
  const { proto, size } = arith;
  let begin = proto === 'link' ? 0 : frame.length - ip.length;
  if (proto === 'icmp6') begin += 40;
  else if (NUMBERS[proto] !== undefined) begin += (ip[0]! & 15) * 4;
  const at = (begin + value(arith.offset, seen)) >>> 0;
  if (at + size > frame.length) throw new OutOfPacket();
  if (size === 1) return frame[at]!;
  return size === 2 ? u16(frame, at) : u32(frame, at);
}
