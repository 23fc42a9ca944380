import type { HookState, Skb } from '../model';
import { type BitmapSet, bitmapAdd, bitmapDel, bitmapPlaceOf, bitmapTest, placeText } from './bitmap';
import { hasNomatch, typeOf } from './catalogue';
import { type Match, matchExt, packetRequest } from './extensions';
import { hashKeyOf } from './hash-packet';
import { type HashSet, hashAdd, hashDel, hashTest } from './hash-table';
import { type ListSet, listMembers } from './list';
import type { SetAddOptions, SetAnswer, SetDir, SetTestOptions } from './port';
import { elementText } from './print-element';
import { type IpSets, isBitmap, isHash, isList, purgeSet } from './sets';
import type { Ext, IpSet, SetError } from './types';

/** A packet where a rule holds it against a set. */
export interface Asked {
  readonly skb: Skb;
  readonly state: HookState;
  readonly dirs: readonly SetDir[];
}

/** What came of one lookup: like the kernel's return value, with what it cost. */
interface Outcome {
  readonly result: 'matched' | 'nomatch' | 'none';
  readonly element: string;
  readonly probes: number;
  readonly ext: Ext | null;
}

const NOTHING: Outcome = { result: 'none', element: '', probes: 0, ext: null };

/** Whether the set may be asked at all: enough directions, and the packet's family. Kernel: ip_set_test() */
function fits(set: IpSet, asked: Asked): boolean {
  if (asked.dirs.length < typeOf(set.type).parts.length) return false;
  return set.family === 0 || set.family === asked.skb.packet.family;
}

/** Kernel: ip_set_test(), net/netfilter/ipset/ip_set_core.c */
export function packetTest(sets: IpSets, name: string, asked: Asked, options: SetTestOptions): SetAnswer {
  const set = sets.find(name);
  if (!set) return { matched: false, element: '', probes: 0, size: 0 };
  const add = options.updateCounters ? lengthOf(asked) : null;
  const sub = options.updateCounters && options.updateSubcounters ? lengthOf(asked) : null;
  const match = { add, packets: options.packets, bytes: options.bytes };
  const outcome = testSet(sets, set, asked, match, sub, options.returnNomatch);
  const ext = outcome.ext;
  return {
    matched: outcome.result === 'matched',
    element: outcome.element,
    probes: outcome.probes,
    size: sets.count(set),
    ...(ext ? { skbinfo: { mark: ext.skbmark, markMask: ext.skbmarkmask, priority: ext.skbprio } } : {}),
  };
}

function lengthOf(asked: Asked): { readonly packets: bigint; readonly bytes: bigint } {
  return { packets: 1n, bytes: BigInt(asked.skb.packet.bytes.length) };
}

function testSet(
  sets: IpSets,
  set: IpSet,
  asked: Asked,
  match: Match,
  sub: Match['add'],
  returnNomatch: boolean,
): Outcome {
  if (!fits(set, asked)) return NOTHING;
  const tick = sets.tick();
  purgeSet(set, tick);
  if (isList(set)) return testList(sets, set, asked, match, sub, returnNomatch, tick);
  const found = isHash(set) ? testHash(set, asked, match, tick) : testBitmap(set as BitmapSet, asked, match, tick);
  // A "nomatch" element is no match, unless just those are asked for.
  const turned = returnNomatch && hasNomatch(typeOf(set.type));
  const wanted = turned ? 'nomatch' : 'matched';
  return { ...found, result: found.result === wanted ? 'matched' : 'none' };
}

function testHash(set: HashSet, asked: Asked, match: Match, tick: number): Outcome {
  const key = hashKeyOf(set, asked.skb, asked.state, asked.dirs, true);
  if (typeof key === 'string') return NOTHING;
  const found = hashTest(set, key, match, tick);
  const shown = found.elem ?? key;
  const element = elementText(set.type, set.family, shown);
  return { result: found.result, element, probes: found.probes, ext: found.elem?.ext ?? null };
}

function testBitmap(set: BitmapSet, asked: Asked, match: Match, tick: number): Outcome {
  const place = bitmapPlaceOf(set, asked.skb, asked.state, asked.dirs);
  if (typeof place === 'string') return NOTHING;
  const found = bitmapTest(set, place, match, tick);
  if (found.result === 'fill') {
    bitmapAdd(set, place, packetRequest(set, asked.skb.packet.bytes.length, null), false, tick);
  }
  const element = placeText(set, place.id, place.mac);
  const result = found.result === 'none' ? 'none' : 'matched';
  return { result, element, probes: 1, ext: found.elem?.ext ?? null };
}

/** Asks one member after the other. Kernel: list_set_ktest() */
function testList(
  sets: IpSets,
  set: ListSet,
  asked: Asked,
  match: Match,
  sub: Match['add'],
  returnNomatch: boolean,
  tick: number,
): Outcome {
  const subMatch = { add: sub, packets: null, bytes: null };
  let probes = 0;
  for (const member of listMembers(set, tick)) {
    const other = sets.find(member.name);
    if (!other) continue;
    const inner = testSet(sets, other, asked, subMatch, sub, returnNomatch);
    probes += 1 + inner.probes;
    if (inner.result !== 'matched') continue;
    const { matched, ext } = matchExt(set, member.ext, match, tick);
    if (ext !== member.ext) {
      const changed = Object.freeze({ ...member, ext });
      set.body.members = Object.freeze(set.body.members.map((m) => (m === member ? changed : m)));
    }
    if (matched) {
      const info = set.skbinfo ? ext : inner.ext;
      return { result: 'matched', element: member.name, probes, ext: info };
    }
  }
  return { ...NOTHING, probes };
}

/** What SET did. */
interface Done {
  readonly error: SetError | null;
  readonly element: string;
  readonly probes: number;
}

/** Kernel: ip_set_add() */
export function packetAdd(sets: IpSets, name: string, asked: Asked, options: SetAddOptions): SetAnswer {
  return answer(sets, name, (set) => changeSet(sets, set, asked, 'add', options));
}

/** Kernel: ip_set_del() */
export function packetDel(sets: IpSets, name: string, asked: Asked): SetAnswer {
  return answer(sets, name, (set) => changeSet(sets, set, asked, 'del', { timeout: null, exist: false }));
}

function answer(sets: IpSets, name: string, act: (set: IpSet) => Done): SetAnswer {
  const set = sets.find(name);
  if (!set) return { matched: false, element: '', probes: 0, size: 0 };
  const done = act(set);
  return { matched: done.error === null, element: done.element, probes: done.probes, size: sets.count(set) };
}

function changeSet(sets: IpSets, set: IpSet, asked: Asked, op: 'add' | 'del', options: SetAddOptions): Done {
  if (!fits(set, asked)) return { error: 'TYPE_MISMATCH', element: '', probes: 0 };
  const tick = sets.tick();
  purgeSet(set, tick);
  const { skb, state, dirs } = asked;
  if (isList(set)) return changeList(sets, set, asked, op, options, tick);
  const request = packetRequest(set, skb.packet.bytes.length, options.timeout);
  if (isHash(set)) {
    const key = hashKeyOf(set, skb, state, dirs, false);
    if (typeof key === 'string') return { error: key, element: '', probes: 0 };
    const flags = { exist: options.exist, nomatch: false };
    const error = op === 'add' ? hashAdd(set, key, request, flags, tick) : hashDel(set, key, tick);
    return { error, element: elementText(set.type, set.family, key), probes: 1 };
  }
  if (!isBitmap(set)) return { error: 'EINVAL', element: '', probes: 0 };
  const place = bitmapPlaceOf(set, skb, state, dirs);
  if (typeof place === 'string') return { error: place, element: '', probes: 0 };
  const error = op === 'add' ? bitmapAdd(set, place, request, options.exist, tick) : bitmapDel(set, place, tick);
  return { error, element: placeText(set, place.id, place.mac), probes: 1 };
}

/** The first member that takes it. Kernel: list_set_kadd(), list_set_kdel() */
function changeList(
  sets: IpSets,
  set: ListSet,
  asked: Asked,
  op: 'add' | 'del',
  options: SetAddOptions,
  tick: number,
): Done {
  let probes = 0;
  for (const member of listMembers(set, tick)) {
    const other = sets.find(member.name);
    if (!other) continue;
    const done = changeSet(sets, other, asked, op, options);
    probes += 1 + done.probes;
    if (done.error === null) return { error: null, element: done.element, probes };
  }
  return { error: null, element: '', probes };
}
