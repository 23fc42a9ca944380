import type { RunResult } from '../../src/engine';
import type { EventOf, HookName, TraceEvent } from '../../src/model';
import type { Beat } from '../store';
import { type Stop, stopOf } from './boxes';
import { type CardState, conntrackState, leaveState, natState, queueState, ruleState } from './cardStates';
import type { HostLayout } from './layout';
import { wayBetween } from './line';

/** One packet's way through one host, as far as the playhead, and what is still before it. */
export interface Walk {
  /** The packet is here now; else it has been here, or never was. */
  readonly here: boolean;
  /** All nodes of the line that were passed, in order; the last one is where the packet is. */
  readonly way: readonly Stop[];
  /** Length of `way` at the beat before: the new part is what moves. */
  readonly wayBefore: number;
  /** The nodes that the packet will pass. */
  readonly ahead: readonly Stop[];
  readonly current: Stop | null;
  readonly currentHook: HookName | null;
  readonly entered: ReadonlySet<HookName>;
  readonly cards: ReadonlyMap<Stop, CardState>;
  readonly ended: 'dropped' | 'rejected' | null;
}

export const NO_WALK: Walk = {
  here: false,
  way: [],
  wayBefore: 0,
  ahead: [],
  current: null,
  currentHook: null,
  entered: new Set(),
  cards: new Map(),
  ended: null,
};

/** The events of the packet's stay on a host that the playhead is in, or that began last before it. */
export function visitOf(run: RunResult, beat: Beat | undefined, host: string): readonly TraceEvent[] {
  if (beat === undefined || beat.packet === '') return [];
  const step = run.steps[beat.userStep];
  if (step === undefined) return [];
  let visit: TraceEvent[] = [];
  for (let i = step.from; i < step.to; i++) {
    const e = run.events[i] as TraceEvent;
    if (e.packet !== beat.packet || e.host !== host) continue;
    const arrives = (e.type === 'wire' && e.direction === 'in' && e.otherhost !== true) || e.type === 'born';
    if (arrives && visit.length > 0 && visit.some((v) => v.type !== 'born' && v.type !== 'step')) {
      if (e.id > beat.event) return visit;
      visit = [];
    }
    visit.push(e);
  }
  return visit;
}

/** The user chains that a visit enters, by the stop of their table's card, in order. The layout opens them. */
export function chainsOf(visit: readonly TraceEvent[]): ReadonlyMap<Stop, readonly string[]> {
  const open = new Map<Stop, string[]>();
  let fn: Stop | null = null;
  for (const e of visit) {
    if (e.type === 'function-enter') fn = stopOf.fn(e.hook, e.name);
    if (e.type !== 'rule' || e.depth === 0 || fn === null) continue;
    const chains = open.get(fn) ?? [];
    if (!chains.includes(e.chain)) chains.push(e.chain);
    open.set(fn, chains);
  }
  return open;
}

/** Replays a visit on the line of its host. */
export function walk(visit: readonly TraceEvent[], beat: Beat | undefined, layout: HostLayout): Walk {
  const [first] = visit;
  if (beat === undefined || first === undefined) return NO_WALK;
  const walker = new Walker(beat, layout);
  for (const e of visit) walker.take(e);
  const here = beat.host === first.host && visit.some((e) => e.id >= beat.first && e.id <= beat.event);
  return walker.end(first, here);
}

/** Goes along the line with one event after the other; those after the beat say only what lies ahead. */
class Walker {
  private readonly beat: Beat;
  private readonly layout: HostLayout;
  private readonly cards = new Map<Stop, CardState>();
  private readonly entered = new Set<HookName>();
  private readonly past: Stop[] = [];
  private readonly ahead: Stop[] = [];
  private before = 0;
  private ended: Walk['ended'] = null;
  /** The function that the packet is in, and whether anything has come to pass there. */
  private fn: { readonly name: string; readonly stop: Stop; told: boolean } | null = null;
  private lastFn: Stop | null = null;
  private lastMark: CardState['mark'] = null;

  constructor(beat: Beat, layout: HostLayout) {
    this.beat = beat;
    this.layout = layout;
  }

  take(e: TraceEvent): void {
    switch (e.type) {
      case 'wire':
        this.wire(e);
        return;
      case 'born':
        if (e.how !== 'receive' && e.how !== 'fragment' && e.how !== 'reassembled') this.go(e, stopOf.localOut);
        return;
      case 'hook-enter':
        if (this.hasPassed(e)) this.entered.add(e.hook);
        return;
      case 'hook-leave':
        if (e.verdict === 'accept') this.leaveHook(e);
        return;
      case 'neighbour':
        this.go(e, stopOf.out(e.dev));
        return;
      case 'function-enter':
        this.fn = { name: e.name, stop: stopOf.fn(e.hook, e.name), told: false };
        this.lastFn = this.fn.stop;
        this.lastMark = null;
        return;
      case 'function-leave':
        this.leave(e);
        return;
      case 'rule':
        this.rule(e);
        return;
      case 'queue':
        this.queue(e);
        return;
      case 'conntrack':
        this.inFunction(e, () => conntrackState(e));
        return;
      case 'nat':
        this.inFunction(e, (card) => natState(e, card?.text ?? ''));
        return;
      case 'route':
        if (e.kind === 'input') this.go(e, stopOf.routeInput);
        else if (e.kind === 'output') this.go(e, stopOf.routeOutput);
        return;
      case 'deliver':
        this.go(e, stopOf.localIn);
        return;
      case 'loopback':
        this.go(e, stopOf.loop);
        return;
      case 'bridge':
        if (!e.local) this.go(e, stopOf.bridge);
        return;
      case 'drop':
        if (this.hasPassed(e)) this.drop();
        return;
      default:
        return;
    }
  }

  end(first: TraceEvent, here: boolean): Walk {
    const { beat, cards, past, ahead, entered, ended } = this;
    const before = this.before === 0 && first.id < beat.first ? past.length : this.before;
    const { place } = beat;
    if (here && place.at === 'function') this.standOn(place);
    return {
      here,
      way: past,
      wayBefore: Math.min(before, past.length),
      ahead,
      current: here ? (past.at(-1) ?? null) : null,
      currentHook: here && place.at === 'function' ? place.hook : null,
      entered,
      cards,
      ended,
    };
  }

  private hasPassed(e: TraceEvent): boolean {
    return e.id <= this.beat.event;
  }

  private go(e: TraceEvent, stop: Stop): void {
    const { layout, past, ahead } = this;
    if (!layout.nodes.has(stop)) return;
    const list = this.hasPassed(e) ? past : ahead;
    const at = (list.length === 0 ? past : list).at(-1);
    // Back to where the line has passed already (a chain returns): the packet stays where it is.
    if (at === undefined) list.push(stop);
    else list.push(...wayBetween(layout, at, stop).slice(1));
    if (e.id < this.beat.first) this.before = past.length;
  }

  private tell(e: TraceEvent, stop: Stop, state: CardState): void {
    if (this.hasPassed(e)) this.cards.set(stop, state);
  }

  private wire(e: EventOf<'wire'>): void {
    if (e.otherhost) return;
    if (e.direction === 'in') {
      this.go(e, stopOf.wireIn(e.interface));
      this.go(e, stopOf.in(e.interface));
    } else {
      this.go(e, stopOf.out(e.interface));
      this.go(e, stopOf.wireOut(e.interface));
    }
  }

  /** What lies behind the last hooks is no function's doing: the host's own stack, or the device. */
  private leaveHook(e: EventOf<'hook-leave'>): void {
    if (e.hook === 'INPUT') this.go(e, stopOf.localIn);
    else if (e.hook === 'POSTROUTING') this.go(e, stopOf.out(e.out));
  }

  private leave(e: EventOf<'function-leave'>): void {
    const stop = stopOf.fn(e.hook, e.name);
    const state = leaveState(e);
    if (state !== null) this.tell(e, stop, state);
    else if (!this.cards.has(stop)) this.tell(e, stop, { state: 'passed', text: '', mark: 'pass' });
    const isNow = e.id === this.beat.say && e.id >= this.beat.first && this.hasPassed(e);
    if (isNow && this.fn?.told === false) this.go(e, stop);
    this.fn = null;
  }

  private rule(e: EventOf<'rule'>): void {
    if (this.fn === null) return;
    const { name, stop: table } = this.fn;
    this.fn.told = true;
    const chain = e.depth > 0 ? e.chain : '';
    const stop = stopOf.fn(e.hook, name, chain);
    this.go(e, this.layout.nodes.has(stop) ? stop : table);
    const state = ruleState(e);
    this.lastMark = state.mark;
    // A rule that let the walk go on is still what there is to tell, when the policy has decided.
    if (state.state !== 'passed' || this.cards.get(stop)?.state !== 'matched') this.tell(e, stop, state);
    // The table's card tells of what was decided in its chains.
    if (chain !== '' && state.state !== 'passed') this.tell(e, table, state);
  }

  /** An event of the function itself; `say` is given what its card says so far. */
  private inFunction(e: TraceEvent, say: (card: CardState | undefined) => CardState | null): void {
    if (this.fn === null) return;
    const { stop } = this.fn;
    this.fn.told = true;
    this.go(e, stop);
    const state = say(this.cards.get(stop));
    if (state !== null) this.tell(e, stop, state);
  }

  private queue(e: EventOf<'queue'>): void {
    if (this.lastFn === null) return;
    this.go(e, this.lastFn);
    this.lastMark = e.answer === 'drop' || e.answer === 'nobody listens' ? 'bad' : 'pass';
    this.tell(e, this.lastFn, queueState(e));
  }

  private drop(): void {
    const rejected = this.lastMark === 'rej';
    this.ended = rejected ? 'rejected' : 'dropped';
    // At a lookup, on the way in, behind the hooks: no function dropped it.
    if (this.lastFn === null || this.beat.place.at !== 'function') return;
    const text = this.cards.get(this.lastFn)?.text ?? 'dropped';
    this.cards.set(this.lastFn, { state: 'dropped', text, mark: rejected ? 'rej' : 'bad' });
  }

  /** The card of the function that the beat is in is the current one, unless the packet was dropped there. */
  private standOn({ hook, fn, chain }: Extract<Beat['place'], { readonly at: 'function' }>): void {
    const inChain = stopOf.fn(hook, fn, chain);
    const stop = this.layout.nodes.has(inChain) ? inChain : stopOf.fn(hook, fn);
    const old = this.cards.get(stop);
    if (old?.state === 'dropped') return;
    const text = (old?.text ?? '').replace(/^(rule \d+) · .*/, '$1 matches');
    this.cards.set(stop, { state: 'current', text, mark: old?.mark ?? null });
  }
}
