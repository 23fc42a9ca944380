import { type HookAnswer, type HostPort, IPS, type Skb } from '../../model';
import { type Family, IPPROTO, payloadOf } from '../../wire';
import { cacheEvent, IPCT } from '../events';
import type { Flow, Help } from '../flow';
import { isConfirmed } from '../flow';
import type { ConntrackState } from '../state';
import { ftpHelp, newFtpMaster } from './ftp';
import { tftpHelp } from './tftp';

interface HelperInfo {
  /** Transport protocols that it is registered for. */
  readonly protocols: readonly number[];
  readonly families: readonly Family[];
}

const BOTH: readonly Family[] = [4, 6];
const ONLY4: readonly Family[] = [4];

/** The helpers of Linux 6.18. Kernel: net/netfilter/nf_conntrack_{ftp,tftp,irc,…}.c */
const HELPERS: Readonly<Record<string, HelperInfo>> = {
  ftp: { protocols: [IPPROTO.tcp], families: BOTH },
  tftp: { protocols: [IPPROTO.udp], families: BOTH },
  amanda: { protocols: [IPPROTO.udp], families: BOTH },
  'H.245': { protocols: [IPPROTO.tcp], families: BOTH },
  irc: { protocols: [IPPROTO.tcp], families: ONLY4 },
  'netbios-ns': { protocols: [IPPROTO.udp], families: ONLY4 },
  pptp: { protocols: [IPPROTO.tcp], families: ONLY4 },
  'Q.931': { protocols: [IPPROTO.tcp], families: BOTH },
  RAS: { protocols: [IPPROTO.udp], families: BOTH },
  sane: { protocols: [IPPROTO.tcp], families: BOTH },
  sip: { protocols: [IPPROTO.tcp, IPPROTO.udp], families: BOTH },
  snmp: { protocols: [IPPROTO.udp], families: ONLY4 },
};

/** Whether the kernel has this helper for this protocol. Kernel: nf_conntrack_helper_try_module_get() */
export function helperExists(name: string, family: Family, protocol: number): boolean {
  const info = HELPERS[name];
  return info?.protocols.includes(protocol) === true && info.families.includes(family);
}

/** What a flow keeps for its helper; null: it is to have none. Kernel: nf_ct_helper_ext_add() */
export function newHelp(helper: string | null): Help {
  return { helper, ftp: newFtpMaster() };
}

/** Gives a new flow the template's helper. Kernel: __nf_ct_try_assign_helper() */
export function assignFromTemplate(flow: Flow, template: Flow): void {
  if (template.help === null) return;
  assignHelper(flow, template.help.helper);
}

/** Gives a flow that is not confirmed yet a helper (nft `ct helper set`). Kernel: nft_ct_helper_obj_eval() */
function assignHelper(flow: Flow, name: string | null): void {
  flow.status |= IPS.HELPER;
  if (name === null || isConfirmed(flow)) return;
  flow.help = newHelp(name);
  flow.helper = name;
}

/** Runs the flow's helper on a packet that leaves or is delivered. Kernel: nf_conntrack_helper.help */
export function runHelper(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow): HookAnswer {
  switch (flow.help?.helper ?? null) {
    case null:
      return 'accept';
    case 'ftp':
      return ftpHelp(ct, port, skb, flow);
    case 'tftp':
      return tftpHelp(ct, port, skb, flow);
    default:
      if (!mayAct(port, skb, flow)) return 'accept';
      skb.uncertain = true;
      port.emit(skb, { type: 'not-modelled', what: `conntrack helper ${flow.helper}` });
      return 'accept';
  }
}

/**
 * Whether a helper that is not modelled does anything with this packet. None looks at one without payload; two wait for
 * answers to what the host itself broadcasts, and one of these writes into what NAT translates.
 * Kernel: nf_conntrack_broadcast_help(), snmp_conntrack_help()
 */
function mayAct(port: HostPort, { packet, socket }: Skb, { helper, status }: Flow): boolean {
  const translated = (status & (IPS.SRC_NAT | IPS.DST_NAT)) !== 0;
  if (helper === 'netbios-ns' || (helper === 'snmp' && !translated)) {
    return socket !== null && port.addrType(packet.family, packet.dst) === 'BROADCAST';
  }
  return payloadOf(packet).length > 0;
}

/** Kernel: __nf_conntrack_confirm(), its IPCT_HELPER */
export function announceHelper(flow: Flow): void {
  if (flow.help !== null && flow.help.helper !== null) cacheEvent(flow, IPCT.helper);
}
