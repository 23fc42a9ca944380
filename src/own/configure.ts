import type { Diagnostic } from '../base';
import type { Host } from '../host';
import type { Extensions } from '../xtables';
import { readConditions, type Wanted } from './conditions';
import { registerOwn } from './hooks';
import { openQueue } from './queues';
import type { OwnHook, OwnQueue } from './types';

/** What is wrong with the conditions of one member: `line` is the number of the hook function or queue, from 1. */
interface OwnFaults {
  readonly member: 'hooks' | 'queues';
  readonly diagnostics: readonly Diagnostic[];
}

const BOTH = ['ip', 'ip6'] as const;

/**
 * Registers hook functions of one's own, and opens queues with their programs. What has a condition that cannot be read
 * is left out: the function, or the program's rule.
 */
export function configureOwn(
  host: Host,
  hooks: readonly OwnHook[],
  queues: readonly OwnQueue[],
  extensions: Extensions,
): readonly OwnFaults[] {
  const wanted: Wanted[] = [];
  const ask = (chain: string, text: string | undefined, families: Wanted['families'], hook: string | null): string => {
    if (text === undefined || text.trim() === '') return '';
    wanted.push({ chain, text, families, hook });
    return chain;
  };
  const ofHook = hooks.map((h, i) => ask(`h${i}`, h.match, [h.family ?? 'ip'], h.hook));
  const ofRule = queues.map((q, i) => (q.rules ?? []).map((rule, j) => ask(`q${i}.${j}`, rule.match, BOTH, null)));
  const wrong = readConditions(host, wanted, extensions);
  const faults: Record<OwnFaults['member'], Diagnostic[]> = { hooks: [], queues: [] };
  const isWrong = (chain: string, member: OwnFaults['member'], line: number, who: string): boolean => {
    const found = wrong.get(chain) ?? [];
    faults[member].push(...found.map((d) => ({ ...d, line, message: `${who}: ${d.message}` })));
    return found.length > 0;
  };
  host.syncHooks(); // conditions may ask for conntrack
  hooks.forEach((hook, i) => {
    if (!isWrong(ofHook[i]!, 'hooks', i + 1, hook.name)) registerOwn(host, hook, ofHook[i]!);
  });
  queues.forEach((queue, i) => {
    const rules = (queue.rules ?? []).map((rule, j) => Object.freeze({ ...rule, chain: ofRule[i]![j]! }));
    openQueue(
      host,
      queue,
      rules.filter((rule, j) => !isWrong(rule.chain, 'queues', i + 1, `rule ${j + 1}`)),
    );
  });
  return (['hooks', 'queues'] as const).map((member) => ({ member, diagnostics: faults[member] }));
}
