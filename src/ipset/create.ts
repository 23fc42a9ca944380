import { jhash2 } from '../base';
import type { Words } from '../wire';
import { regionCount } from './hash-table';
import { Paged } from './paged';
import type { CreateAttrs, IpSet, SetBody, SetError, SetFamily, SetTypeName } from './types';
import { blockOf, isZero, mask32, maskWords } from './words';

/** Kernel: IPSET_MAX_TIMEOUT, seconds */
const MAX_TIMEOUT = 2147483;

/** A new set, or why there can be none. Kernel: ip_set_create(), *_create() of the types */
export function createSet(name: string, type: SetTypeName, family: SetFamily, attrs: CreateAttrs): IpSet | SetError {
  const body = bodyOf(name, type, family, attrs);
  if (typeof body === 'string') return body;
  return {
    name,
    type,
    family,
    timeout: attrs.timeout === undefined ? null : Math.min(attrs.timeout, MAX_TIMEOUT),
    counters: attrs.counters === true,
    comment: attrs.comment === true,
    skbinfo: attrs.skbinfo === true,
    forceadd: attrs.forceadd === true,
    body,
    seq: 0,
    nextExpiry: 0,
  };
}

function bodyOf(name: string, type: SetTypeName, family: SetFamily, attrs: CreateAttrs): SetBody | SetError {
  if (type === 'list:set') return { kind: 'list', size: Math.max(4, attrs.size ?? 8), members: Object.freeze([]) };
  if (type === 'bitmap:port') {
    const [a, b] = [attrs.port ?? 0, attrs.portTo ?? 0];
    return bitmapBody(Math.min(a, b), Math.max(a, b), 32, 1, Math.abs(a - b) + 1);
  }
  return type.startsWith('bitmap:') ? ipBitmap(type, attrs) : hashBody(name, family, attrs);
}

function bitmapBody(first: number, last: number, netmask: number, hosts: number, elements: number): SetBody {
  return { kind: 'bitmap', first, last, netmask, hosts, elements, members: new Paged(), count: 0 };
}

function ipBitmap(type: SetTypeName, attrs: CreateAttrs): SetBody | SetError {
  let first = attrs.ip?.[0] ?? 0;
  let last = attrs.ipTo?.[0] ?? first;
  if (attrs.ipTo !== undefined) [first, last] = [Math.min(first, last), Math.max(first, last)];
  else {
    if (attrs.cidr === undefined || attrs.cidr >= 32) return 'INVALID_CIDR';
    [first, last] = blockOf(first, attrs.cidr);
  }
  let hosts = 1;
  let elements = last - first + 1;
  const netmask = type === 'bitmap:ip' ? (attrs.netmask ?? 32) : 32;
  if (attrs.netmask !== undefined && type === 'bitmap:ip') {
    const mask = mask32(netmask);
    first = (first & mask) >>> 0;
    last = (last | ~mask) >>> 0;
    elements = last - first + 1;
  }
  if (netmask !== 32) {
    const bits = rangeToMask(first, last);
    const whole = first === 0 && last === 0xffffffff;
    if ((bits === null && !whole) || netmask <= (bits ?? 0)) return 'BITMAP_RANGE';
    hosts = 2 ** (32 - netmask);
    elements = 2 ** (netmask - (bits ?? 0));
  }
  return elements > 65536 ? 'BITMAP_RANGE_SIZE' : bitmapBody(first, last, netmask, hosts, elements);
}

/** The length of the prefix that is exactly this range, or null. Kernel: range_to_mask() */
function rangeToMask(from: number, to: number): number | null {
  for (let bits = 31; bits > 0; bits--) if ((to & mask32(bits)) >>> 0 === from) return bits;
  return null;
}

function hashBody(name: string, family: SetFamily, attrs: CreateAttrs): SetBody | SetError {
  const whole = family === 6 ? 128 : 32;
  if (attrs.markmask === 0) return 'INVALID_MARKMASK';
  let bitmask: Words | null = null;
  if (attrs.netmask !== undefined) {
    if (attrs.netmask === 0 || attrs.netmask > whole) return 'INVALID_NETMASK';
    bitmask = maskWords(ONES, attrs.netmask);
  }
  if (attrs.bitmask !== undefined) {
    if (attrs.netmask !== undefined) return 'BITMASK_NETMASK_EXCL';
    if (isZero(attrs.bitmask)) return 'INVALID_NETMASK';
    bitmask = attrs.bitmask;
  }
  const bits = Math.ceil(Math.log2(Math.max(64, attrs.hashsize ?? 1024)));
  if (bits > 27) return 'ENOMEM';
  return {
    kind: 'hash',
    maxelem: attrs.maxelem ?? 65536,
    initval: attrs.initval ?? seedOf(name),
    initvalGiven: attrs.initval !== undefined,
    bucketsize: bucketSize(attrs.bucketsize ?? 12),
    netmask: attrs.netmask === undefined || attrs.netmask === whole ? null : attrs.netmask,
    bitmask,
    markmask: attrs.markmask ?? 0xffffffff,
    bits,
    buckets: new Paged(),
    regions: new Array<number>(regionCount(bits)).fill(0),
    pieces: 0,
    room: 0,
    nets: [[], []],
  };
}

const ONES: Words = [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff];

function bucketSize(asked: number): number {
  if (asked < 2) return 2;
  return asked > 12 ? 12 : asked + (asked % 2);
}

/** Where the kernel takes a random number: one that a set of this name always has. */
function seedOf(name: string): number {
  return jhash2(
    [...name].map((c) => c.charCodeAt(0)),
    0,
  );
}
