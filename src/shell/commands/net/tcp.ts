import type { Host } from '../../../host';
import { type Addr, familyOf } from '../../../wire';
import type { NetReply, Talk } from '../../net';
import type { SocketErrno } from './errno';
import { errorAbout, segmentFrom, socketErrorOf } from './probe';

/**
 * Seconds after which a SYN that nobody answers is given up, with tcp_syn_retries at 6 and tcp_syn_linear_timeouts at 4. It
 * is not repeated here: the clock goes on by as much.
 */
export const SYN_SECONDS = 135;

export type Opened =
  | {
      readonly kind: 'open';
      readonly client: number;
      readonly src: Addr;
      readonly sport: number;
      readonly received: string;
      /** What the other side has sent so far is acknowledged with this. */
      readonly ack: number;
    }
  /** `immediate`: connect() itself failed, and nothing was sent. */
  | { readonly kind: 'failed'; readonly errno: SocketErrno; readonly immediate: boolean }
  /** Nothing came back. */
  | { readonly kind: 'silent' };

/** A client socket connects, and no more. */
export function* tcpOpen(
  host: Host,
  to: Addr,
  port: number,
  from: { readonly src?: Addr; readonly sport?: number } = {},
): Talk<Opened> {
  const sport = from.sport ?? host.freePort('tcp');
  const way = host.sourceFor(to);
  const reply: NetReply = yield { kind: 'connect', to, port, close: false, ...from, sport };
  if (!way.ok) return { kind: 'failed', errno: way.errno, immediate: true };
  if (reply.error) return { kind: 'failed', errno: reply.error, immediate: true };
  const { client, phase, received, heard } = reply;
  if (phase === 'refused') return { kind: 'failed', errno: 'ECONNREFUSED', immediate: false };
  if (phase === 'connecting') {
    const error = socketErrorOf(errorAbout(heard, { dst: to, protocol: 6, sport, dport: port }));
    return error ? { kind: 'failed', errno: error.errno, immediate: false } : { kind: 'silent' };
  }
  const synAck = segmentFrom(heard, to, port, sport);
  const ack = ((synAck?.tcp?.seq ?? 0) + 1) >>> 0;
  return { kind: 'open', client, src: from.src ?? way.src, sport, received, ack };
}

/** As the tools write an address and a port. */
export function hostPort(addr: Addr, port: number): string {
  return `${bracketed(addr)}:${port}`;
}

export function bracketed(addr: Addr): string {
  return familyOf(addr) === 6 ? `[${addr}]` : addr;
}
