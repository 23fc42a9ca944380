import type { Errno, HookAnswer, HookFamily, HookName, HookOps, HookState, QueueVerdict, Verdict } from '../model';
import { kfreeSkb } from './free';
import type { Host } from './host';
import type { HostSkb } from './skb';

/** Where a packet goes on once all functions of a hook have let it pass. A plain function. Kernel: okfn */
export type OkFn = (host: Host, skb: HostSkb, state: HookState) => Errno | null;

/** A packet that waits in a queue for its program. Kernel: struct nf_queue_entry */
export interface QueueEntry {
  readonly id: number;
  readonly queue: number;
  readonly skb: HostSkb;
  readonly state: HookState;
  /** Name of the function that queued it. */
  readonly function: string;
  readonly okfn: OkFn;
}

/** A program behind a queue: what it makes of a packet. A plain function. */
export type QueueProgram = (host: Host, skb: HostSkb, state: HookState) => QueueVerdict;

/** Asks the functions of a hook, then goes on with `okfn`. What a local sender is told, else null. Kernel: NF_HOOK() */
export function nfHook(
  host: Host,
  family: HookFamily,
  hook: HookName,
  skb: HostSkb,
  dev: { readonly in: string; readonly out: string },
  okfn: OkFn,
): Errno | null {
  const state: HookState = { family, hook, in: dev.in, out: dev.out };
  const outcome = nfHookSlow(host, skb, state, okfn);
  return outcome.verdict === 'accept' ? okfn(host, skb, state) : outcome.errno;
}

export interface HookOutcome {
  readonly verdict: Verdict;
  /** Of a drop: what the sender is told. */
  readonly errno: Errno | null;
}

const ACCEPTED: HookOutcome = { verdict: 'accept', errno: null };
const TAKEN: HookOutcome = { verdict: 'stolen', errno: null };

/** Walks the functions registered at a hook. Kernel: nf_hook_slow(), net/netfilter/core.c */
export function nfHookSlow(host: Host, skb: HostSkb, state: HookState, okfn: OkFn): HookOutcome {
  const { family, hook } = state;
  host.emit(skb, { type: 'hook-enter', family, hook, in: state.in, out: state.out });
  const outcome = iterate(host, skb, state, okfn, host.hooks.at(family, hook), 0);
  host.emit(skb, { type: 'hook-leave', family, hook, verdict: outcome.verdict, in: state.in, out: state.out });
  return outcome;
}

function iterate(
  host: Host,
  skb: HostSkb,
  state: HookState,
  okfn: OkFn,
  functions: readonly HookOps<Host>[],
  from: number,
): HookOutcome {
  for (let i = from; i < functions.length; i++) {
    const ops = functions[i]!;
    const answer = callHook(host, skb, state, ops);
    const verdict = typeof answer === 'string' ? answer : answer.verdict;
    if (verdict === 'accept') continue;
    if (verdict === 'stolen') return TAKEN;
    if (verdict === 'drop') return dropped(host, skb, state, ops, answer);
    const queue = typeof answer === 'object' && answer.verdict === 'queue' ? answer : { queue: 0, bypass: false };
    if (host.queuePrograms.has(queue.queue)) {
      enqueue(host, { id: host.nextQueueId++, queue: queue.queue, skb, state, function: ops.name, okfn });
      return TAKEN;
    }
    if (queue.bypass) {
      host.emit(skb, { type: 'queue', queue: queue.queue, answer: 'bypass' });
      continue;
    }
    host.emit(skb, { type: 'queue', queue: queue.queue, answer: 'nobody listens' });
    kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${queue.queue}`);
    return { verdict: 'queue', errno: null };
  }
  return ACCEPTED;
}

function callHook(host: Host, skb: HostSkb, state: HookState, ops: HookOps<Host>): HookAnswer {
  const { family, hook } = state;
  const { name, subsystem, priority } = ops;
  const head = { family, hook, name, subsystem, priority };
  host.emit(skb, { type: 'function-enter', ...head });
  host.skipped = undefined;
  const answer = ops.fn(host, skb, state, ops);
  const { skipped } = host;
  const verdict = typeof answer === 'string' ? answer : answer.verdict;
  host.emit(skb, { type: 'function-leave', ...head, verdict, ...(skipped ? { skipped } : null) });
  return answer;
}

function dropped(host: Host, skb: HostSkb, state: HookState, ops: HookOps<Host>, answer: HookAnswer): HookOutcome {
  const detail = typeof answer === 'object' && answer.verdict === 'drop' ? answer : null;
  const errno = detail?.errno ?? 'EPERM';
  kfreeSkb(host, skb, detail?.reason ?? 'NETFILTER_DROP', `${ops.name} ${state.hook}`, errno);
  return { verdict: 'drop', errno };
}

function enqueue(host: Host, entry: QueueEntry): void {
  host.queued.push(entry);
  host.world.wake(host.name, { kind: 'queue', entry: entry.id });
}

/** The program behind a queue answers. Kernel: nf_reinject(), net/netfilter/nf_queue.c */
export function nfReinject(host: Host, entry: QueueEntry, verdict: QueueVerdict): void {
  const { skb, state, okfn } = entry;
  host.emit(skb, { type: 'queue', queue: entry.queue, answer: verdict });
  if (verdict === 'stolen') return;
  if (verdict === 'drop') {
    kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${entry.queue}`);
    return;
  }
  const functions = host.hooks.at(state.family, state.hook);
  const at = functions.findIndex((o) => o.name === entry.function);
  if (at < 0) {
    kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${entry.queue}`);
    return;
  }
  const outcome = iterate(host, skb, state, okfn, functions, verdict === 'accept' ? at + 1 : at);
  if (outcome.verdict === 'accept') okfn(host, skb, state);
}
