import type { EventBody } from '../model';
import {
  familyOf,
  latin1Bytes,
  latin1Text,
  type Packet,
  payloadOf,
  ports,
  withAddr,
  withPort,
  withTcpPayload,
  withTos,
  withTtl,
  withUdpPayload,
} from '../wire';
import type { PacketChange } from './types';

type Change = Extract<EventBody, { type: 'change' }>;

/**
 * The packet that a program sends back, and what is new in it. Checksums that were right are right again. Sequence
 * numbers are not adjusted: the kernel does that only for a program that sends the flow's entry along.
 *
 * Kernel: nfqnl_mangle(), net/netfilter/nfnetlink_queue.c
 */
export function changePacket(packet: Packet, set: PacketChange, by: string): { packet: Packet; changes: Change[] } {
  const changes: Change[] = [];
  let now = packet;
  const put = (field: Change['field'], before: string | number, after: string | number, next: Packet): void => {
    if (next === now || before === after) return;
    now = next;
    changes.push({ type: 'change', field, before, after, by });
  };
  for (const side of ['src', 'dst'] as const) {
    const addr = set[side];
    if (addr !== undefined && familyOf(addr) === now.family) put(side, now[side], addr, withAddr(now, side, addr));
  }
  const piece = packet.fragment !== null;
  for (const side of ['src', 'dst'] as const) {
    const field = side === 'src' ? 'sport' : 'dport';
    const port = set[field];
    const before = ports(now)?.[field];
    if (!piece && port !== undefined && before !== undefined) put(field, before, port, withPort(now, side, port));
  }
  if (set.ttl !== undefined) put(now.family === 4 ? 'ttl' : 'hoplimit', now.ttl, set.ttl, withTtl(now, set.ttl));
  if (set.tos !== undefined) put('tos', now.tos, set.tos, withTos(now, set.tos));
  if (!piece && set.payload !== undefined) {
    const bytes = latin1Bytes(set.payload);
    const next = now.tcp ? withTcpPayload(now, bytes) : withUdpPayload(now, bytes);
    put('payload', latin1Text(payloadOf(now)), set.payload, next);
  }
  return { packet: now, changes };
}
