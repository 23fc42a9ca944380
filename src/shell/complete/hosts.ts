import type { Host } from '../../host';
import type { Offer } from './types';

export function commonAddresses(host: Host, names: boolean): readonly Offer[] {
  const out: Offer[] = [];
  const seen = new Set<string>();
  const add = (text: string, help: string) => {
    if (!seen.has(text)) out.push({ text, help });
    seen.add(text);
  };
  for (const [name, list] of host.world.names?.() ?? []) {
    if (names && name !== host.name) add(name, list[0] ?? '');
    for (const addr of list) add(addr, name);
  }
  for (const n of host.neighbours()) add(n.address, `neighbour on ${n.dev}`);
  return out;
}
