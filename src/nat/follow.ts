import { type ConntrackState, type Expectation, type Flow, tupleIn } from '../conntrack';
import type { HostPort, Skb } from '../model';
import { NAT_RANGE, rangeTo } from './range';
import { nfNatSetupInfo } from './setup';

/**
 * Gives an expected flow the mapping of its master: its source as the master's other end knows it, its destination
 * where the helper read it. Kernel: nf_nat_follow_master(), net/netfilter/nf_nat_helper.c
 */
export function followMaster(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow, expectation: Expectation): void {
  const towards = tupleIn(expectation.master, expectation.dir === 0 ? 1 : 0);
  nfNatSetupInfo(ct, port, skb, flow, rangeTo(towards.dst), 'src', 'helper');
  const { savedPort } = expectation;
  const ports = { flags: NAT_RANGE.PROTO_SPECIFIED, minProto: savedPort, maxProto: savedPort };
  nfNatSetupInfo(ct, port, skb, flow, rangeTo(towards.src, ports), 'dst', 'helper');
}
