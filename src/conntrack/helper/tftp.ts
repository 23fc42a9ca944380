import type { HookAnswer, HostPort, Skb } from '../../model';
import { IPS } from '../../model';
import { IPPROTO, u16 } from '../../wire';
import { DROP } from '../drop';
import { expectRelated, newExpectation } from '../expect';
import type { Flow } from '../flow';
import type { ConntrackState } from '../state';

const READ = 1;
const WRITE = 2;

/**
 * A read or write request is answered from another port of the server: that flow is expected.
 *
 * Kernel: tftp_help(), net/netfilter/nf_conntrack_tftp.c; help(), nf_nat_tftp.c. RFC 1350 p. 4
 */
export function tftpHelp(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow): HookAnswer {
  const { bytes, l4Offset } = skb.packet;
  if (l4Offset + 10 > bytes.length) return 'accept';
  const opcode = u16(bytes, l4Offset + 8);
  if (opcode !== READ && opcode !== WRITE) return 'accept';
  const { src, dst, dport } = flow.reply;
  const expectation = newExpectation(ct, flow, { protocol: IPPROTO.udp, src, dst, dport });
  if ((flow.status & (IPS.SRC_NAT | IPS.DST_NAT)) !== 0) {
    expectation.savedPort = flow.original.sport;
    expectation.dir = 1;
    expectation.followMaster = true;
  }
  return expectRelated(ct, port, skb, expectation) === 'ok' ? 'accept' : DROP;
}
