import { familyOf } from '../../../wire';
import type { PingOptions } from './ping-options';
import type { IcmpError } from './probe';

export interface PingCount {
  sent: number;
  received: number;
  errors: number;
}

export function heading({ target, to, size, from }: PingOptions): string {
  const by = from === null ? '' : from.dev ? ` from ${from.addr} ${from.word}:` : ` from ${from.addr} :`;
  return familyOf(to) === 4
    ? `PING ${target} (${to})${by} ${size}(${size + 28}) bytes of data.\n`
    : `PING ${target}(${target === to ? to : `${target} (${to})`})${by} ${size} data bytes\n`;
}

/** Too short a request has no room for the time, so its round trip is not known. */
export function replyLine(size: number, from: string, seq: number, ttl: number): string {
  const time = size >= 16 ? ' time=0.000 ms' : '';
  return `${size + 8} bytes from ${from}: icmp_seq=${seq} ttl=${ttl}${time}\n`;
}

export function statistics({ target, size }: PingOptions, count: PingCount, ms: number): string {
  const { sent, received, errors } = count;
  const loss = Math.round(((sent - received) * 1e6) / sent) / 1e4;
  const more = errors > 0 ? ` +${errors} errors,` : '';
  const rtt = received > 0 && size >= 16 ? 'rtt min/avg/max/mdev = 0.000/0.000/0.000/0.000 ms' : '';
  return (
    `\n--- ${target} ping statistics ---\n` +
    `${sent} packets transmitted, ${received} received,${more} ${Number(loss.toPrecision(6))}% packet loss, time ${ms}ms\n` +
    `${rtt}\n`
  );
}

const UNREACHABLE = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  '',
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
];

const UNREACHABLE6 = [
  'No route',
  'Administratively prohibited',
  'Beyond scope of source address',
  'Address unreachable',
  'Port unreachable',
];

/** An error that tells an MTU, or null. */
export function mtuText({ family, type, code, mtu }: IcmpError): string | null {
  if (family === 4 && type === 3 && code === 4) return `Frag needed and DF set (mtu = ${mtu})`;
  return family === 6 && type === 2 ? `Packet too big: mtu=${mtu}` : null;
}

/** iputils: pr_icmph(), print_icmp() */
export function errorText(error: IcmpError): string {
  const { family, type, code } = error;
  const big = mtuText(error);
  if (big !== null) return big;
  if (family === 4) {
    if (type === 3) return UNREACHABLE[code] || `Dest Unreachable, Bad Code: ${code}`;
    if (type === 4) return 'Source Quench';
    if (type === 11) return code === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded';
    if (type === 12) return 'Parameter problem: pointer = 0';
    return `Bad ICMP type: ${type}`;
  }
  if (type === 1) return `Destination unreachable: ${UNREACHABLE6[code] ?? `Unknown code ${code}`}`;
  if (type === 3) return `Time exceeded: ${code === 0 ? 'Hop limit' : 'Defragmentation failure'}`;
  return type === 4 ? 'Parameter problem: Wrong header field ' : `unknown icmp type: ${type}`;
}
