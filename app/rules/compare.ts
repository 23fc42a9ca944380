import type { Outcome, PacketSummary, RunResult, StepResult } from '../../src/engine';
import type { EventId, TraceEvent } from '../../src/model';

/** What became of one packet in two runs. Null: it is not there in that run. */
export interface PacketChange {
  readonly packet: string;
  /** Index of the step it belongs to. */
  readonly step: number;
  readonly title: string;
  readonly subtitle: string;
  readonly before: Outcome | null;
  readonly after: Outcome | null;
  /** It ends otherwise, or elsewhere. */
  readonly changed: boolean;
  /** Other packets of the step (answers, mostly) that are only in one of the runs. */
  readonly fewer: number;
  readonly more: number;
}

/** Two runs side by side. */
export interface RunChange {
  /** What changed first, then one entry for each step in which nothing did. */
  readonly packets: readonly PacketChange[];
  /** Steps in which something changed, of those that send packets. */
  readonly changed: number;
  readonly steps: number;
}

/**
 * Every packet whose fate differs between two runs, aligned by packet id. A packet that is there in one run only is told
 * with the one of its step that caused it; a step with no change is one entry.
 */
export function compareRuns(before: RunResult, after: RunResult): RunChange {
  const steps = Math.max(before.steps.length, after.steps.length);
  const all = Array.from({ length: steps }, (_, step) => compareStep(step, before.steps[step], after.steps[step]));
  const packets = all.flat();
  const changed = packets.filter((p) => p.changed);
  return {
    packets: [...changed, ...packets.filter((p) => !p.changed)],
    changed: new Set(changed.map((c) => c.step)).size,
    steps: new Set(packets.map((c) => c.step)).size,
  };
}

function compareStep(step: number, was: StepResult | undefined, now: StepResult | undefined): readonly PacketChange[] {
  // Another step stands here now: there is nothing to compare with.
  const old = was?.title === now?.title ? was : undefined;
  const packetsBefore = new Map((old?.packets ?? []).map((p) => [p.id, p]));
  const packetsNow = new Map((now?.packets ?? []).map((p) => [p.id, p]));
  const fewer = [...packetsBefore.values()].filter((p) => !packetsNow.has(p.id));
  const more = [...packetsNow.values()].filter((p) => !packetsBefore.has(p.id));
  const [lead, ...others] = [...packetsNow.values()].flatMap((packet): PacketChange[] => {
    const earlier = packetsBefore.get(packet.id);
    if (earlier === undefined || sameFate(earlier.outcome, packet.outcome)) return [];
    return [
      { ...head(step, packet), before: earlier.outcome, after: packet.outcome, changed: true, fewer: 0, more: 0 },
    ];
  });
  if (lead !== undefined) return [{ ...lead, fewer: fewer.length, more: more.length }, ...others];
  if (old !== undefined && fewer.length + more.length > 0) return [comeOrGone(step, fewer, more)];
  const shown = now ?? was;
  const packet = shown?.packets[0];
  // A step that sends nothing (a command, a wait) has no fate.
  if (shown === undefined || packet === undefined) return [];
  const [outcomeBefore, outcomeNow] = [old?.outcome ?? null, now?.outcome ?? null];
  const changed = outcomeBefore !== null && outcomeNow !== null && !sameFate(outcomeBefore, outcomeNow);
  const { title, subtitle } = shown;
  const fate = { before: outcomeBefore, after: outcomeNow, changed, fewer: 0, more: 0 };
  return [{ ...head(step, packet), title, subtitle, ...fate }];
}

/** All packets that both runs have end alike: the first that only one of them has stands for the others. */
function comeOrGone(step: number, fewer: readonly PacketSummary[], more: readonly PacketSummary[]): PacketChange {
  const [come] = more;
  const [gone] = fewer;
  return {
    ...head(step, (come ?? gone) as PacketSummary),
    before: come ? null : (gone?.outcome ?? null),
    after: come?.outcome ?? null,
    changed: true,
    fewer: fewer.length - (come ? 0 : 1),
    more: more.length - (come ? 1 : 0),
  };
}

const head = (step: number, packet: PacketSummary) => ({
  packet: packet.id,
  step,
  title: packet.title,
  subtitle: packet.subtitle,
});

/** Whether two packets end alike: the number of the rule that decided does not matter, its chain does. */
export function sameFate(a: Outcome, b: Outcome): boolean {
  return fate(a) === fate(b);
}

function fate(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return `delivered ${outcome.host} ${outcome.port} ${outcome.place}`;
    case 'dropped':
      return `dropped ${outcome.host} ${outcome.reason} ${chainOf(outcome.by)}`;
    case 'rejected':
      return `rejected ${outcome.host} ${chainOf(outcome.by)}`;
    case 'left':
      return `left ${outcome.host} ${outcome.interface} ${outcome.known}`;
    case 'unanswered':
      return `unanswered ${fate(outcome.sent)}`;
    case 'error':
      return `error ${outcome.errno}`;
    case 'done':
    case 'failed':
      return `${outcome.kind} ${outcome.note}`;
    case 'stopped':
      return 'stopped';
  }
}

/** `filter FORWARD 3` → `filter FORWARD rule`: a rule in front of it changes its number only. */
const chainOf = (by: string): string => by.replace(/ \d+$/, ' rule');

/** The first event of a packet that differs from what happened to it before: there "watch" begins. -1 if none does. */
export function firstDifference(before: RunResult, after: RunResult, packet: string): EventId {
  const old = eventsOf(before, packet);
  const now = eventsOf(after, packet);
  for (let i = 0; i < now.length; i++) {
    const event = now[i] as TraceEvent;
    const earlier = old[i];
    if (earlier === undefined || likeness(earlier) !== likeness(event)) return event.id;
  }
  return now.length < old.length ? (now.at(-1)?.id ?? -1) : -1;
}

const eventsOf = (run: RunResult, packet: string): readonly TraceEvent[] =>
  run.events.filter((e) => e.packet === packet);

/** What an event says, without what any edit moves: ids, times, numbers of rules. */
export function likeness(event: TraceEvent): string {
  const head = `${event.type} ${event.host}`;
  switch (event.type) {
    case 'rule':
      return `${head} ${event.table} ${event.chain} ${event.rule === 'policy' || event.rule === 'return' ? event.rule : ''} ${event.target} ${event.verdict}`;
    case 'nat':
      return `${head} ${JSON.stringify([event.manip, event.before, event.after])}`;
    case 'route':
      return `${head} ${event.kind} ${event.result} ${event.dev} ${event.dst}`;
    case 'conntrack':
      return `${head} ${event.what} ${event.ctinfo ?? ''}`;
    case 'drop':
      return `${head} ${event.reason}`;
    case 'function-enter':
    case 'function-leave':
      return `${head} ${event.hook} ${event.name} ${'verdict' in event ? event.verdict : ''}`;
    default:
      return head;
  }
}
