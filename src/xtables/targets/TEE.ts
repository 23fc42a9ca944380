import { type Addr, isUnspecified } from '../../wire';
import { host } from '../read/host-kinds';
import { text } from '../read/kinds';
import { defineTarget, option } from '../record';

interface TeeConfig {
  readonly gateway: Addr;
  readonly oif: string;
}

export const TEE = defineTarget({
  name: 'TEE',
  title: 'Send a copy',
  help: 'Sends a copy of the packet to another machine on the network; the packet itself goes on to the next rule.',
  verdict: 'continue',
  options: {
    gateway: option(host, 'Machine that gets the copy', { required: true }),
    oif: option(text({ cut: 15 }), 'Interface that the copy leaves by'),
  },
  parse: (uses): TeeConfig => ({ gateway: uses.gateway!.value, oif: uses.oif?.value ?? '' }),
  print: (c) => ` --gateway ${c.gateway}${c.oif === '' ? '' : ` --oif ${c.oif}`}`,
  list: (c) => ` TEE gw:${c.gateway}${c.oif === '' ? '' : ` oif=${c.oif}`}`,
  // Kernel: tee_tg_check(), net/netfilter/xt_TEE.c
  check: (c) => (isUnspecified(c.gateway) ? 'EINVAL' : null),
  // Kernel: tee_tg4(), tee_tg6(); without that interface there is no way out for the copy
  act: (c, { env, skb, state }) => {
    if (c.oif === '') env.port.sendCopy(skb, c.gateway, state.hook);
    else if (env.port.iface(c.oif) !== undefined) env.port.sendCopy(skb, c.gateway, state.hook, c.oif);
    return 'continue';
  },
});
