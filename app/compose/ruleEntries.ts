import type { Lab } from '../../src/engine';
import type { HookFamily } from '../../src/model';
import type { Work } from './slices';

/** A rule of the lab, as far as it is searched for: there may be a hundred thousand. */
export interface RuleFound {
  readonly group: 'Rules';
  readonly title: string;
  readonly host: string;
  readonly family: HookFamily;
  readonly table: string;
  readonly chain: string;
  readonly number: number;
}

/** So many lines are read before others may do something. */
const AT_ONCE = 500;
const RULE = /^(?:\[\d+:\d+\] )?-A (\S+) ?(.*)$/;

/** Every rule of every host, out of the texts. */
export function* rulesOf(hosts: Lab['hosts']): Work<readonly RuleFound[]> {
  const found: RuleFound[] = [];
  for (const [name, host] of Object.entries(hosts)) {
    yield* rulesIn(found, name, 'ip', host.iptables ?? '');
    yield* rulesIn(found, name, 'ip6', host.ip6tables ?? '');
  }
  return found;
}

function* rulesIn(found: RuleFound[], host: string, family: 'ip' | 'ip6', text: string): Work<void> {
  let table = '';
  const numbers = new Map<string, number>();
  let lines = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    if (++lines % AT_ONCE === 0) yield;
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
      numbers.clear();
    }
    const [, chain, title = ''] = RULE.exec(line) ?? [];
    if (chain === undefined) continue;
    const number = (numbers.get(chain) ?? 0) + 1;
    numbers.set(chain, number);
    found.push({ group: 'Rules', title, host, family, table, chain, number });
  }
}

export const detailOf = ({ host, table, chain, number }: RuleFound): string => `${host}, ${table} ${chain} ${number}`;
