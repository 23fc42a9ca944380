import { type Lab, type LabStep, notModelled, type Story, type UserStepRange } from '../lab';
import { flagNames, type Packet, parsePacket, ports, summarize } from '../wire';
import type { HostView, Outcome, PacketSummary, RunResult, SegmentView, StepResult } from './api';
import { asksDns, kindTitle } from './kind-title';
import { type Fate, fates } from './outcome';

/** What does not change between runs of labs that differ in their steps only. */
export interface Views {
  readonly hosts: readonly HostView[];
  readonly segments: readonly SegmentView[];
  /** Host by address. */
  readonly owners: ReadonlyMap<string, string>;
}

export function buildResult(trace: Story, views: Views): RunResult {
  const at: ResultContext = { trace, views, packets: new Map() };
  return {
    events: trace.events,
    frames: trace.frames,
    steps: trace.userSteps.map((range, i) => stepResult(at, trace.lab.steps[i]!, range)),
    hosts: views.hosts,
    segments: views.segments,
    refused: trace.refused,
    texts: trace.texts,
    notModelled: notModelled(trace),
  };
}

interface ResultContext {
  readonly trace: Story;
  readonly views: Views;
  readonly packets: Map<number, Packet>;
}

function packetOf(at: ResultContext, frame: number): Packet {
  let packet = at.packets.get(frame);
  if (!packet) {
    packet = parsePacket(at.trace.frames[frame]!);
    at.packets.set(frame, packet);
  }
  return packet;
}

function stepResult(at: ResultContext, step: LabStep, range: UserStepRange): StepResult {
  const { events } = at.trace;
  const all = fates(events, range.from, range.to);
  const packets = all.map((fate) => packetSummary(at, fate));
  const { title, subtitle } = stepTitle(at, step, all);
  return {
    from: range.from,
    to: range.to,
    title: step.title ?? title,
    subtitle,
    outcome: stepOutcome(at, step, range, all),
    packets,
  };
}

function packetSummary(at: ResultContext, fate: Fate): PacketSummary {
  const packet = packetOf(at, fate.frame);
  return {
    id: fate.id,
    title: shortTitle(packet),
    subtitle: way(at, packet),
    from: fate.from,
    to: fate.to,
    outcome: fate.outcome,
  };
}

/** "SYN", "SYN+ACK", "UDP", "ICMP echo request". */
function shortTitle(packet: Packet): string {
  if (packet.tcp && packet.fragment === null) {
    return flagNames(packet.tcp.flags) || 'TCP without flags';
  }
  const line = summarize(packet);
  return line.slice(0, line.indexOf(` ${packet.src}`) < 0 ? line.indexOf(' [') : line.indexOf(` ${packet.src}`));
}

/** "client → router:80": names of hosts where the lab has them. */
function way(at: ResultContext, packet: Packet): string {
  const port = ports(packet)?.dport;
  const { owners } = at.views;
  const name = (addr: string) => owners.get(addr) ?? addr;
  const to = name(packet.dst);
  const shown = to.includes(':') && port !== undefined ? `[${to}]` : to;
  return `${name(packet.src)} → ${shown}${port === undefined ? '' : `:${port}`}`;
}

function stepTitle(at: ResultContext, step: LabStep, all: readonly Fate[]): { title: string; subtitle: string } {
  const first = all[0];
  const packet = first ? packetOf(at, first.frame) : null;
  const subtitle = packet ? way(at, packet) : '';
  if ('run' in step) return { title: step.run.command, subtitle: subtitle || step.run.host };
  if ('wait' in step) return { title: `Wait ${step.wait.seconds} s`, subtitle: '' };
  if ('send' in step || 'receive' in step) return { title: packet ? protocolTitle(packet) : 'Packet', subtitle };
  const title = kindTitle(step);
  return { title, subtitle: subtitle || ('ping' in step ? `${step.ping.host} → ${step.ping.to}` : '') };
}

function protocolTitle(packet: Packet): string {
  return packet.tcp && packet.fragment === null ? `TCP ${shortTitle(packet)}` : shortTitle(packet);
}

function stepOutcome(at: ResultContext, step: LabStep, range: UserStepRange, all: readonly Fate[]): Outcome {
  if (range.stopped) return { kind: 'stopped' };
  const recorded = at.trace.steps.slice(range.firstStep, range.lastStep);
  const error = recorded.find((s) => s.error !== undefined)?.error;
  if ('wait' in step) return { kind: 'done', note: '' };
  if ('run' in step) {
    if (recorded[0]?.kind === 'run') return runOutcome(at, range, recorded[0].exit ?? 0);
    return talkOutcome(at, range, all);
  }
  const own = all.filter((f) => f.born.how === 'send' || f.born.how === 'receive');
  const trouble = own.find((f) => isTrouble(f.outcome))?.outcome;
  if ('send' in step || 'receive' in step) {
    const outcome = own[0]?.outcome;
    return outcome && outcome.kind !== 'done'
      ? outcome
      : error
        ? { kind: 'error', errno: error }
        : (outcome ?? { kind: 'done', note: '' });
  }
  if (trouble) return trouble;
  if (error) return { kind: 'error', errno: error };
  return clientOutcome(at, step, all, own);
}

function isTrouble(outcome: Outcome): boolean {
  return outcome.kind === 'dropped' || outcome.kind === 'rejected' || outcome.kind === 'error';
}

function runOutcome(at: ResultContext, range: UserStepRange, exit: number): Outcome {
  let said = '';
  for (let i = range.from; i < range.to; i++) {
    const event = at.trace.events[i]!;
    if (event.type === 'command') said = event.output.trim().split('\n')[0] ?? '';
  }
  return exit === 0 ? { kind: 'done', note: '' } : { kind: 'failed', note: said === '' ? `exit code ${exit}` : said };
}

/** Of a command that sent packets: what became of those, and if that does not tell, what it said at the end. */
function talkOutcome(at: ResultContext, range: UserStepRange, all: readonly Fate[]): Outcome {
  const own = all.filter((f) => f.born.how === 'send').map((f) => f.outcome);
  const command = at.trace.events.slice(range.from, range.to).findLast((e) => e.type === 'command');
  const { exit = 1, output = '' } = command?.type === 'command' ? command : {};
  const delivered = own.findLast((o) => o.kind === 'delivered');
  if (exit === 0) return delivered ?? own.at(-1) ?? { kind: 'done', note: '' };
  const lost = own.find(isTrouble) ?? own.find((o) => o.kind === 'left');
  if (lost) return unanswered(lost);
  const answer = all.find((f) => f.born.how !== 'send' && isTrouble(f.outcome));
  if (answer) return answer.outcome;
  if (delivered?.kind === 'delivered' && delivered.place === 'closed') return delivered;
  return { kind: 'failed', note: output.trim().split('\n').at(-1) || `exit code ${exit}` };
}

/** Of a client: what came back to it. */
function clientOutcome(at: ResultContext, step: LabStep, all: readonly Fate[], own: readonly Fate[]): Outcome {
  const host =
    'connect' in step ? step.connect.host : 'ping' in step ? step.ping.host : 'udp' in step ? step.udp.host : '';
  const back = all.filter((f) => !own.includes(f) && arrived(f, host));
  const packets = back.map((f) => packetOf(at, f.frame));
  if (back.length === 0) {
    const lost = all.find((f) => !own.includes(f) && isTrouble(f.outcome));
    const sent = own[0]?.outcome;
    if (lost || !sent) return lost?.outcome ?? { kind: 'failed', note: 'nothing was sent' };
    // A datagram that wants no answer has done what it was sent for when it is delivered.
    return sent.kind === 'delivered' && 'udp' in step && !asksDns(step) ? sent : unanswered(sent);
  }
  const error = packets.find((p) => (p.icmp ?? p.icmpv6) !== undefined && !isEcho(p));
  if (error) return { kind: 'failed', note: summarize(error) };
  if ('connect' in step) {
    if (packets.some((p) => p.tcp && p.tcp.flags & 4)) return { kind: 'failed', note: 'connection refused' };
    return { kind: 'done', note: step.connect.data === undefined ? 'connected' : 'connected and answered' };
  }
  if ('ping' in step) return { kind: 'done', note: `${back.length} of ${own.length} answered` };
  return { kind: 'done', note: 'answered' };
}

/** Nothing came back, and nothing says why: what was sent left the lab, or whoever got it is silent. */
function unanswered(sent: Outcome): Outcome {
  const lost = (sent.kind === 'left' && sent.known) || (sent.kind === 'delivered' && sent.place !== 'closed');
  return lost ? { kind: 'unanswered', sent } : sent;
}

function isEcho(p: Packet): boolean {
  return p.icmp?.type === 0 || p.icmp?.type === 8 || p.icmpv6?.type === 128 || p.icmpv6?.type === 129;
}

function arrived(fate: Fate, host: string): boolean {
  return fate.outcome.kind === 'delivered' && fate.outcome.host === host;
}

/** The host that owns an address, for names in titles. */
export function addressOwners(lab: Lab): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const [host, spec] of Object.entries(lab.hosts)) {
    for (const i of Object.values(spec.interfaces ?? {})) {
      for (const address of i.addresses ?? []) {
        const bare = address.split('/')[0]!.toLowerCase();
        if (!owners.has(bare)) owners.set(bare, host);
      }
    }
  }
  return owners;
}
