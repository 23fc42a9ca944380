import { jhash2 } from '../base';
import { typeOf } from './catalogue';
import { keyWith, newElem } from './element';
import { expired, ghostOf, isElem, type Match, matchExt, NO_GHOST, newExt } from './extensions';
import { hashWords } from './layout';
import { Paged } from './paged';
import type { Bucket, Elem, ElemKey, ExtRequest, HashBody, IpSet, SetError, SetTypeName, Slot } from './types';
import { maskWords, sameWords } from './words';

/** Slots by which a bucket grows. Kernel: AHASH_INIT_SIZE */
const STEP = 2;
/** Kernel: AHASH_MAX_TUNED */
const MAX_TUNED = 64;
/** Kernel: HTABLE_REGION_BITS */
const REGION_BITS = 10;

export type HashSet = IpSet & { readonly body: HashBody };

/** Which part of a type's element is a network: 0 the first address, 1 the second. */
export function netParts(type: SetTypeName): readonly (0 | 1)[] {
  return NET_PARTS[type] ?? [];
}

const NET_PARTS: Partial<Record<SetTypeName, readonly (0 | 1)[]>> = {
  'hash:net': [0],
  'hash:net,port': [0],
  'hash:net,iface': [0],
  'hash:net,net': [0, 1],
  'hash:net,port,net': [0, 1],
  'hash:ip,port,net': [1],
};

export function regionCount(bits: number): number {
  return bits < REGION_BITS ? 1 : 1 << (bits - REGION_BITS);
}

/** Kernel: ahash_region() */
function regionOf(bucket: number): number {
  return bucket >>> REGION_BITS;
}

function bucketOf(set: HashSet, key: ElemKey): number {
  return jhash2(hashWords(set.type, set.family, key), set.body.initval) & ((1 << set.body.bits) - 1);
}

/**
 * Whether a stored element is the one that is looked for. `multi` counts the elements of the same address that differ
 * in the rest. Kernel: mtype_data_equal()
 */
function dataEqual(set: HashSet, stored: Elem, key: ElemKey, multi: { n: number }): boolean {
  if (!sameWords(stored.ip, key.ip) || stored.cidr !== key.cidr) return false;
  if (set.type === 'hash:net,iface') {
    multi.n++;
    if (stored.physdev !== key.physdev) return false;
    return stored.wildcard ? key.iface.startsWith(stored.iface) : key.iface === stored.iface;
  }
  return (
    stored.port === key.port &&
    stored.proto === key.proto &&
    stored.cidr2 === key.cidr2 &&
    stored.mark === key.mark &&
    stored.mac === key.mac &&
    sameWords(stored.ip2, key.ip2)
  );
}

/** All that is there and has not expired; with the order of the table if the text of the set fixed it. */
export function hashMembers(set: HashSet, tick: number): Elem[] {
  const members: Elem[] = [];
  for (const [, bucket] of set.body.buckets.entries()) {
    for (let i = 0; i < bucket.pos; i++) {
      const slot = bucket.slots[i];
      if (isElem(slot) && !expired(slot.ext, tick)) members.push(slot);
    }
  }
  return set.body.initvalGiven ? members : members.sort((a, b) => a.seq - b.seq);
}

/** Number of elements, the expired ones left out. */
export function hashCount(set: HashSet, tick: number): number {
  return set.nextExpiry === 0 || tick <= set.nextExpiry
    ? set.body.regions.reduce((sum, n) => sum + n, 0)
    : hashMembers(set, tick).length;
}

/** Takes out what has expired. Kernel: mtype_gc_do() */
export function hashPurge(set: HashSet, tick: number): void {
  if (set.nextExpiry === 0 || tick <= set.nextExpiry) return;
  set.nextExpiry = 0;
  for (const [index, bucket] of [...set.body.buckets.entries()]) {
    let gone = 0;
    const slots = bucket.slots.map((slot) => {
      if (!isElem(slot)) return slot;
      if (!expired(slot.ext, tick)) {
        const { expires } = slot.ext;
        if (expires !== 0 && (set.nextExpiry === 0 || expires < set.nextExpiry)) set.nextExpiry = expires;
        return slot;
      }
      gone++;
      forget(set, slot, index);
      return ghostOf(set, slot);
    });
    if (gone > 0) tidy(set, index, { size: bucket.size, pos: bucket.pos, slots });
  }
}

/** Puts back a bucket that has holes, smaller if two slots or more are free. */
function tidy(set: HashSet, index: number, bucket: Bucket): void {
  const used = bucket.slots.slice(0, bucket.pos).filter(isElem);
  const free = bucket.pos - used.length;
  if (free < STEP) put(set, index, bucket);
  else if (free >= bucket.size) drop(set, index, bucket);
  else shrink(set, index, bucket, used);
}

function drop(set: HashSet, index: number, bucket: Bucket): void {
  account(set, -1, bucket.size);
  set.body.buckets.set(index, undefined);
}

function shrink(set: HashSet, index: number, bucket: Bucket, used: readonly Elem[]): void {
  account(set, -1, STEP);
  put(set, index, { size: bucket.size - STEP, pos: used.length, slots: used });
}

/** The books of the memory of buckets: the kernel counts a whole bucket for each piece that it grows by. */
function account(set: HashSet, sign: 1 | -1, slots: number): void {
  set.body.pieces += sign;
  set.body.room += sign * slots;
}

function put(set: HashSet, index: number, bucket: Bucket): void {
  Object.freeze(bucket.slots);
  set.body.buckets.set(index, Object.freeze(bucket));
}

/** Keeps the books when an element goes. */
function forget(set: HashSet, elem: Elem, index: number): void {
  const { regions, nets } = set.body;
  regions[regionOf(index)]!--;
  for (const part of netParts(set.type)) {
    const cidr = part === 0 ? elem.cidr : elem.cidr2;
    const at = nets[part].findIndex((n) => n.cidr === cidr);
    if (at >= 0 && --nets[part][at]!.count === 0) nets[part].splice(at, 1);
  }
}

/** Keeps the books when an element comes. Kernel: mtype_add_cidr() */
function remember(set: HashSet, elem: Elem, index: number): void {
  const { regions, nets } = set.body;
  regions[regionOf(index)]!++;
  for (const part of netParts(set.type)) {
    const cidr = part === 0 ? elem.cidr : elem.cidr2;
    const known = nets[part].find((n) => n.cidr === cidr);
    if (known) known.count++;
    else {
      const at = nets[part].findIndex((n) => n.cidr < cidr);
      nets[part].splice(at < 0 ? nets[part].length : at, 0, { cidr, count: 1 });
    }
  }
}

export interface AddFlags {
  readonly exist: boolean;
  readonly nomatch: boolean;
}

/** Adds an element; EAGAIN if its bucket is full and the table must grow first. Kernel: mtype_add() */
export function hashAdd(
  set: HashSet,
  key: ElemKey,
  request: ExtRequest,
  flags: AddFlags,
  tick: number,
): SetError | null {
  const { body } = set;
  const index = bucketOf(set, key);
  const region = regionOf(index);
  let elements = body.regions[region]!;
  let maxelem = Math.floor(body.maxelem / body.regions.length);
  let forceadd = false;
  if (elements >= maxelem) {
    hashPurge(set, tick);
    maxelem = body.maxelem;
    elements = body.regions.reduce((sum, n) => sum + n, 0);
    forceadd = elements >= maxelem && set.forceadd;
  }
  const bucket = body.buckets.get(index);
  if (!bucket) {
    if (forceadd || elements >= maxelem) return 'HASH_FULL';
    account(set, 1, STEP);
    store(set, index, { size: STEP, pos: 1, slots: [] }, 0, key, request, flags, tick);
    return null;
  }
  const multi = { n: 0 };
  let reuse = -1;
  for (let i = 0; i < bucket.pos; i++) {
    const slot = bucket.slots[i];
    if (!isElem(slot)) {
      if (reuse < 0) reuse = i;
      continue;
    }
    if (dataEqual(set, slot, key, multi)) {
      if (!flags.exist && !expired(slot.ext, tick)) return 'EXIST';
      const ext = newExt(set, request, slot, tick);
      replace(set, index, bucket, i, newElem(slot, flags.nomatch, slot.seq, ext));
      return null;
    }
    if (reuse < 0 && expired(slot.ext, tick)) reuse = i;
  }
  if (reuse >= 0 || forceadd) {
    const at = Math.max(0, reuse);
    const slot = bucket.slots[at];
    if (isElem(slot)) forget(set, slot, index);
    store(set, index, bucket, at, key, request, flags, tick);
    return null;
  }
  if (elements >= maxelem) return 'HASH_FULL';
  let size = bucket.size;
  if (bucket.pos >= size) {
    if (set.type === 'hash:net,iface') {
      if (body.bucketsize >= MAX_TUNED) return 'HASH_FULL';
      if (body.bucketsize <= multi.n) body.bucketsize += STEP;
    }
    if (size >= body.bucketsize) return 'EAGAIN';
    account(set, 1, STEP);
    size += STEP;
  }
  store(set, index, { size, pos: bucket.pos + 1, slots: bucket.slots }, bucket.pos, key, request, flags, tick);
  return null;
}

function store(
  set: HashSet,
  index: number,
  bucket: Bucket,
  at: number,
  key: ElemKey,
  request: ExtRequest,
  flags: AddFlags,
  tick: number,
): void {
  const ext = newExt(set, request, bucket.slots[at], tick);
  const elem = newElem(key, flags.nomatch, set.seq++, ext);
  const slots = bucket.slots.slice();
  while (slots.length < at) slots.push(NO_GHOST);
  slots[at] = elem;
  put(set, index, { size: bucket.size, pos: bucket.pos, slots });
  remember(set, elem, index);
}

function replace(set: HashSet, index: number, bucket: Bucket, at: number, elem: Elem): void {
  const slots = bucket.slots.slice();
  slots[at] = elem;
  put(set, index, { size: bucket.size, pos: bucket.pos, slots });
}

/** Twice as many buckets, until none overflows. Kernel: mtype_resize() */
export function hashResize(set: HashSet, tick: number): void {
  const { body } = set;
  for (;;) {
    body.bits++;
    const table = new Map<number, { size: number; slots: Slot[] }>();
    let overflow = false;
    for (const [, bucket] of body.buckets.entries()) {
      for (let i = 0; i < bucket.pos && !overflow; i++) {
        const slot = bucket.slots[i];
        if (!isElem(slot) || expired(slot.ext, tick)) continue;
        const index = bucketOf(set, slot);
        const to = table.get(index) ?? { size: STEP, slots: [] };
        if (to.slots.length >= to.size) {
          if (to.size >= body.bucketsize) overflow = true;
          else to.size += STEP;
        }
        to.slots.push(slot);
        table.set(index, to);
      }
    }
    if (overflow) continue;
    body.buckets = new Paged();
    body.regions = new Array<number>(regionCount(body.bits)).fill(0);
    body.pieces = 0;
    body.room = 0;
    for (const [index, { size, slots }] of table) {
      body.regions[regionOf(index)]! += slots.length;
      for (let grown = 0; grown < size; grown += STEP) account(set, 1, STEP);
      put(set, index, { size, pos: slots.length, slots });
    }
    return;
  }
}

/** Kernel: mtype_del() */
export function hashDel(set: HashSet, key: ElemKey, tick: number): SetError | null {
  const index = bucketOf(set, key);
  const bucket = set.body.buckets.get(index);
  if (!bucket) return 'EXIST';
  const at = bucket.slots.findIndex((slot, i) => i < bucket.pos && isElem(slot) && dataEqual(set, slot, key, { n: 0 }));
  if (at < 0) return 'EXIST';
  const elem = bucket.slots[at] as Elem;
  if (expired(elem.ext, tick)) return 'EXIST';
  forget(set, elem, index);
  const slots = bucket.slots.slice();
  slots[at] = ghostOf(set, elem);
  const pos = at + 1 === bucket.pos ? at : bucket.pos;
  const used = slots.slice(0, pos).filter(isElem);
  const free = pos - used.length;
  if (pos === 0) drop(set, index, bucket);
  else if (free >= STEP) shrink(set, index, bucket, used);
  else put(set, index, { size: bucket.size, pos, slots });
  return null;
}

/** What a lookup found. `nomatch`: an element that says so. */
export interface Found {
  readonly result: 'matched' | 'nomatch' | 'none';
  readonly elem: Elem | null;
  /** Buckets that were looked at. */
  readonly probes: number;
}

/** Kernel: mtype_test(), mtype_test_cidrs() */
export function hashTest(set: HashSet, key: ElemKey, match: Match, tick: number): Found {
  const parts = netParts(set.type);
  const whole = set.family === 6 ? 128 : 32;
  const network = parts.some((part) => (part === 0 ? key.cidr : key.cidr2) !== whole);
  const multi = { n: 0 };
  if (parts.length === 0 || network) {
    return probe(set, key, match, tick, multi) ?? { result: 'none', elem: null, probes: 1 };
  }
  let probes = 0;
  const outer = parts[0]!;
  // By index, as the kernel walks: a lookup changes nothing here.
  for (const { cidr } of set.body.nets[outer]) {
    if (multi.n > 0) break;
    const narrowed = withCidr(key, outer, cidr);
    const inner = parts[1] === undefined ? [null] : set.body.nets[1].map((n) => n.cidr);
    for (const cidr2 of inner) {
      probes++;
      const wanted = cidr2 === null ? narrowed : withCidr(narrowed, 1, cidr2);
      const found = probe(set, wanted, match, tick, multi);
      if (found) return { ...found, probes };
    }
  }
  return { result: 'none', elem: null, probes };
}

function withCidr(key: ElemKey, part: 0 | 1, cidr: number): ElemKey {
  const { ip, ip2, port } = key;
  return part === 0
    ? keyWith(key, maskWords(ip, cidr), cidr, ip2, key.cidr2, port)
    : keyWith(key, ip, key.cidr, maskWords(ip2, cidr), cidr, port);
}

function probe(set: HashSet, key: ElemKey, match: Match, tick: number, multi: { n: number }): Found | null {
  const index = bucketOf(set, key);
  let bucket = set.body.buckets.get(index);
  if (!bucket) return null;
  for (let i = 0; i < bucket.pos; i++) {
    const slot: Slot | undefined = bucket.slots[i];
    if (!isElem(slot) || !dataEqual(set, slot, key, multi)) continue;
    const { matched, ext } = matchExt(set, slot.ext, match, tick);
    if (ext !== slot.ext) {
      replace(set, index, bucket, i, newElem(slot, slot.nomatch, slot.seq, ext));
      bucket = set.body.buckets.get(index)!;
    }
    if (matched) {
      const elem = bucket.slots[i] as Elem;
      return { result: elem.nomatch ? 'nomatch' : 'matched', elem, probes: 1 };
    }
    multi.n = 0;
  }
  return null;
}

/** Makes the whole address the key's network where the type has networks. */
export function wholeCidr(set: HashSet): number {
  return set.family === 6 ? 128 : 32;
}

/** The prefix length that SET adds with: the longest in use. Kernel: INIT_CIDR() */
export function initCidr(set: HashSet, part: 0 | 1): number {
  return set.body.nets[part][0]?.cidr ?? wholeCidr(set);
}

export function allowsNet0(set: HashSet): boolean {
  return typeOf(set.type).net0 === true;
}
