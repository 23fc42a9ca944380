import type { Skb } from '../../model';
import type { XtAction } from '../record';
import { isFromRequest, ownedSocket } from '../sockets';
import { dumpPacket, type LogDetails } from './log-packet';

interface LogFlags extends LogDetails {
  readonly uid: boolean;
  readonly macDecode: boolean;
}

/**
 * The line that LOG writes, without its prefix.
 * Kernel: nf_log_ip_packet(), nf_log_ip6_packet(), net/netfilter/nf_log_syslog.c
 */
export function logText({ skb, state }: XtAction, flags: LogFlags): string {
  let out = `IN=${state.in} OUT=${state.out} `;
  if (skb.physIn !== '' && skb.physIn !== state.in) out += `PHYSIN=${skb.physIn} `;
  if (skb.physOut !== '' && skb.physOut !== state.out) out += `PHYSOUT=${skb.physOut} `;
  if (state.in !== '') out += macText(skb, flags.macDecode);
  const packet = dumpPacket(skb.packet.bytes, flags);
  out += packet.text;
  if (packet.cut) return out.trimEnd();
  const socket = flags.uid && !isFromRequest(skb) ? ownedSocket(skb) : null;
  if (socket !== null) out += `UID=${socket.uid} GID=${socket.gid} `;
  if (skb.mark !== 0) out += `MARK=0x${skb.mark.toString(16)} `;
  return out.trimEnd();
}

/** The addresses of lo. */
const NONE = { src: '00:00:00:00:00:00', dst: '00:00:00:00:00:00' };

/** Kernel: dump_mac_header() */
function macText(skb: Skb, decode: boolean): string {
  const { src, dst } = skb.mac ?? NONE;
  const type = skb.packet.family === 4 ? '0800' : '86dd';
  if (decode) return `MACSRC=${src} MACDST=${dst} MACPROTO=${type} `;
  return `MAC=${dst}:${src}:${type.slice(0, 2)}:${type.slice(2)} `;
}
