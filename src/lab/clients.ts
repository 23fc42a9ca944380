import { clientFor, type Host, openClient } from '../host';
import type { Errno, PacketId } from '../model';
import {
  type Addr,
  buildPacket,
  familyOf,
  type LabPacket,
  type Packet,
  parseAddr,
  payloadOf,
  TCP_FIN,
  TCP_SYN,
} from '../wire';
import { type StepContext, sendPacket } from './play';
import type { ConnectStep, PingStep, UdpStep } from './types';
import { conversation, type World } from './world';

/**
 * The steps that are one for the user and many for the kernel: each becomes plain sends, which `expandLab` writes down.
 */

/** A TCP connection of the engine's own client: each segment is sent when all is quiet after the one before. */
export function playConnect(at: StepContext, step: ConnectStep, id: PacketId): Generator<void, Connected> {
  let n = 0;
  return connect(
    at,
    step,
    () => `${id}.${++n}`,
    () => id,
  );
}

/** What came of a connection: the host's client, or why there is none. */
export type Connected = { readonly ok: true; readonly client: number } | { readonly ok: false; readonly errno: Errno };

/** `nextId`: the ids of its packets; `onlyId`: that of the one that tells why there is no connection. */
export function* connect(
  at: StepContext,
  step: ConnectStep,
  nextId: () => PacketId,
  onlyId: () => PacketId = nextId,
): Generator<void, Connected> {
  const { world } = at;
  const host = world.host(step.host);
  const sport = step.sport ?? host.freePort('tcp');
  const src = sourceOf(host, step);
  host.ownPort('tcp', src, sport);
  const to = parseAddr(step.to) ?? step.to;
  const opened = openClient(host, {
    to,
    port: step.port,
    src,
    sport,
    ...(step.data === undefined ? {} : { data: step.data }),
    ...(step.close === undefined ? {} : { close: step.close }),
  });
  if (!opened.ok) {
    // No socket would get this far; a raw one tells the same error.
    yield* sendPacket(at, step.host, onlyId(), buildPacket(syn(src, to, sport, step.port)));
    return opened;
  }
  yield* carryOn(at, step.host, opened.client, nextId);
  return opened;
}

/** A client says what it has to say as things stand, until it waits or is done. */
export function* carryOn(at: StepContext, name: string, client: number, nextId: () => PacketId): Generator<void, void> {
  const tcp = clientFor(at.world.host(name), client);
  for (let packet = tcp.next(); packet; packet = tcp.next()) {
    note(at.world, name, packet);
    yield* sendPacket(at, name, nextId(), packet);
  }
}

function syn(src: Addr, dst: Addr, sport: number, dport: number): LabPacket {
  return { src, dst, tcp: { sport, dport, flags: 'S', seq: 1000, mss: 1460 } };
}

/** A plain `send` that comes later goes on where the client stopped. */
function note(world: World, host: string, packet: Packet): void {
  const { tcp } = packet;
  if (!tcp) return;
  const length = payloadOf(packet).length + (tcp.flags & TCP_SYN ? 1 : 0) + (tcp.flags & TCP_FIN ? 1 : 0);
  const key = conversation(host, '', packet.src, packet.dst, tcp.sport, tcp.dport);
  world.nextSeq.set(key, (tcp.seq + length) >>> 0);
}

/** Echo requests, one after the other. */
export function* playPing(at: StepContext, step: PingStep, id: PacketId): Generator<void, void> {
  const host = at.world.host(step.host);
  const src = sourceOf(host, step);
  const count = step.count ?? 1;
  const echo = step.id ?? at.world.userStep + 1;
  for (let seq = 1; seq <= count; seq++) {
    const body = { code: 0, id: echo, seq, payload: { repeat: 'x', count: step.size ?? 56 } };
    const packet = buildPacket({
      src,
      dst: parseAddr(step.to) ?? step.to,
      ...(step.ttl === undefined ? {} : { ttl: step.ttl }),
      ...(familyOf(src) === 4 ? { icmp: { type: 8, ...body } } : { icmpv6: { type: 128, ...body } }),
    });
    yield* sendPacket(at, step.host, count === 1 ? id : `${id}.${seq}`, packet);
  }
}

/** One datagram. */
export function* playUdp(at: StepContext, step: UdpStep, id: PacketId): Generator<void, void> {
  const host = at.world.host(step.host);
  const src = sourceOf(host, step);
  const sport = step.sport ?? host.freePort('udp');
  host.ownPort('udp', src, sport);
  const dst = parseAddr(step.to) ?? step.to;
  const udp = { sport, dport: step.port, payload: step.data ?? '' };
  yield* sendPacket(at, step.host, id, buildPacket({ src, dst, udp }));
}

/** The source that a socket would get; where there is no route, any address of the host, and the send will fail. */
function sourceOf(host: Host, step: { readonly to: string; readonly src?: string }): Addr {
  const to = parseAddr(step.to) ?? step.to;
  if (step.src !== undefined) return parseAddr(step.src) ?? step.src;
  const found = host.sourceFor(to);
  if (found.ok) return found.src;
  const family = familyOf(to);
  const own = host.interfaces().flatMap((i) => (i.kind === 'loopback' ? [] : i.addresses));
  return own.find((a) => a.family === family)?.addr ?? (family === 4 ? '127.0.0.1' : '::1');
}
