import type { HostView } from '../../src/engine';
import type { HookFamily } from '../../src/model';

/** Where one looks first on a host: the built-in chain with most rules, of one family or of all. */
export function fullestChain(
  host: HostView | undefined,
  of?: HookFamily,
): { readonly family: HookFamily; readonly table: string; readonly chain: string; readonly rules: number } | null {
  const all = (host?.hooks ?? [])
    .filter(({ family }) => of === undefined || family === of)
    .flatMap(({ family, hook, functions }) =>
      functions.flatMap(({ table, rules }) => (table === null ? [] : [{ family, table, chain: hook, rules }])),
    );
  return all.toSorted((a, b) => b.rules - a.rules)[0] ?? null;
}
