import type { Kept } from './record';
import type { XtTables } from './state/tables';
import { everyUse } from './view';

/** What an extension of a rule keeps from packet to packet. `what`: its name; `value`: in words. */
export interface KeptState extends Omit<Kept, 'text'> {
  readonly what: string;
  readonly value: string;
}

/** State that matches keep, by `nat PREROUTING 1`, IPv6 with `ip6 ` before it: what `limit`, `quota` … stand at. */
export function ruleState(tables: XtTables, now: number): Record<string, readonly KeptState[]> {
  const found: Record<string, KeptState[]> = {};
  const prefix = tables.family === 'ip6' ? 'ip6 ' : '';
  for (const { table, chain, number, key, record, config } of everyUse(tables)) {
    const name = record.shares(config);
    const kept = name === null ? table.kept.get(key) : tables.shared.get(name);
    const told = record.stateText(config, kept ?? null, now);
    if (told === null) continue;
    const { text, ...more } = typeof told === 'string' ? { text: told } : told;
    const rule = `${prefix}${table.name} ${chain.name} ${number}`;
    found[rule] ??= [];
    found[rule].push({ what: record.name, value: text, ...more });
  }
  return found;
}
