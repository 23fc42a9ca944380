import { allFlows, type ConntrackState, DROP, flowOf, killFlow } from '../conntrack';
import type { Conn, HookAnswer, HookState, HostPort, Skb } from '../model';
import { type Addr, addrFromWords, addrWords, isLinkLocal, isMulticast } from '../wire';
import { type Manip, type NatPorts, rangeTo } from './range';
import { nfNatSetupInfo } from './setup';

function connOf(skb: Skb): Conn {
  if (skb.ct === null) throw new Error('a nat target was reached by a packet without a flow');
  return skb.ct;
}

/**
 * MASQUERADE: SNAT to the address that the outgoing interface has towards the next hop.
 *
 * Kernel: nf_nat_masquerade_ipv4(), nf_nat_masquerade_ipv6(), net/netfilter/nf_nat_masquerade.c
 */
export function natMasquerade(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  ports: NatPorts,
): HookAnswer {
  const conn = connOf(skb);
  const { packet } = skb;
  if (packet.family === 4 && conn.original.src === '0.0.0.0') return 'accept';
  const towards = packet.family === 4 ? (skb.dst?.gateway ?? packet.dst) : packet.dst;
  const addr = port.selectAddr(
    packet.family,
    state.out,
    towards.includes(':') === (packet.family === 6) ? towards : packet.dst,
  );
  if (addr === null) {
    port.emit(skb, { type: 'note', note: 'masquerade-no-address', params: { dev: state.out } });
    return DROP;
  }
  conn.masqInterface = state.out;
  return nfNatSetupInfo(ct, port, skb, conn, rangeTo(addr, ports), 'src', 'MASQUERADE');
}

/**
 * REDIRECT: DNAT to the host itself: in OUTPUT to loopback, else to the first address of the interface that the packet
 * came by; in IPv6 to one of the scope of its destination, if that is not global.
 *
 * Kernel: nf_nat_redirect_ipv4(), nf_nat_redirect_ipv6(), net/netfilter/nf_nat_redirect.c
 */
export function natRedirect(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  ports: NatPorts,
): HookAnswer {
  const addr = redirectAddr(port, skb, state);
  if (addr === null) {
    port.emit(skb, { type: 'note', note: 'redirect-no-address', params: { dev: state.in } });
    return DROP;
  }
  return nfNatSetupInfo(ct, port, skb, connOf(skb), rangeTo(addr, ports), 'dst', 'REDIRECT');
}

function redirectAddr(port: HostPort, skb: Skb, state: HookState): Addr | null {
  const { family, dst } = skb.packet;
  if (state.hook === 'OUTPUT') return family === 4 ? '127.0.0.1' : '::1';
  const own = (port.iface(state.in)?.addresses ?? []).filter((address) => address.family === family);
  if (family === 4) return (own.find((address) => !address.secondary) ?? own[0])?.addr ?? null;
  const scope = ipv6AddrScope(dst);
  const usable = ({ addr }: { readonly addr: Addr }) => scope === 'global' || ipv6AddrScope(addr) === scope;
  return own.find(usable)?.addr ?? null;
}

type Scope6 = 'node' | 'link' | 'site' | 'global';
const MULTICAST_SCOPES: Readonly<Record<string, Scope6>> = { '1': 'node', '2': 'link', '5': 'site' };

/** Kernel: ipv6_addr_scope(), ipv6_addr_scope2type() */
function ipv6AddrScope(addr: Addr): Scope6 {
  if (isMulticast(addr)) return MULTICAST_SCOPES[addr[3] ?? ''] ?? 'global';
  if (addr === '::1') return 'node';
  if (isLinkLocal(addr)) return 'link';
  return /^fe[cdef]/.test(addr) ? 'site' : 'global';
}

/**
 * NETMAP: the network part of an address is replaced by that of `minAddr`-`maxAddr`, the first and last address of the
 * new network; the host part stays.
 *
 * Kernel: netmap_tg4(), netmap_tg6(), net/netfilter/xt_NETMAP.c
 */
export function natNetmap(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  minAddr: Addr,
  maxAddr: Addr,
): HookAnswer {
  const manip: Manip = state.hook === 'PREROUTING' || state.hook === 'OUTPUT' ? 'dst' : 'src';
  const { packet } = skb;
  const own = addrWords(manip === 'dst' ? packet.dst : packet.src);
  const max = addrWords(maxAddr);
  const mapped = addrWords(minAddr).map((min, i) => {
    const hostBits = (min ^ max[i]!) >>> 0;
    return ((own[i]! & hostBits) | (min & ~hostBits)) >>> 0;
  });
  const [a = 0, b = 0, c = 0, d = 0] = mapped;
  const addr = addrFromWords([a, b, c, d], packet.family);
  return nfNatSetupInfo(ct, port, skb, connOf(skb), rangeTo(addr), manip, 'NETMAP');
}

/**
 * An interface went down, or lost `addr`: masqueraded flows over it are forgotten; how many.
 *
 * Kernel: masq_device_event(), masq_inet_event(), net/netfilter/nf_nat_masquerade.c
 */
export function natForgetInterface(ct: ConntrackState, port: HostPort, iface: string, addr?: Addr): number {
  let count = 0;
  for (const flow of allFlows(ct)) {
    if (flow.masqInterface !== iface || (addr !== undefined && flow.reply.dst !== addr)) continue;
    if (killFlow(ct, port, null, flowOf(flow), 'destroy', 'masquerade-interface-gone')) count++;
  }
  return count;
}
