import { type LabPacket, parseAddr, payloadBytes } from '../wire';
import { conversation, type World } from './world';

/**
 * Fills in an absent `seq` and `ack`: they go on where the conversation stands. `dev` is '' for a `send`, else the
 * interface of a `receive`. Pieces of packets are left as they are.
 */
export function fillTcp(world: World, host: string, dev: string, packet: LabPacket): LabPacket {
  const { tcp } = packet;
  if (!tcp || packet.fragment) return packet;
  const src = parseAddr(packet.src) ?? packet.src;
  const dst = parseAddr(packet.dst) ?? packet.dst;
  const flags = tcp.flags ?? '';
  const key = conversation(host, dev, src, dst, tcp.sport, tcp.dport);
  const seq = tcp.seq ?? world.nextSeq.get(key) ?? 1000;
  const back = conversation(host, dev, dst, src, tcp.dport, tcp.sport);
  const ack = tcp.ack ?? (flags.includes('A') ? (world.seen.get(back) ?? 0) : 0);
  const length = payloadBytes(tcp.payload).length + (flags.includes('S') ? 1 : 0) + (flags.includes('F') ? 1 : 0);
  world.nextSeq.set(key, (seq + length) >>> 0);
  return { ...packet, tcp: { ...tcp, seq, ack } };
}
