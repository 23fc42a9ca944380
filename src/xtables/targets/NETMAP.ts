import { natNetmap } from '../../nat';
import { type Addr, addrFromWords, addrWords, maskLength } from '../../wire';
import { hostMask } from '../read/host-kinds';
import { defineTarget, option } from '../record';

interface NetmapConfig {
  readonly min: Addr;
  readonly max: Addr;
  readonly mask: Addr;
}

export const NETMAP = defineTarget({
  name: 'NETMAP',
  title: 'Map a whole network',
  help: 'Replaces the network part of the address; the host part stays.',
  verdict: 'accept',
  tables: ['nat'],
  hooks: ['PREROUTING', 'POSTROUTING', 'OUTPUT', 'INPUT'],
  conntrack: true,
  options: {
    to: option(hostMask, 'The new network', { required: true }),
  },
  parse: (uses, { family }): NetmapConfig => {
    const { addr, mask } = uses.to!.value;
    const [a, m] = [addrWords(addr), addrWords(mask)];
    const words = (change: (a: number, m: number) => number) =>
      addrFromWords(
        [0, 1, 2, 3].map((i) => change(a[i]!, m[i]!) >>> 0) as [number, number, number, number],
        family === 'ip' ? 4 : 6,
      );
    return { min: words((x, y) => x & y), max: words((x, y) => (x & y) | ~y), mask };
  },
  print: (c) => ` --to ${c.min}/${maskLength(c.mask) ?? c.mask}`,
  list: (c) => ` to:${c.min}/${maskLength(c.mask) ?? c.mask}`,
  act: (c, { env, skb, state }) =>
    env.ct === null || skb.ct === null ? 'accept' : natNetmap(env.ct, env.port, skb, state, c.min, c.max),
});
