import type { FunctionView, LabHost, OwnHook, OwnQueue, OwnQueueRule, PacketChange } from '../../../src/engine';
import { freeName } from '../names';
import { withMember } from '../withMember';

export const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
type OwnHookName = (typeof HOOKS)[number];

export const isOwnHookName = (text: string): text is OwnHookName => (HOOKS as readonly string[]).includes(text);

/** The lowest number without a program. */
export function freeQueue(queues: readonly OwnQueue[]): number {
  let number = 0;
  while (queues.some((q) => q.number === number)) number++;
  return number;
}

/** A function with a name that is free. */
export function newHook(
  hooks: readonly OwnHook[],
  hook: OwnHookName = 'PREROUTING',
  family: 'ip' | 'ip6' = 'ip',
): OwnHook {
  const taken = hooks.map((h) => h.name);
  return {
    name: freeName('mymod', taken),
    ...(family === 'ip6' ? { family } : {}),
    hook,
    priority: -50,
    verdict: 'accept',
  };
}

export const priorityText = (priority: number): string => String(priority).replace('-', '−');

/** Between which functions of its hook one runs: `after mangle (−150), before nat (−100)`; '' if it is not there. */
export function placeWords(functions: readonly FunctionView[], name: string): string {
  const at = functions.findIndex((f) => f.subsystem === 'user' && f.name === name);
  if (at < 0) return '';
  const say = (f: FunctionView): string =>
    f.priority >= 2147483647 ? `${f.name} (last)` : `${f.name} (${priorityText(f.priority)})`;
  const [before, after] = [functions[at - 1], functions[at + 1]];
  if (!before && !after) return 'alone at its hook';
  return [before && `after ${say(before)}`, after && `before ${say(after)}`].filter(Boolean).join(', ');
}

export function verdictWords(verdict: OwnHook['verdict'] | OwnQueueRule['verdict']): string {
  if (typeof verdict !== 'string') return `queue ${verdict.queue}`;
  return verdict;
}

/** The fields that a program can set, with their names. */
export const CHANGES: readonly (readonly [key: keyof PacketChange, label: string])[] = [
  ['dst', 'Destination'],
  ['dport', 'Destination port'],
  ['src', 'Source'],
  ['sport', 'Source port'],
  ['ttl', 'TTL'],
  ['tos', 'TOS'],
  ['payload', 'Payload'],
];

/** What a rule of a program does, in a line. */
export function ruleWords(rule: OwnQueueRule): string {
  const set = CHANGES.filter(([key]) => rule.set?.[key] !== undefined).map(([key]) => key);
  const words = [typeof rule.verdict === 'string' ? rule.verdict : `hand on to queue ${rule.verdict.queue}`];
  if (set.length > 0) words.push(`changes ${set.join(', ')}`);
  if (rule.mark !== undefined) words.push(`mark ${rule.mark}`);
  return words.join(' · ');
}

/** A rule with one field of its change set, or not. */
export function withChange<K extends keyof PacketChange>(
  rule: OwnQueueRule,
  key: K,
  value: PacketChange[K] | undefined,
): OwnQueueRule {
  const set = withMember<PacketChange, K>(rule.set ?? {}, key, value);
  return withMember(rule, 'set', Object.keys(set).length === 0 ? undefined : set);
}

/** Who hands packets to a queue: functions, rules of iptables by family, other programs. */
export function feeders(host: LabHost, queue: number): readonly string[] {
  const found = (host.hooks ?? [])
    .filter((h) => typeof h.verdict !== 'string' && h.verdict.queue === queue)
    .map((h) => h.name);
  for (const member of ['iptables', 'ip6tables'] as const) {
    const rules = (host[member] ?? '')
      .split('\n')
      .filter((line) => queuesOf(line).some(([a, b]) => a <= queue && queue <= b));
    if (rules.length > 0) found.push(`${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} of ${member}`);
  }
  for (const q of host.queues ?? []) {
    const hands = (q.rules ?? []).some((r) => typeof r.verdict !== 'string' && r.verdict.queue === queue);
    if (hands && q.number !== queue) found.push(q.name ?? `queue ${q.number}`);
  }
  return found;
}

function queuesOf(line: string): readonly (readonly [number, number])[] {
  if (!/^-[AI] /.test(line)) return [];
  if (/ (-j|--jump) QUEUE(\s|$)/.test(line)) return [[0, 0]];
  if (!/ (-j|--jump) NFQUEUE(\s|$)/.test(line)) return [];
  const range = /--queue-balance (\d+):(\d+)/.exec(line);
  if (range) return [[Number(range[1]), Number(range[2])]];
  const number = Number(/--queue-num (\d+)/.exec(line)?.[1] ?? 0);
  return [[number, number]];
}

/** What the engine says about rule `rule` (from 1) of a program: its message without the rule's number. */
export function ruleFault(messages: readonly string[], rule: number): string | undefined {
  const head = `rule ${rule}: `;
  return messages.find((m) => m.startsWith(head))?.slice(head.length);
}

/** A repeat that nothing ends: the rule asks for nothing that it changes. */
export function repeatsForEver(rule: OwnQueueRule): boolean {
  return rule.verdict === 'repeat' && rule.mark === undefined && rule.set === undefined;
}

/** A fault of a condition where the condition stands in the text of its member: `line` is the one that it is in. */
export function placedFault<
  D extends { readonly line: number; readonly column: number; readonly endColumn: number; readonly message: string },
>(host: LabHost | undefined, member: string, text: string, fault: D): D {
  const rule = Number(/^rule (\d+): /.exec(fault.message)?.[1] ?? 0);
  const match =
    member === 'hooks'
      ? host?.hooks?.[fault.line - 1]?.match
      : member === 'queues'
        ? host?.queues?.[fault.line - 1]?.rules?.[rule - 1]?.match
        : undefined;
  const line = text.split('\n')[fault.line - 1];
  const at = match === undefined ? -1 : (line?.indexOf(JSON.stringify(match)) ?? -1);
  return at < 0 ? fault : { ...fault, column: fault.column + at + 1, endColumn: fault.endColumn + at + 1 };
}

const HOOK_KEYS = ['name', 'family', 'hook', 'priority', 'match', 'verdict'] as const;
const QUEUE_KEYS = ['number', 'name', 'rules', 'otherwise'] as const;
const RULE_KEYS = ['match', 'verdict', 'mark', 'set'] as const;

/** The same with its members in the order in which one reads them. */
function inOrder<T extends object>(object: T, keys: readonly (keyof T)[]): T {
  return Object.fromEntries(keys.filter((k) => object[k] !== undefined).map((k) => [k, object[k]])) as T;
}

export const orderedHook = (hook: OwnHook): OwnHook => inOrder(hook, HOOK_KEYS);

export const orderedQueue = (queue: OwnQueue): OwnQueue =>
  inOrder(
    queue.rules === undefined ? queue : { ...queue, rules: queue.rules.map((rule) => inOrder(rule, RULE_KEYS)) },
    QUEUE_KEYS,
  );
