import { type ConntrackState, DROP, dirOf, flowOf, killFlow, type NatHook } from '../conntrack';
import type { Conn, HookAnswer, HookState, HostPort, Skb } from '../model';
import { IPPROTO } from '../wire';
import { followMaster } from './follow';
import { icmpReplyTranslation, nfNatPacket } from './manip';
import type { Manip } from './range';
import { allocNullBinding, nfNatInitialized } from './setup';

/** Filled by `nfNatInetFn`: why the chains were not asked. */
export interface NatInfo {
  skipped?: 'flow-known' | 'untracked' | 'conntrack-off' | 'invalid';
}

const NAT_HOOK: NatHook = Object.freeze({ followMaster });

/**
 * The one nat function of a hook: `dst` at PREROUTING and OUTPUT (-100), `src` at INPUT and POSTROUTING (100). `chains`
 * walks the nat chains in their order and stops after the one that settled the mapping (`nfNatInitialized`) or that
 * did not accept; it is asked for a flow's first packet alone.
 *
 * Kernel: nf_nat_inet_fn(), net/netfilter/nf_nat_core.c; nf_nat_ipv4_fn(), nf_nat_ipv6_fn(), nf_nat_proto.c
 */
export function nfNatInetFn(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  manip: Manip,
  chains: (skb: Skb, state: HookState) => HookAnswer,
  info: NatInfo = {},
): HookAnswer {
  ct.nat ??= NAT_HOOK;
  const conn = skb.ct;
  if (conn === null) {
    const active = state.family === 'ip6' ? ct.active.ip6 : ct.active.ip;
    info.skipped = !active ? 'conntrack-off' : skb.untracked ? 'untracked' : 'invalid';
    return 'accept';
  }
  const related = skb.ctinfo === 'RELATED' || skb.ctinfo === 'RELATED_REPLY';
  if (related && skb.packet.protocol === (skb.packet.family === 4 ? IPPROTO.icmp : IPPROTO.icmpv6)) {
    info.skipped = 'flow-known';
    return icmpReplyTranslation(ct, port, skb, state, manip);
  }
  let byRule = false;
  if ((related || skb.ctinfo === 'NEW') && !nfNatInitialized(conn, manip)) {
    const answer = chains(skb, state);
    if (answer !== 'accept') return answer;
    byRule = nfNatInitialized(conn, manip);
    if (!byRule) {
      const bound = allocNullBinding(ct, port, skb, conn, manip);
      if (bound !== 'accept') return bound;
    }
  } else {
    info.skipped = 'flow-known';
    if (oifChanged(conn, skb, state)) {
      killFlow(ct, port, skb, flowOf(conn), 'destroy', 'masquerade-interface-changed');
      return DROP;
    }
  }
  return nfNatPacket(port, skb, state, manip, byRule);
}

/** A masqueraded flow leaves by another interface than the one it got its address from. Kernel: nf_nat_oif_changed() */
function oifChanged(conn: Conn, skb: Skb, state: HookState): boolean {
  return (
    conn.masqInterface !== '' &&
    state.hook === 'POSTROUTING' &&
    dirOf(skb.ctinfo) === 0 &&
    conn.masqInterface !== state.out
  );
}
