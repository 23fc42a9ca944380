import { canonical, isObject, type Json, type JsonObject, listAt, objectAt } from './json';
import { showEntry, showEvent, showTrace, showWire } from './show';

/** One way in which two recordings of a lab are not equal. */
export interface Difference {
  /** A few words that are the same for differences of the same kind: "trace missing", "end counters". */
  readonly kind: string;
  /** Where: "step 2, router, trace". */
  readonly where: string;
  readonly text: string;
}

/**
 * Compares a recording with the one that it should equal; equal ones give nothing.
 *
 * What does not count: the order of keys, members that are empty, `by`, the message of a refusal, the order of packets
 * on different interfaces, the order of DESTROY events that follow one another and of entries at the end, counters
 * that are 0.
 */
export function compareRecordings(expected: unknown, actual: unknown): readonly Difference[] {
  const found: Difference[] = [];
  for (const n of listAt(actual as Json, 'notModelled')) {
    const { step, host, what } = isObject(n) ? n : {};
    found.push({ kind: 'not modelled', where: `step ${step}, host ${host}`, text: `${what} is not modelled` });
  }
  const want = objectOf(normal(expected as Json));
  const have = objectOf(normal(actual as Json));
  if (want.refused !== undefined || have.refused !== undefined) return [...found, ...compareRefusals(want, have)];

  const stepsWanted = listAt(want, 'steps');
  const steps = listAt(have, 'steps');
  if (stepsWanted.length !== steps.length) {
    found.push({ kind: 'steps', where: 'lab', text: `${stepsWanted.length} steps expected, ${steps.length} given` });
  }
  for (const [index, step] of stepsWanted.entries()) {
    if (index < steps.length) found.push(...compareSteps(`step ${index + 1}`, step, steps[index]));
  }
  for (const [host, x, y] of pairs(objectAt(want, 'end'), objectAt(have, 'end'))) {
    found.push(...compareEnds(`end, ${host}`, x, y));
  }
  return found;
}

/** How many of each kind, most frequent first: "2 × trace missing, 1 × end counters". */
export function tally(differences: readonly Difference[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of differences) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

/** The first differences in words. */
export function describe(differences: readonly Difference[], most = 10): string {
  const lines = differences.slice(0, most).map(({ where, text }) => `${where}: ${text}`);
  if (differences.length > most) lines.push(`… and ${differences.length - most} more`);
  return lines.join('\n');
}

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** Leaves out members that say nothing. */
function normal(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(normal);
  if (!isObject(value)) return value ?? null;
  const kept: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const clean = normal(member);
    const empty =
      clean === null ||
      (Array.isArray(clean) && clean.length === 0) ||
      (isObject(clean) && Object.keys(clean).length === 0) ||
      (key === 'payload' && clean === '') ||
      ((key === 'tos' || key === 'df') && !clean);
    if (!empty) kept[key] = clean;
  }
  return kept;
}

function compareRefusals(want: JsonObject, have: JsonObject): readonly Difference[] {
  const who = (r: JsonObject) => (isObject(r.refused) ? [r.refused.host, r.refused.tool, r.refused.line] : null);
  if (JSON.stringify(who(want)) === JSON.stringify(who(have))) return [];
  const said = (r: JsonObject) => (isObject(r.refused) ? JSON.stringify(r.refused) : 'accepted');
  return [{ kind: 'refused', where: 'lab', text: `expected ${said(want)}\n    actual   ${said(have)}` }];
}

function compareSteps(where: string, want: Json, have: Json | undefined): readonly Difference[] {
  const found: Difference[] = [];
  for (const key of ['error', 'exit', 'output']) {
    const x = objectOf(want)[key];
    const y = objectOf(have)[key];
    if (x !== y) found.push({ kind: key, where, text: `expected ${said(x)}, actual ${said(y)}` });
  }
  for (const [host, x, y] of pairs(objectAt(want, 'hosts'), objectAt(have, 'hosts'))) {
    const at = `${where}, ${host}`;
    found.push(...compareLists('trace', `${at}, trace`, listAt(x, 'trace'), listAt(y, 'trace'), showTrace));
    const wires = [listAt(x, 'wire'), listAt(y, 'wire')] as const;
    const names = new Set([...wires[0], ...wires[1]].map((w) => String(objectOf(w).interface)));
    for (const name of [...names].sort()) {
      const on = (list: readonly Json[]) => list.filter((w) => String(objectOf(w).interface) === name);
      found.push(...compareLists('wire', `${at}, wire of ${name}`, on(wires[0]), on(wires[1]), showWire));
    }
    const events = [inOrder(listAt(x, 'conntrack')), inOrder(listAt(y, 'conntrack'))] as const;
    found.push(...compareLists('conntrack event', `${at}, conntrack events`, ...events, showEvent));
  }
  return found;
}

function compareEnds(where: string, want: Json | undefined, have: Json | undefined): readonly Difference[] {
  const entries = [sorted(listAt(want, 'conntrack')), sorted(listAt(have, 'conntrack'))] as const;
  const found = [...compareLists('end conntrack', `${where}, conntrack`, ...entries, showEntry)];
  const zero = (value: Json | undefined) => canonical(value) === '[0,0]';
  for (const [name, x, y] of pairs(objectAt(want, 'counters'), objectAt(have, 'counters'))) {
    if (canonical(x) === canonical(y) || (zero(x ?? [0, 0]) && zero(y ?? [0, 0]))) continue;
    const text = `${name}: expected ${said(x ?? [0, 0])}, actual ${said(y ?? [0, 0])}`;
    found.push({ kind: 'end counters', where: `${where}, counters`, text });
  }
  for (const [name] of pairs(objectAt(want, 'ipset'), objectAt(have, 'ipset'))) {
    const members = (end: Json | undefined) => {
      const set = objectAt(end, 'ipset')[name];
      return Array.isArray(set) ? sorted(set) : set;
    };
    const [x, y] = [members(want), members(have)];
    if (canonical(x) === canonical(y)) continue;
    found.push({
      kind: 'end ipset',
      where: `${where}, ipset`,
      text: `${name}: expected ${said(x)}, actual ${said(y)}`,
    });
  }
  const [x, y] = [listAt(want, 'ipvs'), listAt(have, 'ipvs')];
  if (canonical(x) !== canonical(y)) {
    found.push({ kind: 'end ipvs', where: `${where}, ipvs`, text: `expected ${said(x)}, actual ${said(y)}` });
  }
  return found;
}

const said = (value: Json | undefined): string => (value === undefined ? 'none' : JSON.stringify(value));

/** Members of both, those of the first in their order. */
function pairs(a: JsonObject, b: JsonObject): readonly (readonly [string, Json | undefined, Json | undefined])[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].map((name) => [name, a[name], b[name]] as const);
}

const byText = (a: Json, b: Json): number => {
  const [x, y] = [canonical(a), canonical(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};
const sorted = (list: readonly Json[]): readonly Json[] => [...list].sort(byText);

/** DESTROY events that follow one another come in the order of a hash table. */
function inOrder(events: readonly Json[]): readonly Json[] {
  const out: Json[] = [];
  let run: Json[] = [];
  for (const event of events) {
    if (objectOf(event).event === 'DESTROY') {
      run.push(event);
      continue;
    }
    out.push(...sorted(run), event);
    run = [];
  }
  return [...out, ...sorted(run)];
}

/** At most one difference: after the first, lists say little. */
function compareLists(
  kind: string,
  where: string,
  want: readonly Json[],
  have: readonly Json[],
  show: (item: Json) => string,
): readonly Difference[] {
  for (let i = 0; i < Math.max(want.length, have.length); i++) {
    const [x, y] = [want[i], have[i]];
    if (x === undefined && y !== undefined) {
      return [{ kind: `${kind} extra`, where, text: `${want.length} expected, but there is also: ${show(y)}` }];
    }
    if (y === undefined && x !== undefined) {
      const text = `only ${have.length} of ${want.length}; the next should be: ${show(x)}`;
      return [{ kind: `${kind} missing`, where, text }];
    }
    if (x === undefined || y === undefined || canonical(x) === canonical(y)) continue;
    const same = show(x) === show(y);
    const [p, q] = same ? [canonical(x), canonical(y)] : [show(x), show(y)];
    return [{ kind: `${kind} differs`, where, text: `entry ${i + 1}\n    expected ${p}\n    actual   ${q}` }];
  }
  return [];
}
