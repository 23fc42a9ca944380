import { pskbMayPull } from '../../model';
import { IPPROTO, TCP_CWR, TCP_ECE, withTcpFlags, withTos } from '../../wire';
import { uint } from '../read/kinds';
import {
  type CheckCall,
  defineTarget,
  flag,
  type LoadError,
  option,
  type TargetAnswer,
  type XtAction,
} from '../record';
import { type Read, Refusal } from '../refusal';
import { replacePacket } from './change';

interface EcnConfig {
  readonly ece: number | null;
  readonly cwr: number | null;
  readonly ect: number | null;
}

export const ECN = defineTarget({
  name: 'ECN',
  title: 'Change ECN bits',
  help: 'Changes the bits of explicit congestion notification in the TCP and the IP header.',
  verdict: 'continue',
  families: ['ip'],
  tables: ['mangle'],
  options: {
    'ecn-tcp-remove': flag('Clears ECE and CWR', { excludes: ['ecn-tcp-cwr', 'ecn-tcp-ece'] }),
    'ecn-tcp-cwr': option(uint(8, { max: 1 }), 'CWR bit', { excludes: ['ecn-tcp-remove'] }),
    'ecn-tcp-ece': option(uint(8, { max: 1 }), 'ECE bit', { excludes: ['ecn-tcp-remove'] }),
    'ecn-ip-ect': option(uint(8, { max: 3 }), 'Codepoint in the IP header'),
  },
  parse: (uses): Read<EcnConfig> => {
    const ect = uses['ecn-ip-ect']?.value ?? null;
    if (uses['ecn-tcp-remove'] !== undefined) return { ece: 0, cwr: 0, ect };
    const ece = uses['ecn-tcp-ece']?.value ?? null;
    const cwr = uses['ecn-tcp-cwr']?.value ?? null;
    if (ece === null && cwr === null && ect === null) {
      return new Refusal('option-missing', 'ECN target: An operation is required');
    }
    return { ece, cwr, ect };
  },
  print: (c) => {
    if (removes(c)) return ' --ecn-tcp-remove';
    let out = c.ece === null ? '' : ` --ecn-tcp-ece ${c.ece}`;
    if (c.cwr !== null) out += ` --ecn-tcp-cwr ${c.cwr}`;
    return c.ect === null ? out : `${out} --ecn-ip-ect ${c.ect}`;
  },
  list: (c) => {
    if (removes(c)) return ' ECN TCP remove';
    let out = c.ece === null ? ' ECN' : ` ECN ECE=${c.ece}`;
    if (c.cwr !== null) out += ` CWR=${c.cwr}`;
    return c.ect === null ? out : `${out} ECT codepoint=${c.ect}`;
  },
  check: checkEcn,
  act: actEcn,
});

function removes({ ece, cwr, ect }: EcnConfig): boolean {
  return ece === 0 && cwr === 0 && ect === null;
}

/** Kernel: ecn_tg_check(), net/ipv4/netfilter/ipt_ECN.c */
function checkEcn(c: EcnConfig, { protocol, protocolNegated }: CheckCall): LoadError | null {
  if (c.ece === null && c.cwr === null) return null;
  return protocol === IPPROTO.tcp && !protocolNegated ? null : 'EINVAL';
}

/** Kernel: ecn_tg(), set_ect_ip(), set_ect_tcp() */
function actEcn(c: EcnConfig, action: XtAction): TargetAnswer {
  const { skb } = action;
  if (c.ect !== null) {
    const { packet } = skb;
    const before = packet.tos & 3;
    if (before !== c.ect)
      replacePacket(action, withTos(packet, (packet.tos & 0xfc) | c.ect), 'ecn', before, c.ect, 'ECN');
  }
  if ((c.ece === null && c.cwr === null) || skb.packet.protocol !== IPPROTO.tcp) return 'continue';
  const { packet } = skb;
  // What stands in a later fragment is taken for a TCP header, too.
  if (packet.l4Offset + 20 > packet.bytes.length) return 'drop';
  const before = packet.bytes[packet.l4Offset + 13]!;
  let flags = before;
  if (c.ece !== null) flags = (flags & ~TCP_ECE) | (c.ece * TCP_ECE);
  if (c.cwr !== null) flags = (flags & ~TCP_CWR) | (c.cwr * TCP_CWR);
  if (flags === before) return 'continue';
  pskbMayPull(skb, packet.l4Offset + 20);
  replacePacket(action, withTcpFlags(packet, flags), 'flags', before, flags, 'ECN');
  return 'continue';
}
