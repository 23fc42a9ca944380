import { type Addr, familyOf, IPPROTO, withAddr, withPort } from '../../wire';
import { host } from '../read/host-kinds';
import { markMask, type ValueMask } from '../read/kinds';
import { hex } from '../read/numbers';
import { port } from '../read/port-kinds';
import { defineTarget, option, type TargetAnswer, type XtAction } from '../record';
import { setMark } from './change';

interface TproxyConfig {
  readonly port: number;
  readonly addr: Addr;
  readonly mark: ValueMask;
}

export const TPROXY = defineTarget({
  name: 'TPROXY',
  title: 'Hand to a local proxy',
  help: 'Gives the packet to a transparent socket of this host, its addresses unchanged. Needs a rule by mark and a local route.',
  verdict: 'accept',
  tables: ['mangle'],
  hooks: ['PREROUTING'],
  defrag: true,
  options: {
    'on-port': option(port, 'Port of the proxy; 0 for the port of the packet', { required: true }),
    'on-ip': option(host, 'Address of the proxy; that of the interface if absent'),
    'tproxy-mark': option(markMask, 'Mark that the packet gets, with a mask'),
  },
  parse: (uses, { family }): TproxyConfig => ({
    port: uses['on-port']!.value,
    addr: uses['on-ip']?.value ?? (family === 'ip' ? '0.0.0.0' : '::'),
    mark: uses['tproxy-mark']?.value ?? { value: 0, mask: 0 },
  }),
  print: (c) => ` --on-port ${c.port} --on-ip ${c.addr} --tproxy-mark ${hex(c.mark.value)}/${hex(c.mark.mask)}`,
  list: (c) => ` TPROXY redirect ${c.addr}:${c.port} mark ${hex(c.mark.value)}/${hex(c.mark.mask)}`,
  // Kernel: tproxy_tg4_check(), net/netfilter/xt_TPROXY.c
  check: (_, { protocol, protocolNegated }) =>
    (protocol === IPPROTO.tcp || protocol === IPPROTO.udp) && !protocolNegated ? null : 'EINVAL',
  act: actTproxy,
});

/** Kernel: tproxy_tg4(), tproxy_tg6_v1() */
function actTproxy(c: TproxyConfig, action: XtAction): TargetAnswer {
  const { skb, env } = action;
  const { packet } = skb;
  const header = packet.tcp ?? packet.udp;
  if (header === undefined) return 'drop';
  const established = env.port.socketLookup(skb);
  const unset = c.addr === '0.0.0.0' || c.addr === '::';
  const addr = unset ? (ownAddress(action) ?? packet.dst) : c.addr;
  const number = c.port === 0 ? header.dport : c.port;
  const found =
    established !== null && !established.wildcard
      ? established
      : env.port.socketLookup({ ...skb, packet: withPort(withAddr(packet, 'dst', addr), 'dst', number) });
  if (found === null || !found.transparent) return 'drop';
  setMark(action, (skb.mark & ~c.mark.mask) ^ c.mark.value, 'TPROXY');
  skb.tproxy = { addr, port: number };
  return 'accept';
}

/** The first address of the interface that the packet came in by. Kernel: nf_tproxy_laddr4() */
function ownAddress({ env, state, skb }: XtAction): Addr | null {
  const own = env.port.iface(state.in)?.addresses ?? [];
  return own.find(({ addr, secondary }) => familyOf(addr) === skb.packet.family && !secondary)?.addr ?? null;
}
