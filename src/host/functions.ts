import { nfConfirm, nfConntrackIn } from '../conntrack';
import type { Conn, HookAnswer, HookOps, HookState, Skb, TableName } from '../model';
import { type NatInfo, nfNatInetFn } from '../nat';
import { iptDoTable, type XtEnv, type XtFamily } from '../xtables';
import type { Host } from './host';
import { routeMeHarder } from './net/harder';
import type { HostSkb } from './skb';

/** What a walk through the tables of one family needs. */
function xtEnv(host: Host, family: XtFamily): XtEnv {
  const { verbose } = host.world;
  return { port: host, ct: host.ct, sets: host.sets, tables: host.tables[family], ...(verbose ? { verbose } : null) };
}

/** What its targets send is received when the table is through. Kernel: ipt_do_table(), local_bh_disable() */
function doTable(host: Host, skb: Skb, state: HookState, table: TableName): HookAnswer {
  const env = xtEnv(host, state.family === 'ip6' ? 'ip6' : 'ip');
  return host.world.withBhDisabled(() => iptDoTable(env, skb, state, table));
}

/** Hook function of raw, filter, security, and of mangle but for OUTPUT. Kernel: ipt_do_table() */
export function tableHook(host: Host, skb: Skb, state: HookState, ops: HookOps<Host>): HookAnswer {
  return doTable(host, skb, state, ops.table!);
}

/** Mangle at OUTPUT: a packet whose address, mark or TOS was changed finds its way anew. Kernel: ipt_mangle_out(), ip6t_mangle_out() */
export function mangleOutputHook(host: Host, skb: Skb, state: HookState): HookAnswer {
  const { src, dst, tos, ttl } = skb.packet;
  const { mark } = skb;
  const answer = doTable(host, skb, state, 'mangle');
  const verdict = typeof answer === 'string' ? answer : answer.verdict;
  if (verdict === 'drop' || verdict === 'stolen') return answer;
  const now = skb.packet;
  const moved = now.src !== src || now.dst !== dst || skb.mark !== mark || now.tos !== tos;
  if (!moved && (now.family === 4 || now.ttl === ttl)) return answer;
  const errno = routeMeHarder(host, skb as HostSkb);
  return errno === null ? answer : { verdict: 'drop', errno };
}

/**
 * All nat chains of a hook. After it, a packet that has another destination finds its way anew.
 *
 * Kernel: nf_nat_ipv4_pre_routing(), nf_nat_ipv4_local_fn() and kin, net/netfilter/nf_nat_proto.c
 */
export function natHook(host: Host, skb: Skb, state: HookState): HookAnswer {
  const manip = state.hook === 'PREROUTING' || state.hook === 'OUTPUT' ? 'dst' : 'src';
  const info: NatInfo = {};
  const before = skb.packet.dst;
  const chains = (s: Skb, at: HookState) => doTable(host, s, at, 'nat');
  const answer = nfNatInetFn(host.ct, host, skb, state, manip, chains, info);
  host.skipped = info.skipped;
  if (answer !== 'accept') return answer;
  if (state.hook === 'PREROUTING' && skb.packet.dst !== before) skb.dst = null;
  if (state.hook === 'OUTPUT' && skb.ct && otherWay(skb.ct, skb.ctinfo.endsWith('REPLY'))) {
    const errno = routeMeHarder(host, skb as HostSkb);
    if (errno !== null) return { verdict: 'drop', errno };
  }
  return 'accept';
}

function otherWay(conn: Conn, reply: boolean): boolean {
  return reply ? conn.reply.dst !== conn.original.src : conn.original.dst !== conn.reply.src;
}

/** Kernel: ipv4_conntrack_in(), ipv4_conntrack_local() */
export function conntrackHook(host: Host, skb: Skb, state: HookState): HookAnswer {
  return nfConntrackIn(host.ct, host, skb, state);
}

/** Conntrack's last word on a packet. Kernel: nf_confirm() */
export function confirmHook(host: Host, skb: Skb, state: HookState): HookAnswer {
  return nfConfirm(host.ct, host, skb, state);
}
