import { useMemo } from 'react';
import type { Criterion, RulePart, TriedRule } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import { everyRule, stores, useAnswer, useBeat, useHostState, useShownRun } from '../store';
import { useEdit, useHandle } from './context';
import { familyOf } from './editor';
import { SHORT_FLAGS } from './forms';
import { type Past, pastOf } from './pitfalls';

/** What the rules of the chain on show made of one packet. */
export interface Meaning {
  /** Which packet it is: "SYN client → web". */
  readonly packet: string;
  readonly byLine: ReadonlyMap<number, TriedRule>;
  readonly past: Past;
}

const NONE: readonly TraceEvent[] = [];

/** The packet on show if it comes through this chain, else the first one that does. */
export function useMeaning(): Meaning | null {
  const { host } = useHandle();
  const table = useEdit((s) => s.table);
  const chain = useEdit((s) => s.chain);
  const family = useEdit((s) => familyOf(s.member));
  const events = useShownRun((s) => s.result?.events ?? NONE);
  const serial = useShownRun((s) => s.serial);
  const beat = useBeat();
  const packet = beat?.packet ?? '';
  const visit = useMemo(() => {
    const here = (e: TraceEvent): boolean =>
      e.type === 'rule' &&
      e.host === host &&
      e.table === table &&
      e.chain === chain &&
      (e.family === 'ip6') === (family === 'ip6');
    const own = packet === '' ? [] : events.filter((e) => e.packet === packet && here(e));
    const first = own[0] ?? events.find(here);
    if (first === undefined) return null;
    const all = own.length > 0 ? own : events.filter((e) => e.packet === first.packet && here(e));
    return { packet: first.packet, ids: all.slice(-8).map((e) => e.id) };
  }, [events, host, table, chain, family, packet]);
  const key = visit === null ? '' : `${serial}/${visit.ids.join()}`;
  const place = `${host} ${family} ${table} ${chain}`;
  const ask = async ({ packet: id, ids }: NonNullable<typeof visit>): Promise<Meaning> => {
    const pieces = await Promise.all(ids.map((event) => stores.moment.tried(event)));
    const byLine = new Map<number, TriedRule>();
    for (const rule of pieces.flatMap((p) => everyRule(p, (from, to) => stores.moment.tried(p.event, from, to)))) {
      const known = byLine.get(rule.line);
      if (rule.line > 0 && (known === undefined || rule.outcome !== 'not-reached')) byLine.set(rule.line, rule);
    }
    const { result } = stores.run.getState();
    const summary = result?.steps.flatMap((s) => s.packets).find((p) => p.id === id);
    return {
      packet: summary === undefined ? id : `${summary.title} ${summary.subtitle}`,
      byLine,
      past: pastOf(events, host, id, ids[0] ?? 0),
    };
  };
  const answer = useAnswer(
    `${place}/${key}`,
    visit === null ? null : () => ask(visit).then((meaning) => ({ place, meaning })),
  );
  // While a newer run is asked about, the old answer stays: words that come and go with every key cannot be read.
  return answer?.value.place === place ? answer.value.meaning : null;
}

/** The criterion that the engine checked for an option of the form. */
export function criterionOf(tried: TriedRule | undefined, part: RulePart): Criterion | null {
  const flags =
    part.flag === '' ? [`-m ${part.values[0] ?? ''}`] : [`--${part.flag}`, part.written, SHORT_FLAGS[part.flag] ?? ''];
  const words = (text: string): readonly string[] => text.split(' ');
  return (
    tried?.criteria.find((c) => flags.some((f) => f !== '' && (words(c.text).includes(f) || c.text === f))) ?? null
  );
}

const NO_COUNTERS: Readonly<Record<string, readonly [number, number]>> = {};

/** Counters at the end of the whole lab, or at the playhead until they are there. */
export function useCounters(): Readonly<Record<string, readonly [number, number]>> {
  const { host } = useHandle();
  const serial = useShownRun((s) => s.serial);
  const last = useShownRun((s) => (s.result?.events.length ?? 0) - 1);
  const now = useHostState(host)?.counters;
  // Typing runs the lab with every key; the counters wait until it pauses.
  const end = useAnswer(
    `${serial}/${last}/${host}`,
    serial === 0 ? null : () => stores.moment.stateAt(last),
    120,
  )?.value;
  return end?.hosts.find((h) => h.name === host)?.counters ?? now ?? NO_COUNTERS;
}
