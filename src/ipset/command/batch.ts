import type { ElemAttrs, SetFamily } from '../types';

/** Elements of a restored text that go to the kernel in one message. libipset: may_aggregate_ad(), build_msg() */
export interface Batch {
  readonly op: 'add' | 'del';
  readonly set: string;
  /** As it stood when the message was begun. */
  readonly exist: boolean;
  readonly entries: { readonly attrs: ElemAttrs; readonly line: number }[];
  bytes: number;
}

/** The buffer that a message must fit in: a page. */
const PAGE = 4096;
const ERROR_HEADER = 20;

export function newBatch(op: 'add' | 'del', set: string, exist: boolean): Batch {
  // Headers of netlink and nfnetlink, protocol, name, line and the opening of the list.
  return { op, set, exist, entries: [], bytes: 20 + 8 + attribute(set.length + 1) + 8 + 4 };
}

/** Puts an element into the message; false if it has no room for it. */
export function appendTo(batch: Batch, attrs: ElemAttrs, line: number, family: SetFamily): boolean {
  const size = 4 + attrsSize(attrs, family);
  const full = batch.bytes + size + 8 + ERROR_HEADER > PAGE;
  if (full && batch.entries.length > 0) return false;
  batch.entries.push({ attrs, line });
  batch.bytes += size + 8;
  return true;
}

function attribute(payload: number): number {
  return 4 + Math.ceil(payload / 4) * 4;
}

function attrsSize(a: ElemAttrs, family: SetFamily): number {
  const address = 4 + attribute(family === 6 ? 16 : 4);
  let size = 0;
  for (const ip of [a.ip, a.ipTo, a.ip2, a.ip2To]) if (ip) size += address;
  const small = [a.cidr, a.cidr2, a.port, a.portTo, a.proto, a.mark, a.timeout, a.skbprio, a.skbqueue];
  size += 8 * small.filter((v) => v !== undefined).length;
  for (const large of [a.packets, a.bytes, a.skbmark]) if (large !== undefined) size += 12;
  for (const text of [a.name, a.nameref, a.iface, a.comment]) {
    if (text !== undefined) size += attribute(text.length + 1);
  }
  if (a.mac !== undefined) size += attribute(6);
  if (a.physdev || a.nomatch || a.wildcard || a.before) size += 8;
  return size;
}
