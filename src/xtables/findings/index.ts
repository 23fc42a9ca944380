import type { TableImage } from '../text/document';
import type { Finding, XtFamily } from '../types';
import { parseSave } from '../whole';
import { covered } from './covered';
import { policies } from './policies';
import { emptyJumps, uncalled, unreachable, wrongInterfaces } from './reach';
import { type Found, TableView } from './table';

/**
 * What makes no sense in a ruleset, each with the line that is the reason. Right or silent: only what follows from the
 * rules alone, whatever packets come, is said.
 */
export function findings(text: string, family: XtFamily): readonly Finding[] {
  const lines = text.split('\n');
  return parseSave(text, { family })
    .tables.filter((table) => !table.broken)
    .flatMap((table) => {
      const view = new TableView(table, family, declarations(lines, table));
      return [...ofTable(view)].map((found) => ({ ...found, table: table.name }));
    })
    .sort((a, b) => a.line - b.line || a.kind.localeCompare(b.kind));
}

/** Comparing every rule with every other one is for people's rulesets, not for generated ones. */
const MOST_COMPARED = 600;

function* ofTable(view: TableView): Generator<Found> {
  for (const { rules } of view.table.chains) {
    yield* unreachable(rules);
    if (rules.length <= MOST_COMPARED) yield* covered(view, rules);
  }
  yield* uncalled(view);
  yield* wrongInterfaces(view);
  yield* emptyJumps(view);
  yield* policies(view);
}

function declarations(lines: readonly string[], table: TableImage): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let n = table.line; n < table.commitLine; n++) {
    const name = /^:(\S+)/.exec(lines[n - 1] ?? '')?.[1];
    if (name !== undefined) found.set(name, n);
  }
  return found;
}
