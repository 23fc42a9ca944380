import type { RuleEvent } from '../explain';
import type { EventOf, PacketId, TraceEvent } from '../model';
import type { Outcome } from './api';
import { dropWords } from './drop-words';

/** What became of one packet so far; made event by event. */
export interface Fate {
  readonly id: PacketId;
  /** The first event of the packet, and one past its last. */
  readonly from: number;
  to: number;
  readonly born: EventOf<'born'>;
  outcome: Outcome;
  /** The rule of iptables that it met last on each host. */
  readonly lastRule: Map<string, RuleEvent>;
  frame: number;
}

/** The fates of all packets that are born in a range of events, in the order of birth. */
export function fates(events: readonly TraceEvent[], from: number, to: number): readonly Fate[] {
  const found = new Map<PacketId, Fate>();
  for (let i = from; i < to; i++) {
    const event = events[i]!;
    if (event.type === 'born' && !found.has(event.packet)) {
      found.set(event.packet, newFate(event));
      continue;
    }
    const fate = found.get(event.packet);
    if (!fate) continue;
    fate.to = i + 1;
    follow(fate, event);
  }
  return [...found.values()];
}

function newFate(born: Fate['born']): Fate {
  return {
    id: born.packet,
    from: born.id,
    to: born.id + 1,
    born,
    outcome: { kind: 'done', note: 'under way' },
    lastRule: new Map(),
    frame: born.frame,
  };
}

function follow(fate: Fate, event: TraceEvent): void {
  switch (event.type) {
    case 'rule':
      if (event.tool === 'iptables') fate.lastRule.set(event.host, event);
      return;
    case 'wire':
      if (event.direction === 'out') {
        fate.outcome = { kind: 'left', host: event.host, interface: event.interface, known: true };
      }
      return;
    case 'neighbour':
      if (event.mac === null) fate.outcome = { kind: 'left', host: event.host, interface: event.dev, known: false };
      return;
    case 'deliver':
      fate.outcome = { kind: 'delivered', host: event.host, port: event.port, place: placeOf(event) };
      return;
    case 'drop':
      fate.outcome = dropped(fate, event);
      return;
    case 'function-leave':
      if (event.subsystem === 'user' && event.verdict === 'stolen') {
        fate.outcome = { kind: 'done', note: `kept by ${event.name} at ${event.hook} of ${event.host}` };
      }
      return;
    case 'send-error':
      if (fate.outcome.kind === 'done') fate.outcome = { kind: 'error', errno: event.errno };
      return;
    default:
      return;
  }
}

function placeOf(event: EventOf<'deliver'>): string {
  if (event.to === 'listener') return event.service ?? 'listener';
  return event.to;
}

function dropped(fate: Fate, event: EventOf<'drop'>): Outcome {
  const { host, id, errno } = event;
  if (errno && errno !== 'EPERM' && fate.born.how === 'send') return { kind: 'error', errno };
  if (event.reason === 'NO_SOCKET' && fate.outcome.kind === 'delivered') return fate.outcome;
  const rule = fate.lastRule.get(host);
  const decided = rule && (rule.verdict === 'drop' || rule.target === 'REJECT') && event.reason === 'NETFILTER_DROP';
  const by = decided ? ruleName(rule) : event.by;
  if (decided && rule.target === 'REJECT') return { kind: 'rejected', host, by, event: id };
  return { kind: 'dropped', host, reason: event.reason, by, event: id };
}

/** `filter FORWARD 2`, `ip6 filter INPUT policy`: the names that counters have in a recording. */
function ruleName(rule: RuleEvent): string {
  return `${rule.family === 'ip6' ? 'ip6 ' : ''}${rule.table} ${rule.chain} ${rule.rule}`;
}

/** An outcome in a few words: `ACCEPT delivered to web:8080`. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return `ACCEPT delivered to ${outcome.host}${outcome.port === null ? '' : `:${outcome.port}`}${suffix(outcome.place)}`;
    case 'dropped':
      return `DROP at ${outcome.host}${dropText(outcome)}`;
    case 'rejected':
      return `REJECT at ${outcome.host} by ${outcome.by}`;
    case 'left':
      return outcome.known
        ? `ACCEPT left ${outcome.host} by ${outcome.interface}`
        : `LOST at ${outcome.host}: nobody on ${outcome.interface} answers for the next hop`;
    case 'unanswered':
      return `NO ANSWER ${outcomeText(outcome.sent).replace(/^ACCEPT /, '')}`;
    case 'error':
      return `ERROR ${outcome.errno}`;
    case 'done':
      return `DONE ${outcome.note}`.trimEnd();
    case 'failed':
      return `FAILED ${outcome.note}`.trimEnd();
    case 'stopped':
      return 'STOPPED: it went round in circles';
  }
}

function dropText({ reason, by }: Extract<Outcome, { kind: 'dropped' }>): string {
  const words = dropWords(reason, by);
  if (words === null) return ` by ${by}${reason === 'NETFILTER_DROP' ? '' : ` (${reason})`}`;
  return `: ${words} (${reason === 'NOT_SPECIFIED' ? by : reason})`;
}

function suffix(place: string): string {
  if (place === 'closed') return ' (nobody listens there)';
  return place === 'icmp' ? ' (ICMP)' : '';
}
