import { type Conn, IPS } from '../../model';
import { type Addr, parseAddr } from '../../wire';
import type { Fault, Test } from './conntrack-filter';
import { readAton } from './net/names';

/**
 * What the library tells of one end of an entry: its address and its port, before and after. Of ICMP it takes the id, and type
 * with code, for ports: those of an echo always differ.
 */
interface End {
  readonly done: number;
  readonly address: (conn: Conn) => readonly [before: string, after: string];
  readonly port: (conn: Conn) => readonly [before: number, after: number];
}

const ENDS: Readonly<Record<'src' | 'dst', End>> = {
  src: {
    done: IPS.SRC_NAT_DONE,
    address: ({ original, reply }) => [original.src, reply.dst],
    port: ({ original, reply }) => [original.sport, reply.dport],
  },
  dst: {
    done: IPS.DST_NAT_DONE,
    address: ({ original, reply }) => [original.dst, reply.src],
    port: ({ original, reply }) => [original.dport, reply.sport],
  },
};

/** ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT. conntrack-tools: split_address_and_port() */
export function readTarget(
  option: string,
  value: string,
): { readonly addr: Addr; readonly port: number | null } | Fault {
  if (value.startsWith('[]')) return { wrong: 'No IPv6 address specified' };
  if (/^\[[^\]]*$/.test(value)) return { wrong: "No closing ']' around IPv6 address" };
  const [, bracketed, plain = bracketed ?? value, port] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(value) ?? [];
  if (port === '') return { wrong: "No port specified after `:'" };
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 0xffff))
    return { wrong: `Invalid port \`${port}'` };
  if (plain.includes('/')) return { wrong: `CIDR notation unavailable for \`--${option}'` };
  const addr = readAton(plain) ?? parseAddr(plain);
  return addr === null ? { wrong: `Invalid IP address \`${plain}'` } : { addr, port: port ? Number(port) : null };
}

/**
 * `--src-nat`, `--dst-nat`, `--any-nat`, with or without what the flow was given. `value` is null for none.
 * conntrack-tools: filter_nat(); libnetfilter_conntrack: nfct_getobjopt()
 */
export function natTest(option: string, value: string | null): Test | Fault {
  const target = value === null ? { addr: null, port: null } : readTarget(option, value);
  if (!('addr' in target)) return target;
  const { addr, port } = target;
  const ends = option === 'any-nat' ? [ENDS.src, ENDS.dst] : [option === 'src-nat' ? ENDS.src : ENDS.dst];
  return (conn) =>
    ends.some(({ done, ...end }) => {
      if ((conn.status & done) === 0) return false;
      const [from, to] = end.address(conn);
      const [fromPort, toPort] = end.port(conn);
      if (addr === null) return from !== to || fromPort !== toPort;
      return from !== to && to === addr && (port === null || (fromPort !== toPort && toPort === port));
    });
}
