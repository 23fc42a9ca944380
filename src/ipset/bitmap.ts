import type { HookState, Skb } from '../model';
import { IPPROTO, intToIp4 } from '../wire';
import { newElem } from './element';
import {
  expired,
  ghostOf,
  isElem,
  type Match,
  matchExt,
  NO_GHOST,
  NO_MATCH_OPTIONS,
  newExt,
  userRequest,
} from './extensions';
import { addressOf, macOf, portOf } from './packet';
import type { SetDir } from './port';
import type { BitmapBody, Elem, ElemAttrs, ElemKey, ExtRequest, IpSet, SetError } from './types';
import { blockOf, mask32, words4, ZERO } from './words';

export type BitmapSet = IpSet & { readonly body: BitmapBody };

/** A place in the bitmap, and the MAC that goes with it; '' for none. Kernel: struct bitmap_*_adt_elem */
interface Place {
  readonly id: number;
  readonly mac: string;
}

export function bitmapMembers(set: BitmapSet, tick: number): { readonly id: number; readonly elem: Elem }[] {
  const members: { id: number; elem: Elem }[] = [];
  for (const [id, slot] of set.body.members.entries()) {
    if (isElem(slot) && !(filled(set, slot) && expired(slot.ext, tick))) members.push({ id, elem: slot });
  }
  return members;
}

/** An element of bitmap:ip,mac has no running timeout until its MAC is known. Kernel: mtype_is_filled() */
function filled(set: BitmapSet, elem: Elem): boolean {
  return set.type !== 'bitmap:ip,mac' || elem.mac !== '';
}

/** The address or port that a place stands for, as `ipset` prints it. */
export function placeText(set: BitmapSet, id: number, mac: string): string {
  if (set.type === 'bitmap:port') return String(set.body.first + id);
  const ip = intToIp4(set.body.first + id * set.body.hosts);
  return mac === '' ? ip : `${ip},${mac.toUpperCase()}`;
}

export function bitmapPurge(set: BitmapSet, tick: number): void {
  if (set.nextExpiry === 0 || tick <= set.nextExpiry) return;
  set.nextExpiry = 0;
  for (const [id, slot] of [...set.body.members.entries()]) {
    if (!isElem(slot) || slot.ext.expires === 0 || !filled(set, slot)) continue;
    if (expired(slot.ext, tick)) {
      set.body.members.set(id, ghostOf(set, slot));
      set.body.count--;
    } else if (set.nextExpiry === 0 || slot.ext.expires < set.nextExpiry) set.nextExpiry = slot.ext.expires;
  }
}

/** Kernel: mtype_flush(), net/netfilter/ipset/ip_set_bitmap_gen.h; the counters stay in their places. */
export function bitmapFlush(set: BitmapSet): void {
  for (const [id, slot] of [...set.body.members.entries()]) {
    if (isElem(slot)) set.body.members.set(id, ghostOf(set, slot));
  }
  set.body.count = 0;
}

/** `ipset add` and `ipset del`. Kernel: bitmap_*_uadt(), net/netfilter/ipset/ip_set_bitmap_*.c */
export function bitmapUser(
  set: BitmapSet,
  op: 'add' | 'del',
  attrs: ElemAttrs,
  exist: boolean,
  tick: number,
): SetError | null {
  const { first, last, hosts } = set.body;
  const start = set.type === 'bitmap:port' ? (attrs.port ?? 0) : (attrs.ip?.[0] ?? 0);
  const isPort = set.type === 'bitmap:port';
  if (isPort && outside(set, start)) return 'BITMAP_RANGE';
  const request = userRequest(set, attrs);
  if (typeof request === 'string') return request;
  if (!isPort && outside(set, start)) return 'BITMAP_RANGE';
  if (set.type === 'bitmap:ip,mac') {
    return act(set, op, { id: start - first, mac: attrs.mac ?? '' }, request, exist, tick);
  }
  let from = start;
  let to = isPort ? (attrs.portTo ?? start) : (attrs.ipTo?.[0] ?? start);
  if (from > to) {
    [from, to] = [to, from];
    if (from < first) return 'BITMAP_RANGE';
  } else if (!isPort && attrs.ipTo === undefined && attrs.cidr !== undefined) {
    if (attrs.cidr === 0) return 'INVALID_CIDR';
    [from, to] = blockOf(start, attrs.cidr);
  }
  if (to > last) return 'BITMAP_RANGE';
  for (let at = from; at <= to; at += hosts) {
    const error = act(set, op, { id: idOf(set, at), mac: '' }, request, exist, tick);
    if (error) return error;
  }
  return null;
}

function outside(set: BitmapSet, at: number): boolean {
  return at < set.body.first || at > set.body.last;
}

/** Kernel: ip_to_id(), port_to_id(); the id has 16 bits there. */
function idOf(set: BitmapSet, at: number): number {
  const { first, netmask, hosts } = set.body;
  if (set.type === 'bitmap:port') return at - first;
  return (Math.floor(((((at & mask32(netmask)) >>> 0) - first) >>> 0) / hosts) & 0xffff) >>> 0;
}

function act(
  set: BitmapSet,
  op: 'add' | 'del',
  place: Place,
  request: ExtRequest,
  exist: boolean,
  tick: number,
): SetError | null {
  const error = op === 'add' ? bitmapAdd(set, place, request, exist, tick) : bitmapDel(set, place, tick);
  return error === 'EXIST' && exist ? null : error;
}

/** `ipset test`. */
export function bitmapUserTest(set: BitmapSet, attrs: ElemAttrs, tick: number): boolean {
  const at = set.type === 'bitmap:port' ? (attrs.port ?? 0) : (attrs.ip?.[0] ?? 0);
  if (outside(set, at)) return false;
  const place = { id: idOf(set, at), mac: attrs.mac ?? '' };
  return bitmapTest(set, place, NO_MATCH_OPTIONS, tick).result !== 'none';
}

/** Kernel: mtype_add(), net/netfilter/ipset/ip_set_bitmap_gen.h; bitmap_ipmac_do_add() */
export function bitmapAdd(
  set: BitmapSet,
  place: Place,
  request: ExtRequest,
  exist: boolean,
  tick: number,
): SetError | null {
  const { members } = set.body;
  const slot = members.get(place.id);
  const there = isElem(slot) ? slot : null;
  const withMac = set.type === 'bitmap:ip,mac';
  // Without its MAC an element waits for one, and only then is it new.
  const completes = withMac && there !== null && there.mac === '' && place.mac !== '';
  if (there !== null && !completes) {
    const gone = set.timeout !== null && expired(there.ext, tick);
    if (!gone && !exist) return 'EXIST';
  }
  const mac = place.mac !== '' ? place.mac : (there?.mac ?? '');
  const timeout = completes && request.timeout === set.timeout ? (there.waits ?? request.timeout) : request.timeout;
  const waiting = withMac && mac === '';
  const ext = newExt(set, { ...request, timeout: waiting ? 0 : timeout }, slot ?? NO_GHOST, tick);
  const seq = there?.seq ?? set.seq++;
  members.set(place.id, newElem(placeKey(place.id, mac), false, seq, ext, waiting ? request.timeout : null));
  if (there === null) set.body.count++;
  return null;
}

/** Of an element in a bitmap only its place and its MAC are of interest. */
function placeKey(id: number, mac: string): ElemKey {
  return {
    ip: words4(id),
    cidr: 32,
    ip2: ZERO,
    cidr2: 32,
    port: 0,
    proto: 0,
    mark: 0,
    mac,
    iface: '',
    physdev: false,
    wildcard: false,
  };
}

export function bitmapDel(set: BitmapSet, place: Place, tick: number): SetError | null {
  const slot = set.body.members.get(place.id);
  if (!isElem(slot)) return 'EXIST';
  set.body.members.set(place.id, ghostOf(set, slot));
  set.body.count--;
  return set.timeout !== null && filled(set, slot) && expired(slot.ext, tick) ? 'EXIST' : null;
}

/** `fill`: the element has no MAC yet; a packet gives it its own. Kernel: mtype_test(), bitmap_ipmac_do_test() */
interface BitmapFound {
  readonly result: 'matched' | 'fill' | 'none';
  readonly elem: Elem | null;
}

export function bitmapTest(set: BitmapSet, place: Place, match: Match, tick: number): BitmapFound {
  const slot = set.body.members.get(place.id);
  if (!isElem(slot)) return { result: 'none', elem: null };
  if (set.type === 'bitmap:ip,mac') {
    if (place.mac === '' || slot.mac === '') return { result: 'fill', elem: slot };
    if (place.mac !== slot.mac) return { result: 'none', elem: slot };
  }
  const { matched, ext } = matchExt(set, slot.ext, match, tick);
  const elem = ext === slot.ext ? slot : newElem(slot, false, slot.seq, ext, slot.waits);
  if (elem !== slot) set.body.members.set(place.id, elem);
  return { result: matched ? 'matched' : 'none', elem };
}

/** The place that a packet makes. Kernel: bitmap_*_kadt() */
export function bitmapPlaceOf(set: BitmapSet, skb: Skb, _state: HookState, dirs: readonly SetDir[]): Place | SetError {
  if (set.type === 'bitmap:port') {
    const found = portOf(skb.packet, dirs[0]);
    if (found === null || (found.proto !== IPPROTO.tcp && found.proto !== IPPROTO.udp)) return 'EINVAL';
    return outside(set, found.port) ? 'BITMAP_RANGE' : { id: idOf(set, found.port), mac: '' };
  }
  const ip = addressOf(skb, dirs[0])[0];
  if (outside(set, ip)) return 'BITMAP_RANGE';
  if (set.type === 'bitmap:ip') return { id: idOf(set, ip), mac: '' };
  const mac = macOf(skb, dirs[1]);
  return mac === null ? 'EINVAL' : { id: ip - set.body.first, mac };
}
