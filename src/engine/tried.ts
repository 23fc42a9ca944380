import { type Run, replayTo } from '../lab';
import type { EventId, TableName, TraceEvent } from '../model';
import { type ChainView, chainView, type Tried } from '../xtables';
import type { ChainPlace, TriedChain, TriedRule } from './api';
import { TRIED_OUTCOMES } from './tried-outcomes';

/** Chains up to this length are always given in full; of longer ones, so many rules before and after the one that decided. */
const WHOLE = 256;
const AROUND = 64;

/**
 * What each rule of the chain of a `rule` event made of the packet: the step is played again, and every rule of the
 * chain that is tried is listened to.
 */
export function triedChain(run: Run, id: EventId, from?: number, to?: number): TriedChain {
  const { events } = run.recorder;
  const event = events[id];
  if (event?.type !== 'rule' || event.tool !== 'iptables') throw new Error(`event ${id} is no walk of iptables`);
  const family = event.family === 'ip6' ? 'ip6' : 'ip';
  const table = event.table as TableName;
  const { chain } = event;
  const window = { from: from ?? event.to - AROUND, to: to ?? event.to + AROUND };
  const start = walkStart(events, event);
  let walk: Tried[] = [];
  let isNear = false;
  const { world } = replayTo(run, id, {
    event: (e: TraceEvent) => {
      if (e.type === 'function-enter') walk = [];
      if (e.id >= start) isNear = true;
    },
    walk: {
      tried: (rule) => walk.push(rule as Tried),
      wants: (t, c) => isNear && t === table && c === chain,
      details: (number) => number <= WHOLE || (number >= window.from && number <= window.to),
    },
  });
  const tables = world.host(event.host).tables[family];
  const view = chainView(
    tables,
    table,
    chain,
    ...shownOf(tables.get(table)?.ruleset.chain(chain)?.rules.length, window),
  );
  return chainOf({ event: id, host: event.host, family, table, chain }, view, lastPass(walk));
}

/** A chain as it stands just after an event. */
export function untriedChain(run: Run, event: EventId, place: ChainPlace, from?: number, to?: number): TriedChain {
  const { world } = replayTo(run, event);
  const tables = world.host(place.host).tables[place.family === 'ip6' ? 'ip6' : 'ip'];
  const length = tables.get(place.table)?.ruleset.chain(place.chain)?.rules.length;
  const shown = shownOf(length, { from: from ?? 1, to: to ?? 2 * AROUND });
  return chainOf({ event, ...place }, chainView(tables, place.table, place.chain, ...shown), new Map());
}

/** First and last rule that are given in full. */
function shownOf(length: number | undefined, window: { readonly from: number; readonly to: number }): [number, number] {
  return length === undefined || length <= WHOLE ? [1, WHOLE] : [window.from, window.to];
}

function chainOf(
  { event, family, table, chain }: ChainPlace & { readonly event: EventId },
  view: ChainView | null,
  seen: ReadonlyMap<number, Tried>,
): TriedChain {
  const outcomes = new Uint8Array(view?.length ?? 0);
  for (const [number, { outcome }] of seen) outcomes[number - 1] = TRIED_OUTCOMES.indexOf(outcome);
  const rules = (view?.rules ?? []).map((rule): TriedRule => {
    const tried = seen.get(rule.number);
    return { ...rule, outcome: tried?.outcome ?? 'not-reached', criteria: tried?.criteria ?? [] };
  });
  const lines = view?.lines ?? new Int32Array(0);
  return { event, family, table, chain, policy: view?.policy ?? null, length: outcomes.length, outcomes, lines, rules };
}

/** Where the hook function began that a rule was met in. */
function walkStart(events: readonly TraceEvent[], event: TraceEvent): EventId {
  for (let i = event.id; i >= 0; i--) {
    const before = events[i]!;
    if (before.type === 'function-enter' && before.packet === event.packet && before.host === event.host) return i;
  }
  return 0;
}

/** A chain may be entered twice in one walk: what counts is the last time. */
function lastPass(walk: readonly Tried[]): ReadonlyMap<number, Tried> {
  let seen = new Map<number, Tried>();
  let last = 0;
  for (const rule of walk) {
    if (rule.number <= last) seen = new Map();
    last = rule.number;
    seen.set(rule.number, rule);
  }
  return seen;
}
