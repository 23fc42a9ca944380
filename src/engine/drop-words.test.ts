import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dropWords, outcomeText } from '.';

it('wherever a host drops a packet by itself, plain words say why', () => {
  const folder = path.join(import.meta.dirname, '../host');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const drops = sources.flatMap((text) => [...text.matchAll(/kfreeSkb\(host, \w+, '(\w+)', (?:'(\w+)'|\w+)/g)]);
  expect(drops.length).toBeGreaterThan(50);
  const without = drops
    .map(([, reason = '', by = '']) => ({ reason, by }))
    // These have the name of a rule, a function or a program; where the reason says nothing, the function must be named.
    .filter(({ reason, by }) => by !== '' || (reason !== 'NETFILTER_DROP' && reason !== 'NOT_SPECIFIED'))
    .filter(({ reason, by }) => dropWords(reason, by) === null);
  expect(without).toEqual([]);
});

it('an outcome names the reason behind its words, a function only where the kernel has no reason', () => {
  const dropped = (reason: string, by: string): string =>
    outcomeText({ kind: 'dropped', host: 'a', reason, by, event: 0 });
  expect(dropped('NEIGH_FAILED', 'neigh_event_send')).toBe('DROP at a: nobody answers for the next hop (NEIGH_FAILED)');
  expect(dropped('PKT_TOO_BIG', 'ip_fragment')).toBe('DROP at a: longer than the MTU (PKT_TOO_BIG)');
  expect(dropped('NOT_SPECIFIED', 'br_dev_xmit')).toBe('DROP at a: the bridge has no port for it (br_dev_xmit)');
  expect(dropped('NETFILTER_DROP', 'filter INPUT 2')).toBe('DROP at a by filter INPUT 2');
});
