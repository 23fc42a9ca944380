import type { Rng } from '../base';
import { addrFromBytes } from './address';
import { latin1Text } from './bytes';
import type { LabIcmp, LabPacket, LabTcp } from './lab-packet';
import type { Addr, Family, Packet } from './packet';
import type { LabPayload } from './payload';

/** Random packets for the tests of this room. */

export function randomBytes(rng: Rng, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => rng.below(256));
}

export function randomAddr(rng: Rng, family: Family): Addr {
  const bytes = randomBytes(rng, 16);
  for (let i = 0; i < 16; i += 2) if (family === 6 && rng.below(2) === 0) bytes.fill(0, i, i + 2);
  return addrFromBytes(bytes, 0, family);
}

function randomPayload(rng: Rng): LabPayload {
  if (rng.below(4) === 0) return { repeat: String.fromCharCode(rng.below(256)), count: 33 + rng.below(1500) };
  return String.fromCharCode(...randomBytes(rng, 1 + rng.below(40)));
}

const FLAGS = ['S', 'SA', 'A', 'PA', 'FA', 'R', 'RA', '', 'SEC', 'FSRPAUEC'];

function randomTcp(rng: Rng): LabTcp {
  const flags = FLAGS[rng.below(FLAGS.length)]!;
  return {
    sport: rng.below(65536),
    dport: rng.below(65536),
    flags,
    seq: rng.uint32(),
    ack: rng.uint32(),
    window: rng.below(65536),
    ...(rng.below(2) === 0 ? { payload: randomPayload(rng) } : {}),
    ...(flags.includes('S') && rng.below(2) === 0 ? { mss: rng.below(65536) } : {}),
    sackPermitted: rng.below(2) === 0,
  };
}

function randomIcmp(rng: Rng, family: Family): LabIcmp {
  if (rng.below(2) === 0) {
    const type = family === 4 ? 8 : 128;
    return { type, code: 0, id: rng.below(65536), seq: rng.below(65536), payload: randomPayload(rng) };
  }
  const inner = randomLab(rng, family, ['tcp', 'udp']);
  return family === 4 ? { type: 3, code: 4, mtu: 1400, inner } : { type: 2, code: 0, mtu: 1400, inner };
}

type Kind = 'tcp' | 'udp' | 'icmp' | 'protocol';

/** A whole packet with a right checksum, in a form that its own recording keeps (no default written out). */
export function randomLab(
  rng: Rng,
  family: Family,
  kinds: readonly Kind[] = ['tcp', 'udp', 'icmp', 'protocol'],
): LabPacket {
  const kind = kinds[rng.below(kinds.length)]!;
  const lab = {
    src: randomAddr(rng, family),
    dst: randomAddr(rng, family),
    ttl: rng.below(256),
    ...(rng.below(2) === 0 ? { tos: 1 + rng.below(255) } : {}),
    ...(family === 4 && rng.below(2) === 0 ? { df: false, id: rng.below(65536) } : {}),
  };
  if (kind === 'tcp') return { ...lab, tcp: randomTcp(rng) };
  if (kind === 'udp')
    return { ...lab, udp: { sport: rng.below(65536), dport: rng.below(65536), payload: randomPayload(rng) } };
  if (kind === 'icmp') return { ...lab, [family === 4 ? 'icmp' : 'icmpv6']: randomIcmp(rng, family) };
  return { ...lab, protocol: 89, payload: randomPayload(rng) };
}

/** The packet with its bytes as text: equal packets give equal values, and comparing them is fast. */
export function plain(packet: Packet | null): unknown {
  return packet === null ? null : { ...packet, bytes: latin1Text(packet.bytes) };
}
