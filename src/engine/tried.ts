import { type Run, replayTo } from '../lab';
import type { EventId, TableName, TraceEvent } from '../model';
import { chainView, type Tried } from '../xtables';
import type { TriedChain, TriedRule } from './api';

/**
 * What each rule of the chain of a `rule` event made of the packet: the step is played again, and every rule that is
 * tried is listened to.
 */
export function triedChain(run: Run, id: EventId): TriedChain {
  const event = run.recorder.events[id];
  if (event?.type !== 'rule' || event.tool !== 'iptables') throw new Error(`event ${id} is no walk of iptables`);
  let walk: Tried[] = [];
  const { world } = replayTo(run, id, {
    event: (e: TraceEvent) => {
      if (e.type === 'function-enter') walk = [];
    },
    tried: (rule) => walk.push(rule as Tried),
  });
  const family = event.family === 'ip6' ? 'ip6' : 'ip';
  const table = event.table as TableName;
  const view = chainView(world.host(event.host).tables[family], table, event.chain);
  const seen = lastPass(walk, table, event.chain);
  const rules = (view?.rules ?? []).map((rule): TriedRule => {
    const tried = seen.get(rule.number);
    return {
      ...rule,
      outcome: tried?.outcome ?? 'not-reached',
      criteria: tried?.criteria ?? [],
    };
  });
  return { event: id, family, table, chain: event.chain, policy: view?.policy ?? null, rules };
}

/** A chain may be entered twice in one walk: what counts is the last time. */
function lastPass(walk: readonly Tried[], table: string, chain: string): ReadonlyMap<number, Tried> {
  let seen = new Map<number, Tried>();
  let last = 0;
  for (const rule of walk) {
    if (rule.table !== table || rule.chain !== chain) continue;
    if (rule.number <= last) seen = new Map();
    last = rule.number;
    seen.set(rule.number, rule);
  }
  return seen;
}
