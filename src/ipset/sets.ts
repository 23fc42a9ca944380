import { invariant, type SimTime } from '../base';
import type { HookState, Skb } from '../model';
import { type BitmapSet, bitmapFlush, bitmapMembers, bitmapPurge, bitmapUser, bitmapUserTest } from './bitmap';
import { typeOf } from './catalogue';
import { createSet } from './create';
import { jiffies, timeOf } from './extensions';
import { type HashSet, hashCount, hashPurge } from './hash-table';
import { hashUserAdd, hashUserDel, hashUserTest } from './hash-user';
import { type ListSet, listMembers, listPurge, listUser, listUserTest, type OtherSets } from './list';
import { packetAdd, packetDel, packetTest } from './lookup';
import { Paged } from './paged';
import type { SetAddOptions, SetAnswer, SetDir, Sets, SetTestOptions } from './port';
import type { CreateAttrs, ElemAttrs, IpSet, SetError, SetFamily, SetTypeName } from './types';
import { type SetMember, type SetView, setMembers, setViews } from './views';

/** What the sets of a host need of it. */
interface SetsHost {
  now(): SimTime;
  /** How many rules, tables and the like use the set of this name. */
  setReferences(name: string): number;
}

/** The sets of one network namespace. Kernel: struct ip_set_net, net/netfilter/ipset/ip_set_core.c */
export class IpSets implements OtherSets, Sets {
  private readonly host: SetsHost;
  /** By index; a free place is null. */
  private readonly sets: (IpSet | null)[] = [];

  constructor(host: SetsHost) {
    this.host = host;
  }

  /** All sets in the order in which the kernel lists them: lists last. */
  all(): readonly IpSet[] {
    const there = this.sets.filter((s) => s !== null);
    return [...there.filter((s) => s.body.kind !== 'list'), ...there.filter((s) => s.body.kind === 'list')];
  }

  find(name: string): IpSet | undefined {
    return this.sets.find((s) => s?.name === name) ?? undefined;
  }

  kindOf(name: string): 'list' | 'other' | null {
    const set = this.find(name);
    if (!set) return null;
    return set.body.kind === 'list' ? 'list' : 'other';
  }

  now(): SimTime {
    return this.host.now();
  }

  tick(): number {
    return jiffies(this.host.now());
  }

  /** How often a set is used: by lists, and by what the host knows of. Kernel: set->ref */
  references(name: string): number {
    let count = this.host.setReferences(name);
    for (const set of this.sets) {
      if (set && isList(set)) count += set.body.members.filter((m) => m.name === name).length;
    }
    return count;
  }

  /** Kernel: ip_set_create() */
  create(name: string, type: SetTypeName, family: SetFamily, attrs: CreateAttrs, exist: boolean): SetError | null {
    const set = createSet(name, type, family, attrs);
    if (typeof set === 'string') return set;
    const clash = this.find(name);
    if (clash) return exist && sameSet(set, clash) ? null : 'EEXIST';
    const free = this.sets.indexOf(null);
    if (free >= 0) this.sets[free] = set;
    else this.sets.push(set);
    return null;
  }

  /** All sets, without a name. Kernel: ip_set_destroy() */
  destroy(name: string | null, exist: boolean): SetError | null {
    this.purge();
    if (name === null) {
      if (this.sets.some((s) => s && this.references(s.name) > 0)) return 'BUSY';
      this.sets.fill(null);
      return null;
    }
    const set = this.find(name);
    if (!set) return exist ? null : 'ENOENT';
    if (this.references(name) > 0) return 'BUSY';
    this.sets[this.sets.indexOf(set)] = null;
    return null;
  }

  /** Forgets all sets, whoever uses them. */
  clear(): void {
    this.sets.length = 0;
  }

  /** Kernel: ip_set_flush() */
  flush(name: string | null): SetError | null {
    const set = name === null ? null : this.find(name);
    if (name !== null && !set) return 'ENOENT';
    for (const one of set ? [set] : this.sets) if (one) flushSet(one);
    return null;
  }

  /** Kernel: ip_set_rename() */
  rename(from: string, to: string): SetError | null {
    this.purge();
    const set = this.find(from);
    if (!set) return 'ENOENT';
    if (this.references(from) > 0) return 'REFERENCED';
    if (this.find(to)) return 'EXIST_SETNAME2';
    set.name = to;
    return null;
  }

  /** Kernel: ip_set_swap() */
  swap(from: string, to: string): SetError | null {
    const a = this.find(from);
    if (!a) return 'ENOENT';
    const b = this.find(to);
    if (!b) return 'EXIST_SETNAME2';
    if (typeOf(a.type).features !== typeOf(b.type).features || a.family !== b.family) return 'TYPE_MISMATCH';
    const [i, j] = [this.sets.indexOf(a), this.sets.indexOf(b)];
    this.sets[i] = b;
    this.sets[j] = a;
    a.name = to;
    b.name = from;
    return null;
  }

  /** Adds or deletes what a command says. Kernel: ip_set_uadd(), ip_set_udel() */
  change(op: 'add' | 'del', name: string, attrs: ElemAttrs, exist: boolean): SetError | null {
    const set = this.find(name);
    if (!set) return 'ENOENT';
    const tick = this.tick();
    purgeSet(set, tick);
    if (isHash(set)) return (op === 'add' ? hashUserAdd : hashUserDel)(set, attrs, exist, tick);
    if (isBitmap(set)) return bitmapUser(set, op, attrs, exist, tick);
    invariant(isList(set), 'a set is a hash, a bitmap or a list');
    return listUser(set, op, attrs, exist, tick, this);
  }

  /** Kernel: ip_set_utest() */
  contains(name: string, attrs: ElemAttrs): boolean {
    const set = this.find(name);
    if (!set) return false;
    const tick = this.tick();
    if (isHash(set)) return hashUserTest(set, attrs, tick);
    if (isBitmap(set)) return bitmapUserTest(set, attrs, tick);
    return isList(set) && listUserTest(set, attrs, tick, this);
  }

  /** Number of elements that have not expired. */
  count(set: IpSet): number {
    const tick = this.tick();
    if (isHash(set)) return hashCount(set, tick);
    if (isBitmap(set)) return bitmapMembers(set, tick).length;
    return isList(set) ? listMembers(set, tick).length : 0;
  }

  /** When the next element expires; Infinity if none does. */
  nextTimeout(): SimTime {
    let next = 0;
    for (const set of this.sets) {
      if (set && set.nextExpiry !== 0 && (next === 0 || set.nextExpiry < next)) next = set.nextExpiry;
    }
    return next === 0 ? Number.POSITIVE_INFINITY : timeOf(next);
  }

  /** Many elements may have changed: copies that are made from now on share them. */
  seal(): void {
    for (const set of this.sets) {
      if (set && isHash(set)) set.body.buckets.seal();
      else if (set && isBitmap(set)) set.body.members.seal();
    }
  }

  /** Takes out what has expired. */
  purge(): void {
    const tick = this.tick();
    for (const set of this.sets) if (set) purgeSet(set, tick);
  }

  views(most?: number): readonly SetView[] {
    return setViews(this, most);
  }

  members(name: string): readonly SetMember[] {
    return setMembers(this, name);
  }

  // --- what rules ask ----------------------------------------------------------------------------------------

  info(
    name: string,
  ): { readonly type: SetTypeName; readonly family: 'inet' | 'inet6' | 'unspec'; readonly dimension: number } | null {
    const set = this.find(name);
    if (!set) return null;
    const family = set.family === 4 ? 'inet' : set.family === 6 ? 'inet6' : 'unspec';
    return { type: set.type, family, dimension: typeOf(set.type).parts.length };
  }

  test(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[], options: SetTestOptions): SetAnswer {
    return packetTest(this, name, { skb, state, dirs }, options);
  }

  add(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[], options: SetAddOptions): SetAnswer {
    return packetAdd(this, name, { skb, state, dirs }, options);
  }

  del(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[]): SetAnswer {
    return packetDel(this, name, { skb, state, dirs });
  }
}

/** The sets of a host to work on: made when they are first wanted. */
export function setsOf(host: SetsHost & { sets: Sets }): IpSets {
  const { sets } = host;
  if (sets instanceof IpSets) return sets;
  const made = new IpSets(host);
  host.sets = made;
  return made;
}

export function isHash(set: IpSet): set is HashSet {
  return set.body.kind === 'hash';
}

export function isBitmap(set: IpSet): set is BitmapSet {
  return set.body.kind === 'bitmap';
}

export function isList(set: IpSet): set is ListSet {
  return set.body.kind === 'list';
}

export function purgeSet(set: IpSet, tick: number): void {
  if (isHash(set)) hashPurge(set, tick);
  else if (isBitmap(set)) bitmapPurge(set, tick);
  else if (isList(set)) listPurge(set, tick);
}

function flushSet(set: IpSet): void {
  set.nextExpiry = 0;
  if (isHash(set)) {
    set.body.buckets = new Paged();
    set.body.regions.fill(0);
    set.body.pieces = 0;
    set.body.room = 0;
    for (const nets of set.body.nets) nets.length = 0;
  } else if (isBitmap(set)) {
    bitmapFlush(set);
  } else if (isList(set)) set.body.members = Object.freeze([]);
}

/** Kernel: mtype_same_set(), bitmap_*_same_set(), list_set_same_set() */
function sameSet(a: IpSet, b: IpSet): boolean {
  if (a.type !== b.type || typeOf(a.type).family !== typeOf(b.type).family) return false;
  const extensions = (s: IpSet) => [s.timeout, s.counters, s.comment, s.skbinfo].join();
  if (extensions(a) !== extensions(b)) return false;
  if (isHash(a) && isHash(b)) {
    const x = a.body;
    const y = b.body;
    return x.maxelem === y.maxelem && x.markmask === y.markmask && String(x.bitmask) === String(y.bitmask);
  }
  if (isBitmap(a) && isBitmap(b)) {
    return a.body.first === b.body.first && a.body.last === b.body.last && a.body.netmask === b.body.netmask;
  }
  return isList(a) && isList(b) && a.body.size === b.body.size;
}
