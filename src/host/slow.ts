import type { Errno, HookAnswer, HookFamily, HookName, HookOps, HookState, QueueVerdict, Verdict } from '../model';
import { type Addr, isDiscovery } from '../wire';
import { kfreeSkb } from './free';
import type { Host } from './host';
import { routeMeHarder } from './net/harder';
import { mayNotQueue } from './sharing';
import type { HostSkb } from './skb';

/** Where a packet goes on once all functions of a hook have let it pass. A plain function. Kernel: okfn */
type OkFn = (host: Host, skb: HostSkb, state: HookState) => Errno | null;

/** A packet that waits in a queue for its program. Kernel: struct nf_queue_entry */
export interface QueueEntry {
  readonly id: number;
  readonly queue: number;
  readonly skb: HostSkb;
  readonly state: HookState;
  /** Name of the function that queued it. */
  readonly function: string;
  readonly okfn: OkFn;
  /** At OUTPUT: what the route was chosen by. Kernel: nf_ip_saveroute(), nf_ip6_saveroute() */
  readonly route: RouteKey | null;
}

/** Kernel: struct ip_rt_info, struct ip6_rt_info */
interface RouteKey {
  readonly src: Addr;
  readonly dst: Addr;
  readonly tos: number;
  readonly mark: number;
}

/** A program behind a queue. Frozen. */
export interface QueueProgram {
  readonly name: string;
  /** Reads a packet and answers, by `host.reinject`. A plain function. */
  readonly run: (host: Host, entry: QueueEntry, program: QueueProgram) => void;
  /** What `run` goes by; frozen. */
  readonly priv?: object;
}

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

/**
 * PREROUTING of what comes up from a device. What a bridge has taken through it is not asked again: a copy that TEE made
 * on the way, and that comes back. Kernel: ip_sabotage_in(), net/bridge/br_netfilter_hooks.c
 */
export function nfPreRouting(host: Host, family: HookFamily, skb: HostSkb, dev: string, okfn: OkFn): void {
  const state: HookState = { family, hook: 'PREROUTING', in: dev, out: '' };
  if (skb.bridged) {
    skb.bridged = false;
    okfn(host, skb, state);
  } else nfHook(host, family, 'PREROUTING', skb, state, okfn);
}

interface HookOutcome {
  readonly verdict: Verdict;
  /** Of a drop: what the sender is told. */
  readonly errno: Errno | null;
}

const ACCEPTED: HookOutcome = { verdict: 'accept', errno: null };
const TAKEN: HookOutcome = { verdict: 'stolen', errno: null };
/** The sender is told nothing in either case: a packet that waits may yet be sent, and one without a program is gone. */
const QUEUED: HookOutcome = { verdict: 'queue', errno: null };
const LOST: HookOutcome = { verdict: 'drop', errno: null };

/** Walks the functions registered at a hook. Kernel: nf_hook_slow(), net/netfilter/core.c */
function nfHookSlow(host: Host, skb: HostSkb, state: HookState, okfn: OkFn): HookOutcome {
  const { family, hook } = state;
  host.emit(skb, { type: 'hook-enter', family, hook, in: state.in, out: state.out });
  const outcome = notPlayed(host, skb, state) ?? iterate(host, skb, state, okfn, host.hooks.at(family, hook), 0);
  host.emit(skb, { type: 'hook-leave', family, hook, verdict: outcome.verdict, in: state.in, out: state.out });
  return outcome;
}

/**
 * Neighbours are known from the start, so a packet by which hosts would ask for them is no part of a lab: it never reaches a
 * rule.
 */
function notPlayed(host: Host, skb: HostSkb, { hook }: HookState): HookOutcome | null {
  const { icmpv6 } = skb.packet;
  if (icmpv6 === undefined || (hook !== 'PREROUTING' && hook !== 'OUTPUT')) return null;
  if (!isDiscovery(icmpv6.type)) return null;
  host.emit(skb, { type: 'note', note: 'discovery-not-played' });
  kfreeSkb(host, skb, 'NETFILTER_DROP', 'neighbour discovery', 'EPERM');
  return { verdict: 'drop', errno: 'EPERM' };
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
    const taken = nfQueue(host, skb, state, okfn, ops.name, queue);
    if (taken) return taken;
  }
  return ACCEPTED;
}

/** Hands a packet to the program behind a queue; null if there is none and that does not matter. Kernel: nf_queue() */
function nfQueue(
  host: Host,
  skb: HostSkb,
  state: HookState,
  okfn: OkFn,
  by: string,
  { queue, bypass }: { readonly queue: number; readonly bypass: boolean },
): HookOutcome | null {
  if (host.queuePrograms.has(queue)) {
    if (mayNotQueue(host, skb)) {
      host.emit(skb, { type: 'note', note: 'queue-shared-flow', params: { queue } });
      kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${queue}`);
      return LOST;
    }
    const { src, dst, tos } = skb.packet;
    const route = state.hook === 'OUTPUT' ? { src, dst, tos, mark: skb.mark } : null;
    const id = host.nextQueueId++;
    host.queued.push({ id, queue, skb, state, function: by, okfn, route });
    host.world.wake(host.name, { kind: 'queue', entry: id });
    return QUEUED;
  }
  host.emit(skb, { type: 'queue', queue, answer: bypass ? 'bypass' : 'nobody listens' });
  if (bypass) return null;
  kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${queue}`);
  return LOST;
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

/**
 * A packet comes back from the program behind a queue. `repeat` asks the function that queued it once more; `queue` hands
 * it on to another queue (`to`).
 *
 * Kernel: nf_reinject(), net/netfilter/nfnetlink_queue.c
 */
export function nfReinject(host: Host, entry: QueueEntry, verdict: QueueVerdict, to = 0): void {
  const { skb, state, okfn, queue } = entry;
  const functions = host.hooks.at(state.family, state.hook);
  const at = functions.findIndex((o) => o.name === entry.function);
  const ops = functions[at];
  if (verdict === 'stolen') return;
  if (verdict === 'drop' || ops === undefined) {
    kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${queue}`);
    return;
  }
  let outcome: HookOutcome | null = null;
  if (verdict === 'queue') outcome = nfQueue(host, skb, state, okfn, ops.name, { queue: to, bypass: false });
  else if (verdict === 'repeat') outcome = iterate(host, skb, state, okfn, [ops], 0);
  if (outcome === null || outcome.verdict === 'accept') {
    const errno = reroute(host, entry);
    if (errno !== null) {
      kfreeSkb(host, skb, 'NETFILTER_DROP', `queue ${queue}`, errno);
      outcome = LOST;
    } else outcome = iterate(host, skb, state, okfn, functions, at + 1);
  }
  const { family, hook } = state;
  host.emit(skb, { type: 'hook-leave', family, hook, verdict: outcome.verdict, in: state.in, out: state.out });
  if (outcome.verdict === 'accept') host.world.withBhDisabled(() => okfn(host, skb, state));
}

/** A packet of the host's own that came back changed finds its way anew. Kernel: nf_reroute(), net/netfilter/utils.c */
function reroute(host: Host, { skb, route }: QueueEntry): Errno | null {
  if (route === null) return null;
  const { src, dst, tos, family } = skb.packet;
  const same = src === route.src && dst === route.dst && skb.mark === route.mark;
  return same && (family === 6 || tos === route.tos) ? null : routeMeHarder(host, skb);
}
