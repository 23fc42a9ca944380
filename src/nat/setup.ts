import {
  type ConntrackState,
  ctSnapshot,
  DROP,
  type Flow,
  flowOf,
  invertOwn,
  isConfirmed,
  sourceKey,
  tupleEqual,
} from '../conntrack';
import { type Conn, type Endpoint, type HookAnswer, type HostPort, IPS, type Skb, type Tuple } from '../model';
import { IPPROTO } from '../wire';
import { type Manip, type NatRange, rangeTo } from './range';
import { type PortChosen, uniqueTuple } from './unique';

/** Whether this direction of the flow's mapping is settled; ask it between the nat chains of one hook. */
export function nfNatInitialized(conn: Conn, manip: Manip): boolean {
  return (conn.status & (manip === 'src' ? IPS.SRC_NAT_DONE : IPS.DST_NAT_DONE)) !== 0;
}

/**
 * Sets up one direction of a flow's mapping, once. `targetName`: the target that asks for it, '' if none does and the
 * flow is to stay as it is (which it does unless its port is taken).
 *
 * Kernel: nf_nat_setup_info(), net/netfilter/nf_nat_core.c
 */
export function nfNatSetupInfo(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  conn: Conn,
  range: NatRange,
  manip: Manip,
  targetName: string,
): HookAnswer {
  if (isConfirmed(conn)) return 'accept';
  if (nfNatInitialized(conn, manip)) return DROP;
  const flow = flowOf(conn);
  const current = invertOwn(flow.reply);
  const { tuple, portChosen } = uniqueTuple({ ct, port, flow }, current, range, manip);
  const changed = !tupleEqual(tuple, current);
  if (changed) {
    flow.reply = invertOwn(tuple);
    flow.status |= manip === 'src' ? IPS.SRC_NAT : IPS.DST_NAT;
  }
  if (manip === 'src') {
    const key = sourceKey(flow.original);
    const list = ct.bySource.get(key);
    if (list === undefined) ct.bySource.set(key, [flow]);
    else list.push(flow);
  }
  flow.status |= manip === 'src' ? IPS.SRC_NAT_DONE : IPS.DST_NAT_DONE;
  if (changed || targetName !== '') announce(port, skb, flow, manip, targetName, current, tuple, portChosen);
  return 'accept';
}

function announce(
  port: HostPort,
  skb: Skb,
  flow: Flow,
  manip: Manip,
  target: string,
  before: Tuple,
  after: Tuple,
  portChosen: PortChosen | undefined,
): void {
  port.emit(skb, {
    type: 'nat-setup',
    manip,
    target,
    before: endpoint(before, manip),
    after: endpoint(after, manip),
    ...(portChosen !== undefined ? { portChosen } : {}),
    entry: ctSnapshot(flow, port.now()),
  });
}

const WITH_PORTS: ReadonlySet<number> = new Set([IPPROTO.tcp, IPPROTO.udp, IPPROTO.udplite, IPPROTO.sctp, IPPROTO.gre]);

/** The end of a tuple that NAT works at; of ICMP both ends have the id. */
export function endpoint(tuple: Tuple, manip: Manip): Endpoint {
  const addr = manip === 'src' ? tuple.src : tuple.dst;
  if (tuple.protocol === IPPROTO.icmp || tuple.protocol === IPPROTO.icmpv6) return { addr, port: tuple.sport };
  if (!WITH_PORTS.has(tuple.protocol)) return { addr, port: null };
  return { addr, port: manip === 'src' ? tuple.sport : tuple.dport };
}

/**
 * A mapping to what the flow has already: no rule asked for another. A source port that is taken is changed even so.
 *
 * Kernel: __nf_nat_alloc_null_binding()
 */
export function allocNullBinding(ct: ConntrackState, port: HostPort, skb: Skb, conn: Conn, manip: Manip): HookAnswer {
  const addr = manip === 'src' ? conn.reply.dst : conn.reply.src;
  return nfNatSetupInfo(ct, port, skb, conn, rangeTo(addr), manip, '');
}
