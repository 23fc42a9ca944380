import { type Diagnostic, errorAt } from '../base';
import type { Host } from '../host';
import type { HookState, Skb } from '../model';
import { type Extensions, loadDocument, readSave, ruleMatches, type XtFamily, XtTables } from '../xtables';

/** A condition that is wanted: whose it is, and where packets come by. */
export interface Wanted {
  /** Name of a chain, to be. */
  readonly chain: string;
  readonly text: string;
  readonly families: readonly XtFamily[];
  /** The hook that it is asked at, for what extensions take there; null for any. */
  readonly hook: string | null;
}

/** Conditions stand in the table that has all five hooks. */
const TABLE = 'mangle';

/**
 * Reads conditions as the rules of iptables that they are, into tables of their own that no packet walks through. Gives
 * what is wrong with each that cannot be read, by chain; of one that is meant for both families only if neither takes it.
 */
export function readConditions(
  host: Host,
  wanted: readonly Wanted[],
  extensions: Extensions,
): ReadonlyMap<string, readonly Diagnostic[]> {
  const tables = { ip: new XtTables('ip'), ip6: new XtTables('ip6') };
  const found = new Map<string, readonly Diagnostic[][]>();
  for (const family of ['ip', 'ip6'] as const) {
    const mine = wanted.filter((w) => w.families.includes(family));
    if (mine.length === 0) continue;
    const faults = readInto(tables[family], mine, host, extensions);
    for (const { chain } of mine) found.set(chain, [...(found.get(chain) ?? []), faults.get(chain) ?? []]);
  }
  if (wanted.length > 0) host.conditions = tables;
  const wrong = new Map<string, readonly Diagnostic[]>();
  for (const [chain, each] of found) if (each.every((d) => d.length > 0)) wrong.set(chain, each[0]!);
  return wrong;
}

function readInto(
  tables: XtTables,
  wanted: readonly Wanted[],
  host: Host,
  extensions: Extensions,
): ReadonlyMap<string, Diagnostic[]> {
  const head = (w: Wanted): string => `-A ${w.chain} `;
  const lines = [
    `*${TABLE}`,
    ...wanted.map((w) => `:${w.chain} - [0:0]`),
    ...wanted.flatMap((w) => (w.hook === null ? [] : [`-A ${w.hook} -j ${w.chain}`])),
  ];
  const first = lines.length + 1;
  for (const w of wanted) lines.push(`${head(w)}${w.text} -j RETURN`);
  lines.push('COMMIT', '');
  const options = { family: tables.family, extensions, context: { sets: host.sets } };
  const document = readSave(lines.join('\n'), options);
  loadDocument(tables, document);
  const faults = new Map<string, Diagnostic[]>();
  for (const d of document.diagnostics) {
    const w = wanted[d.line - first];
    if (w === undefined || d.severity !== 'error') continue;
    const shift = (column: number): number => Math.min(w.text.length + 1, Math.max(1, column - head(w).length));
    const [start, end] = [shift(d.column), shift(d.endColumn)];
    const fault = errorAt(1, start, Math.max(1, end - start), d.code, d.message);
    faults.set(w.chain, [...(faults.get(w.chain) ?? []), fault]);
  }
  return faults;
}

/** Whether a packet meets a condition; '' is met by every packet. */
export function meets(host: Host, skb: Skb, state: HookState, chain: string): boolean {
  if (chain === '') return true;
  const tables = host.conditions?.[state.family === 'ip6' ? 'ip6' : 'ip'];
  if (tables === undefined) return false;
  return ruleMatches({ port: host, ct: host.ct, sets: host.sets, tables }, skb, state, TABLE, chain);
}
