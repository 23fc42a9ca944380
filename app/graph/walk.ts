import type { RunResult } from '../../src/engine';
import type { HookName, TraceEvent } from '../../src/model';
import type { Beat } from '../store';
import { type Stop, stopOf } from './boxes';
import { type HostLayout, wayBetween } from './layout';

export type PlaceState = 'idle' | 'passed' | 'matched' | 'current' | 'not-reached' | 'skipped' | 'dropped';

/** What a card says and shows. */
export interface CardState {
  readonly state: PlaceState;
  /** Replaces "3 rules · DROP" once the packet was here: "rule 2 matches". '' keeps it. */
  readonly text: string;
  readonly mark: 'pass' | 'hit' | 'nat' | 'bad' | 'rej' | 'jump' | 'ret' | 'new' | 'conf' | null;
}

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

const SKIPPED = {
  'flow-known': 'skipped: known',
  untracked: 'skipped: untracked',
  'conntrack-off': 'conntrack is off',
  'no-match': 'condition not met',
  invalid: 'skipped: invalid',
} as const;

const CONNTRACK: Readonly<Record<string, { readonly text: string; readonly mark: CardState['mark'] }>> = {
  new: { text: 'new flow', mark: 'new' },
  found: { text: 'known flow', mark: 'pass' },
  related: { text: 'related flow', mark: 'new' },
  invalid: { text: 'invalid', mark: 'bad' },
  untracked: { text: 'not tracked', mark: 'pass' },
  confirm: { text: 'flow confirmed', mark: 'conf' },
  update: { text: 'change reported', mark: 'conf' },
  full: { text: 'table full', mark: 'bad' },
  clash: { text: 'clash', mark: 'bad' },
};

/** Replays a visit on the line of its host. */
export function walk(visit: readonly TraceEvent[], beat: Beat | undefined, layout: HostLayout): Walk {
  const [first] = visit;
  if (beat === undefined || first === undefined) return NO_WALK;
  const here = beat.host === first.host && visit.some((e) => e.id >= beat.first && e.id <= beat.event);
  const cards = new Map<Stop, CardState>();
  const entered = new Set<HookName>();
  const past: Stop[] = [];
  const ahead: Stop[] = [];
  let before = 0;
  let ended: Walk['ended'] = null;
  let fn: { stop: Stop; hook: HookName; events: number } | null = null;
  let lastMark: CardState['mark'] = null;
  let lastFn: Stop | null = null;

  const go = (e: TraceEvent, stop: Stop): void => {
    if (!layout.nodes.has(stop)) return;
    const list = e.id <= beat.event ? past : ahead;
    const at = (list.length === 0 ? past : list).at(-1);
    if (at === undefined) list.push(stop);
    else {
      const way = wayBetween(layout, at, stop);
      // Back to where the line has passed already (a chain returns): the packet stays where it is.
      list.push(...way.slice(1));
    }
    if (e.id < beat.first) before = past.length;
  };
  const tell = (e: TraceEvent, stop: Stop, state: CardState): void => {
    if (e.id <= beat.event) cards.set(stop, state);
  };

  for (const e of visit) {
    switch (e.type) {
      case 'wire':
        if (e.otherhost) break;
        if (e.direction === 'in') {
          go(e, stopOf.wireIn(e.interface));
          go(e, stopOf.in(e.interface));
        } else {
          go(e, stopOf.out(e.interface));
          go(e, stopOf.wireOut(e.interface));
        }
        break;
      case 'born':
        if (e.how !== 'receive' && e.how !== 'fragment' && e.how !== 'reassembled') go(e, stopOf.localOut);
        break;
      case 'hook-enter':
        if (e.id <= beat.event) entered.add(e.hook);
        break;
      case 'function-enter':
        fn = { stop: stopOf.fn(e.hook, e.name), hook: e.hook, events: 0 };
        lastFn = fn.stop;
        lastMark = null;
        break;
      case 'function-leave': {
        const stop = stopOf.fn(e.hook, e.name);
        if (e.skipped !== undefined) tell(e, stop, { state: 'skipped', text: SKIPPED[e.skipped], mark: null });
        else if (e.subsystem === 'user') tell(e, stop, ownState(e));
        else if (!cards.has(stop)) tell(e, stop, { state: 'passed', text: '', mark: 'pass' });
        if (fn !== null && fn.events === 0 && e.id >= beat.first && e.id <= beat.event && e.id === beat.say)
          go(e, stop);
        fn = null;
        break;
      }
      case 'rule': {
        if (fn === null) break;
        fn.events++;
        const chain = e.depth > 0 ? e.chain : '';
        const stop = stopOf.fn(e.hook, fn.stop.slice(`fn:${e.hook}/`.length), chain);
        go(e, layout.nodes.has(stop) ? stop : fn.stop);
        const state = ruleState(e);
        lastMark = state.mark;
        // A rule that let the walk go on is still what there is to tell, when the policy has decided.
        if (state.state !== 'passed' || cards.get(stop)?.state !== 'matched') tell(e, stop, state);
        // The table's card tells of what was decided in its chains.
        if (chain !== '' && state.state !== 'passed') tell(e, fn.stop, state);
        break;
      }
      case 'queue': {
        if (lastFn === null) break;
        go(e, lastFn);
        lastMark = e.answer === 'drop' || e.answer === 'nobody listens' ? 'bad' : 'pass';
        tell(e, lastFn, queueState(e));
        break;
      }
      case 'conntrack': {
        if (fn === null) break;
        fn.events++;
        go(e, fn.stop);
        const words = CONNTRACK[e.what];
        if (words !== undefined) tell(e, fn.stop, { state: 'passed', ...words });
        break;
      }
      case 'nat': {
        if (fn === null) break;
        fn.events++;
        go(e, fn.stop);
        const old = cards.get(fn.stop);
        const text = e.by === 'entry' ? (e.undo ? 'undone, as the flow says' : 'as the flow says') : (old?.text ?? '');
        tell(e, fn.stop, { state: 'matched', text, mark: 'nat' });
        break;
      }
      case 'route':
        if (e.kind === 'input') go(e, stopOf.routeInput);
        else if (e.kind === 'output') go(e, stopOf.routeOutput);
        break;
      case 'deliver':
        go(e, stopOf.localIn);
        break;
      case 'loopback':
        go(e, stopOf.loop);
        break;
      case 'bridge':
        if (!e.local) go(e, stopOf.bridge);
        break;
      case 'drop':
        if (e.id > beat.event) break;
        ended = lastMark === 'rej' ? 'rejected' : 'dropped';
        // At a lookup or on the way in, no function dropped it.
        if (lastFn !== null && beat.place.at === 'function') {
          const old = cards.get(lastFn);
          cards.set(lastFn, {
            state: 'dropped',
            text: old?.text ?? 'dropped',
            mark: ended === 'rejected' ? 'rej' : 'bad',
          });
        }
        break;
      default:
        break;
    }
  }
  if (before === 0 && past.length > 0 && first.id < beat.first) before = past.length;
  const current = here ? (past.at(-1) ?? null) : null;
  const place = beat.place;
  const hook = here && place.at === 'function' ? place.hook : null;
  if (here && place.at === 'function') {
    const stop = stopOf.fn(
      place.hook,
      place.fn,
      layout.nodes.has(stopOf.fn(place.hook, place.fn, place.chain)) ? place.chain : '',
    );
    const old = cards.get(stop);
    if (old?.state !== 'dropped') {
      const text = (old?.text ?? '').replace(/^(rule \d+) · .*/, '$1 matches');
      cards.set(stop, { state: 'current', text, mark: old?.mark ?? null });
    }
  }
  return {
    here,
    way: past,
    wayBefore: Math.min(before, past.length),
    ahead,
    current,
    currentHook: hook,
    entered,
    cards,
    ended,
  };
}

/** What the card of a hook function of one's own says. */
function ownState({ verdict }: Extract<TraceEvent, { readonly type: 'function-leave' }>): CardState {
  if (verdict === 'accept') return { state: 'matched', text: 'accepts it', mark: 'hit' };
  if (verdict === 'drop') return { state: 'matched', text: 'drops it', mark: 'bad' };
  if (verdict === 'stolen') return { state: 'matched', text: 'keeps it', mark: 'jump' };
  return { state: 'matched', text: 'queues it', mark: 'jump' };
}

const QUEUE_MARKS: Readonly<Partial<Record<string, CardState['mark']>>> = {
  drop: 'bad',
  'nobody listens': 'bad',
  repeat: 'ret',
  queue: 'jump',
};

function queueState(e: Extract<TraceEvent, { readonly type: 'queue' }>): CardState {
  const mark = QUEUE_MARKS[e.answer] ?? (e.changed ? 'nat' : 'pass');
  const text =
    e.answer === 'nobody listens'
      ? e.answer
      : `queue ${e.queue}: ${e.changed && e.answer === 'accept' ? 'changed' : e.answer}`;
  return { state: 'matched', text, mark };
}

const NAT_TARGETS: ReadonlySet<string> = new Set(['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP', 'TPROXY']);

function ruleState(e: Extract<TraceEvent, { readonly type: 'rule' }>): CardState {
  if (e.rule === 'policy') {
    return e.verdict === 'drop'
      ? { state: 'matched', text: 'policy DROP', mark: 'bad' }
      : { state: 'passed', text: '', mark: 'pass' };
  }
  if (e.rule === 'return') return { state: 'passed', text: 'end of chain', mark: 'ret' };
  const text = `rule ${e.rule} · ${e.target === '' ? 'no target' : e.target}`;
  if (e.verdict === 'jump' || e.verdict === 'goto')
    return { state: 'matched', text: `rule ${e.rule} → ${e.target}`, mark: 'jump' };
  if (e.verdict === 'return') return { state: 'matched', text: `rule ${e.rule} · RETURN`, mark: 'ret' };
  if (e.target === 'REJECT') return { state: 'matched', text, mark: 'rej' };
  if (e.verdict === 'drop') return { state: 'matched', text, mark: 'bad' };
  if (NAT_TARGETS.has(e.target)) return { state: 'matched', text, mark: 'nat' };
  return { state: 'matched', text, mark: 'hit' };
}
