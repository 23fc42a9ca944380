import { useMemo } from 'react';
import type { TriedChain } from '../../src/engine';
import type { ConnSnapshot, EventOf, HookFamily, TableName, TraceEvent } from '../../src/model';
import {
  type Beat,
  everyRule,
  fullestChain,
  type Selection,
  type ShownRule,
  stores,
  useAnswer,
  useBeat,
  useHostNow,
  useHostState,
  useMoment,
  usePlay,
  useRun,
  useView,
} from '../store';

/** The chain that the Chain panel shows, and the `rule` events of the visit of the packet on show, the latest last. */
export interface ChainSubject {
  readonly host: string;
  readonly family: HookFamily;
  readonly table: string;
  readonly chain: string;
  readonly visit: readonly EventOf<'rule'>[];
  /** True if the packet is in it now. */
  readonly current: boolean;
}

const NO_EVENTS: readonly TraceEvent[] = [];

/** The host that the inspector is about: the one on show, in the network view that where the packet is. */
export function useInspectedHost(): string {
  const shown = useView((s) => s.host);
  const network = useView((s) => s.view === 'network');
  const selected = useView((s) => s.selection?.host);
  const at = usePlay((s) => (network ? s.beats[s.beat]?.host : undefined));
  return selected ?? at ?? shown;
}

/** The events of the run up to the playhead, newest first, as far as the step goes back. */
export function eventsBack(events: readonly TraceEvent[], cursor: number, step: number): Iterable<TraceEvent> {
  return {
    *[Symbol.iterator]() {
      for (let i = cursor; i >= 0; i--) {
        const event = events[i];
        if (event === undefined || event.userStep !== step) return;
        yield event;
      }
    },
  };
}

/** The packet's visit to a chain: its pieces back from the last one at or before the cursor. */
function visitOf(
  events: readonly TraceEvent[],
  cursor: number,
  step: number,
  wanted: (event: EventOf<'rule'>) => boolean,
): readonly EventOf<'rule'>[] {
  const visit: EventOf<'rule'>[] = [];
  for (const event of eventsBack(events, cursor, step)) {
    const last = visit[0];
    if (last !== undefined) {
      const same = event.packet === last.packet && event.host === last.host;
      if (same && (event.type === 'function-enter' || event.type === 'function-leave')) break;
    }
    if (event.type !== 'rule') continue;
    if (last === undefined) {
      if (wanted(event)) visit.unshift(event);
      continue;
    }
    const piece =
      event.packet === last.packet &&
      event.host === last.host &&
      event.table === last.table &&
      event.chain === last.chain &&
      event.depth === last.depth;
    // A piece that begins where this one ends is of the same visit; one that begins anew is of an earlier call.
    if (piece && event.to < last.from + 1 && event.rule !== 'return') visit.unshift(event);
  }
  return visit;
}

const familyOf = (event: EventOf<'rule'>): HookFamily => (event.family === 'ip6' ? 'ip6' : 'ip');

/** The chain that is selected, else the one that the packet is or was in last, else the longest; null: there is none. */
export function useChainSubject(): ChainSubject | null {
  const events = useRun((s) => s.result?.events ?? NO_EVENTS);
  const cursor = usePlay((s) => s.cursor);
  const beat = useBeat();
  const host = useInspectedHost();
  const selection = useView((s) => s.selection);
  const view = useHostNow(host);
  const step = beat?.userStep ?? 0;
  return useMemo(() => {
    const visit = (wanted: (event: EventOf<'rule'>) => boolean): Pick<ChainSubject, 'visit' | 'current'> => {
      const found = visitOf(events, cursor, step, (e) => e.packet === beat?.packet && wanted(e));
      return { visit: found, current: found.at(-1)?.id === beat?.rule };
    };
    const chosen = chainOfSelection(selection);
    if (chosen !== null) return { ...chosen, ...visit((e) => isAt(e, chosen)) };
    const here = (e: EventOf<'rule'>): boolean => e.host === host && e.tool === 'iptables';
    const own = visit(here);
    // Where only another packet was, that chain stays on show, with nothing of that packet.
    const last = own.visit.at(-1) ?? visitOf(events, cursor, step, here).at(-1);
    if (last !== undefined) return { ...placeOf(last), ...own };
    // Nothing has been asked here yet: the built-in chain with most rules.
    const first = fullestChain(view);
    if (first === null) return null;
    return { host, family: first.family, table: first.table, chain: first.chain, visit: [], current: false };
  }, [events, cursor, step, host, selection, view, beat]);
}

type ChainPlace = Pick<ChainSubject, 'host' | 'family' | 'table' | 'chain'>;

const placeOf = (e: EventOf<'rule'>): ChainPlace => ({
  host: e.host,
  family: familyOf(e),
  table: e.table,
  chain: e.chain,
});

function isAt(e: EventOf<'rule'>, place: ChainPlace): boolean {
  return e.host === place.host && e.table === place.table && e.chain === place.chain && familyOf(e) === place.family;
}

function chainOfSelection(selection: Selection | null): ChainPlace | null {
  if (selection === null) return null;
  if (selection.kind === 'chain') {
    const { host, family, table, chain } = selection;
    return { host, family, table, chain };
  }
  return null;
}

/** A chain with a row for every rule. */
export interface ShownChain extends Pick<TriedChain, 'policy'> {
  readonly rules: readonly ShownRule[];
}

/** The engine's answers about a visit, put together: every rule with what came of it. Null until they are there. */
export function useTried(visit: readonly EventOf<'rule'>[]): ShownChain | null {
  const serial = useRun((s) => s.serial);
  const key = `${serial}/${visit.map((e) => e.id).join(',')}`;
  const asked = async (): Promise<ShownChain | null> => {
    const pieces = await Promise.all(visit.map((e) => stores.moment.tried(e.id)));
    return mergeTried(
      pieces.map((piece) => ({
        policy: piece.policy,
        rules: everyRule(piece, (from, to) => stores.moment.tried(piece.event, from, to)),
      })),
    );
  };
  const answer = useAnswer(key, visit.length === 0 ? null : asked);
  return answer?.key === key ? answer.value : null;
}

/** Pieces of one visit: a rule has the outcome of the piece that tried it. */
export function mergeTried<C extends ShownChain>(pieces: readonly C[]): C | null {
  const last = pieces.at(-1);
  if (last === undefined || pieces.length === 1) return last ?? null;
  const rules = last.rules.map((rule, i): ShownRule => {
    if (rule.outcome !== 'not-reached') return rule;
    const earlier = pieces.find((p) => p.rules[i]?.outcome !== undefined && p.rules[i]?.outcome !== 'not-reached');
    const told = earlier?.rules[i];
    return told === undefined ? rule : { ...told, counters: rule.counters };
  });
  return { ...last, rules };
}

/** The chain as it stands at the playhead, where no packet has come to it. Null while `asked` is false, and until it is there. */
export function useUntried(subject: ChainSubject, asked: boolean): ShownChain | null {
  const { host, family, table, chain } = subject;
  const serial = useRun((s) => s.serial);
  const event = useMoment((s) => s.world?.event ?? -1);
  const place = { host, family, table: table as TableName, chain };
  const ask = (from?: number, to?: number) => stores.moment.chain(event, place, from, to);
  const answer = useAnswer(
    `${serial}/${event}/${host}/${family}/${table}/${chain}`,
    asked ? () => ask().then((found) => ({ policy: found.policy, rules: everyRule(found, ask) })) : null,
  );
  return asked ? (answer?.value ?? null) : null;
}

/** The flow of the packet on show, as it stands on a host, and how the packet stands to it. */
export function useFlow(
  host: string,
): { readonly entry: ConnSnapshot; readonly ctinfo: string; readonly gone: boolean } | null {
  const events = useRun((s) => s.result?.events ?? NO_EVENTS);
  const cursor = usePlay((s) => s.cursor);
  const beat = useBeat();
  const state = useHostState(host);
  const found = useMemo(() => {
    if (beat === undefined) return null;
    let entry: ConnSnapshot | undefined;
    let ctinfo = '';
    for (const event of eventsBack(events, cursor, beat.userStep)) {
      if (event.packet !== beat.packet || event.host !== host) continue;
      if (event.type === 'nat-setup') entry ??= event.entry;
      if (event.type === 'conntrack') {
        if (event.what === 'untracked' || event.what === 'invalid')
          return entry === undefined ? null : { entry, ctinfo: event.what.toUpperCase() };
        entry ??= event.entry;
        if (ctinfo === '' && event.ctinfo !== undefined) ctinfo = event.ctinfo.replace('_REPLY', '');
      }
      if (entry !== undefined && ctinfo !== '') break;
    }
    return entry === undefined ? null : { entry, ctinfo };
  }, [events, cursor, beat, host]);
  if (found === null) return null;
  const { conntrack } = state ?? {};
  const now =
    conntrack?.entries.find((e) => e.id === found.entry.id) ??
    conntrack?.unconfirmed.find((e) => e.id === found.entry.id);
  const entry = now ?? found.entry;
  // What is not confirmed goes with its packet.
  return { entry, ctinfo: found.ctinfo, gone: !entry.confirmed && beat?.kind === 'drop' && beat.host === host };
}

/** What the packet on show has met on a chain's host that is not modelled, up to the playhead. */
export function useNotModelled({ host, visit }: ChainSubject): readonly string[] {
  const events = useRun((s) => s.result?.events ?? NO_EVENTS);
  const cursor = usePlay((s) => s.cursor);
  const last = visit.at(-1);
  return useMemo(() => {
    if (last?.uncertain !== true) return [];
    const found = new Set<string>();
    for (const event of eventsBack(events, cursor, last.userStep)) {
      if (event.type === 'not-modelled' && event.packet === last.packet && event.host === host) found.add(event.what);
    }
    return [...found].reverse();
  }, [events, cursor, last, host]);
}

/** Events of the beat on show. */
export function useBeatEvents(): readonly TraceEvent[] {
  const events = useRun((s) => s.result?.events ?? NO_EVENTS);
  const beat = useBeat();
  return useMemo(() => (beat === undefined ? [] : events.slice(beat.first, beat.event + 1)), [events, beat]);
}

/** The packet on show as it came to the host that it is on, and as it is now. Null where there is none. */
export function framesOf(
  events: readonly TraceEvent[],
  frames: readonly Uint8Array[],
  beat: Beat | undefined,
  cursor: number,
): {
  readonly before: Uint8Array | null;
  readonly after: Uint8Array;
  readonly host: string;
  readonly packet: string;
} | null {
  if (beat === undefined || beat.packet === '') return null;
  let after = -1;
  let before = -1;
  for (let i = cursor; i >= 0; i--) {
    const event = events[i];
    if (event === undefined || event.userStep !== beat.userStep) break;
    if (event.packet !== beat.packet) continue;
    if (after < 0) {
      if (event.frame < 0) continue;
      after = event.frame;
    }
    if (event.host !== beat.host && event.host !== '') break;
    if (event.frame >= 0) before = event.frame;
  }
  const now = frames[after];
  return now === undefined
    ? null
    : { before: frames[before] ?? null, after: now, host: beat.host, packet: beat.packet };
}
