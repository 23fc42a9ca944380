import { createContext, useContext, useMemo } from 'react';
import type { HostView, RunResult } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import { type Beat, fullestChain, useBeat, useHostNow, useRun, useView } from '../store';
import { type Stop, stopOf } from './boxes';
import { type HostLayout, layout as layoutOf } from './layout';
import { presenterLayout } from './presenterLayout';
import { chainsOf, NO_WALK, visitOf, type Walk, walk as walkOf } from './walk';

/** The host on show and where everything of it lies: the same from beat to beat. */
export interface Place {
  readonly run: RunResult;
  readonly host: HostView;
  readonly layout: HostLayout;
}

/** Where the packet is there, which every beat changes. */
export interface Moment {
  readonly beat: Beat | undefined;
  readonly walk: Walk;
}

/** Everything that the host view draws. */
export type Scene = Place & Moment;

export const PlaceContext = createContext<Place | null>(null);
export const MomentContext = createContext<Moment>({ beat: undefined, walk: NO_WALK });

/** For what no beat changes. */
export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === null) throw new Error('outside a host view');
  return place;
}

/** For what the packet moves: place and moment together. */
export function useScene(): Scene {
  const place = usePlace();
  const moment = useContext(MomentContext);
  return useMemo(() => ({ ...place, ...moment }), [place, moment]);
}

/** What is drawn of the host on show; no place while there is none. */
export function useHostScene(
  allInterfaces: boolean,
  presented: boolean,
): { readonly place: Place | null; readonly moment: Moment } {
  const run = useRun((s) => s.result);
  const name = useView((s) => s.host);
  const wanted = useView((s) => s.family);
  const beat = useBeat();
  const host = useHostNow(name);
  const visit = useMemo(() => (run === null ? [] : visitOf(run, beat, name)), [run, beat, name]);
  const family = wanted === 'auto' ? (familyOf(visit) ?? mainFamily(host)) : wanted;
  const open = keyOfChains(chainsOf(visit));
  const used = visit
    .flatMap((e) => (e.type === 'wire' ? [e.interface] : e.type === 'neighbour' ? [e.dev] : []))
    .join(' ');
  const fragments = useMemo(
    () => run?.events.some((e) => e.type === 'fragment' && e.host === name) === true,
    [run, name],
  );
  const layout = useMemo(() => {
    if (host === undefined) return null;
    const without = new Set<Stop>();
    for (const hook of host.hooks) {
      for (const fn of hook.functions) {
        if (fn.subsystem === 'defrag' && !fragments) without.add(stopOf.fn(hook.hook, fn.name));
      }
    }
    const full = layoutOf(host, {
      family,
      chains: chainsOfKey(open),
      wanted: new Set(used.split(' ')),
      without,
      allInterfaces,
    });
    return presented ? presenterLayout(full, host) : full;
  }, [host, family, open, used, fragments, allInterfaces, presented]);
  const walk = useMemo(() => (layout === null ? NO_WALK : walkOf(visit, beat, layout)), [visit, beat, layout]);
  const place = useMemo(
    () => (run === null || host === undefined || layout === null ? null : { run, host, layout }),
    [run, host, layout],
  );
  const moment = useMemo(() => ({ beat, walk }), [beat, walk]);
  return { place, moment };
}

function familyOf(visit: readonly TraceEvent[]): 'ip' | 'ip6' | null {
  for (const e of visit) {
    if ((e.type === 'hook-enter' || e.type === 'route') && (e.family === 'ip' || e.family === 'ip6')) return e.family;
  }
  return null;
}

/** The family of the longest chain, which is the one that the inspector shows at first; without tables, that of most hooks. */
function mainFamily(host: HostView | undefined): 'ip' | 'ip6' {
  const longest = fullestChain(host);
  if (longest !== null) return longest.family === 'ip6' ? 'ip6' : 'ip';
  const size = (family: string): number =>
    host?.hooks.reduce((sum, h) => sum + (h.family === family ? h.functions.length : 0), 0) ?? 0;
  return size('ip6') > size('ip') ? 'ip6' : 'ip';
}

const keyOfChains = (open: ReadonlyMap<Stop, readonly string[]>): string => JSON.stringify([...open]);
const chainsOfKey = (key: string): ReadonlyMap<Stop, readonly string[]> =>
  new Map(JSON.parse(key) as [Stop, readonly string[]][]);
