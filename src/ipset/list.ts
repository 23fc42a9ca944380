import { expired, NO_EXT, newExt, userRequest } from './extensions';
import type { ElemAttrs, IpSet, ListBody, ListMember, SetError } from './types';

export type ListSet = IpSet & { readonly body: ListBody };

/** What a list must know of the other sets: whether one exists, and whether it is a list itself. */
export interface OtherSets {
  kindOf(name: string): 'list' | 'other' | null;
}

export function listMembers(set: ListSet, tick: number): readonly ListMember[] {
  return set.body.members.filter((m) => !expired(m.ext, tick));
}

export function listPurge(set: ListSet, tick: number): void {
  if (set.nextExpiry === 0 || tick <= set.nextExpiry) return;
  set.body.members = Object.freeze(listMembers(set, tick).slice());
  const ticks = set.body.members.map((m) => m.ext.expires).filter((t) => t !== 0);
  set.nextExpiry = ticks.length === 0 ? 0 : Math.min(...ticks);
}

/** What before or after means for a command. */
interface Where {
  readonly before: -1 | 0 | 1;
  readonly reference: string;
}

function whereOf(set: ListSet, attrs: ElemAttrs, others: OtherSets): Where | SetError {
  const kind = others.kindOf(attrs.name ?? '');
  if (kind === null) return 'NAME';
  if (kind === 'list') return 'LOOP';
  if (attrs.before && attrs.nameref === undefined) return 'BEFORE';
  if (attrs.nameref === undefined) return { before: 0, reference: '' };
  if (others.kindOf(attrs.nameref) === null) return 'NAMEREF';
  return { before: attrs.before ? 1 : -1, reference: attrs.nameref };
}

/** Kernel: list_set_uadt(), list_set_uadd(), list_set_udel(), net/netfilter/ipset/ip_set_list_set.c */
export function listUser(
  set: ListSet,
  op: 'add' | 'del',
  attrs: ElemAttrs,
  exist: boolean,
  tick: number,
  others: OtherSets,
): SetError | null {
  const request = userRequest(set, attrs);
  if (typeof request === 'string') return request;
  const where = whereOf(set, attrs, others);
  if (typeof where === 'string') return where;
  listPurge(set, tick);
  const error = op === 'add' ? add(set, attrs.name!, where, request, exist, tick) : del(set, attrs.name!, where);
  return error === 'EXIST' && exist ? null : error;
}

function add(
  set: ListSet,
  name: string,
  where: Where,
  request: Parameters<typeof newExt>[1],
  exist: boolean,
  tick: number,
): SetError | null {
  const members = set.body.members.slice();
  const at = members.findIndex((m) => m.name === name);
  const reference =
    where.before === 0 || where.reference === name ? -1 : members.findIndex((m) => m.name === where.reference);
  if (where.before !== 0 && reference < 0) return 'REF_EXIST';
  if (at >= 0) {
    if (!exist) return 'EXIST';
    members[at] = Object.freeze({ ...members[at]!, ext: newExt(set, request, members[at]!.ext, tick) });
  } else {
    const member = Object.freeze({ name, seq: set.seq++, ext: newExt(set, request, NO_EXT, tick) });
    if (where.before === 0) members.push(member);
    else members.splice(where.before > 0 ? reference : reference + 1, 0, member);
  }
  set.body.members = Object.freeze(members);
  return null;
}

function del(set: ListSet, name: string, where: Where): SetError | null {
  const { members } = set.body;
  const at = members.findIndex((m) => m.name === name);
  if (at < 0) return where.before === 0 ? 'EXIST' : 'REF_EXIST';
  if (!isThere(members, at, where)) return 'REF_EXIST';
  set.body.members = Object.freeze(members.filter((_, i) => i !== at));
  return null;
}

function isThere(members: readonly ListMember[], at: number, where: Where): boolean {
  if (where.before === 0) return true;
  return members[where.before > 0 ? at + 1 : at - 1]?.name === where.reference;
}

/** `ipset test`. Kernel: list_set_utest() */
export function listUserTest(set: ListSet, attrs: ElemAttrs, tick: number, others: OtherSets): boolean {
  const where = whereOf(set, attrs, others);
  if (typeof where === 'string') return false;
  const members = listMembers(set, tick);
  const at = members.findIndex((m) => m.name === attrs.name);
  return at >= 0 && isThere(members, at, where);
}
