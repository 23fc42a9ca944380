import type { EventOf } from '../model';
import { familyOf, flagsText, type LabPacket, type Packet, parsePacket, payloadJson, payloadOf } from '../wire';
import { stepHost } from './play';
import type { Trace } from './trace';
import { type Lab, type LabStep, stepKind } from './types';

/**
 * The lab with its client steps (`connect`, `ping`, `udp`, commands that send) written out as the plain sends that they
 * were in this run: that is what a kernel can be given. A datagram that the host cut becomes a send for each piece, which
 * OUTPUT sees one by one where conntrack does not put them together.
 */
export function expandLab(trace: Trace): Lab {
  const steps = trace.lab.steps.flatMap((step, index) => {
    const kind = stepKind(step);
    return kind === 'connect' || kind === 'ping' || kind === 'udp' || talked(trace, index)
      ? sends(trace, step, index)
      : [step];
  });
  return { ...trace.lab, steps };
}

function sends(trace: Trace, step: LabStep, index: number): LabStep[] {
  const range = trace.userSteps[index];
  if (!range) return [];
  const host = stepHost(step);
  const out: LabStep[] = [];
  for (let n = range.firstStep; n < range.lastStep; n++) {
    const waited = waitOf(trace, n);
    if (waited !== null) {
      out.push({ wait: { seconds: waited } });
      continue;
    }
    const born = firstBorn(trace, n);
    if (!born) continue;
    const title = out.length === 0 && step.title !== undefined ? { title: step.title } : {};
    const whole = labPacket(parsePacket(trace.frames[born.frame]!));
    for (const fragment of piecesOf(trace, n, born)) {
      out.push({ ...title, send: { host, packet: fragment ? { ...whole, id: n + 1, fragment } : whole } });
    }
  }
  return out;
}

/** Was a step of the lab a command that sent packets? */
function talked(trace: Trace, index: number): boolean {
  const range = trace.userSteps[index];
  const kind = range && trace.steps[range.firstStep]?.kind;
  return 'run' in trace.lab.steps[index]! && kind !== undefined && kind !== 'run';
}

/** For how many seconds a step of the recording waited; null if it is something else. */
function waitOf(trace: Trace, step: number): number | null {
  const { from, to, kind } = trace.steps[step]!;
  if (kind !== 'wait') return null;
  const event = trace.events.slice(from, to).find((e) => e.type === 'wait');
  return event?.type === 'wait' ? event.seconds : null;
}

type Born = EventOf<'born'>;

/** The event of the packet that a step of the recording began with. */
function firstBorn(trace: Trace, step: number): Born | null {
  const { from, to } = trace.steps[step]!;
  for (let i = from; i < to; i++) {
    const event = trace.events[i]!;
    if (event.type === 'born' && event.how === 'send') return event;
  }
  return null;
}

type Piece = { readonly offset: number; readonly length: number };

/** The pieces that its own host cut a packet into; one `null` if it did not. */
function piecesOf(trace: Trace, step: number, born: Born): readonly (Piece | null)[] {
  const { from, to } = trace.steps[step]!;
  const pieces: Piece[] = [];
  for (let i = from; i < to; i++) {
    const event = trace.events[i]!;
    if (event.type !== 'born' || event.how !== 'fragment') continue;
    if (event.parent !== born.packet || event.host !== born.host) continue;
    const { fragment, bytes, l4Offset } = parsePacket(trace.frames[event.frame]!);
    pieces.push({ offset: fragment?.offset ?? 0, length: bytes.length - l4Offset });
  }
  return pieces.length === 0 ? [null] : pieces;
}

/**
 * A packet of the engine's own clients as a lab writes it. Sequence numbers are left out: a lab fills them in itself,
 * and what they acknowledge is the other side's choice.
 */
function labPacket(packet: Packet): LabPacket {
  const { src, dst, ttl, tos } = packet;
  const df = packet.df === false && familyOf(src) === 4 ? { df: false } : {};
  const head = { src, dst, ...(ttl === 64 ? {} : { ttl }), ...(tos === 0 ? {} : { tos }), ...df };
  const bytes = payloadOf(packet);
  const payload = bytes.length > 0 ? { payload: payloadJson(bytes) } : {};
  const { tcp, udp, icmp, icmpv6 } = packet;
  if (tcp) {
    const { sport, dport } = tcp;
    const options = {
      ...(tcp.mss === null ? {} : { mss: tcp.mss }),
      ...(tcp.sackPermitted ? { sackPermitted: true } : {}),
      ...(tcp.wscale === null ? {} : { wscale: tcp.wscale }),
    };
    return { ...head, tcp: { sport, dport, flags: flagsText(tcp.flags), ...payload, ...options } };
  }
  if (udp) return { ...head, udp: { sport: udp.sport, dport: udp.dport, ...payload } };
  const echo = icmp ?? icmpv6;
  if (!echo) throw new Error('clients send TCP, UDP and echo requests only');
  const body = { type: echo.type, code: echo.code, id: echo.id, seq: echo.seq, ...payload };
  return icmp ? { ...head, icmp: body } : { ...head, icmpv6: body };
}

/** The lab as a kernel plays it: its listeners echo, whatever they serve here. */
export function forKernel(lab: Lab): Lab {
  const hosts = Object.entries(lab.hosts).map(([name, host]) => {
    if (!host.listen) return [name, host];
    return [name, { ...host, listen: host.listen.map(({ serves: _, ...listener }) => listener) }];
  });
  return { ...lab, hosts: Object.fromEntries(hosts) };
}
