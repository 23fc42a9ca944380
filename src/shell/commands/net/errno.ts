import type { Errno } from '../../../model';

/** What a socket may report, as far as these commands meet it. */
export type SocketErrno =
  | Errno
  | 'ETIMEDOUT'
  | 'ENOPROTOOPT'
  | 'EOPNOTSUPP'
  | 'EHOSTDOWN'
  | 'ENONET'
  | 'EPROTO'
  | 'ECONNRESET';

const TEXTS: Readonly<Record<SocketErrno, readonly [number: number, text: string]>> = {
  EPERM: [1, 'Operation not permitted'],
  EACCES: [13, 'Permission denied'],
  EINVAL: [22, 'Invalid argument'],
  ENONET: [64, 'Machine is not on the network'],
  EPROTO: [71, 'Protocol error'],
  EMSGSIZE: [90, 'Message too long'],
  ENOPROTOOPT: [92, 'Protocol not available'],
  EOPNOTSUPP: [95, 'Operation not supported'],
  EAFNOSUPPORT: [97, 'Address family not supported by protocol'],
  EADDRNOTAVAIL: [99, 'Cannot assign requested address'],
  ENETDOWN: [100, 'Network is down'],
  ENETUNREACH: [101, 'Network is unreachable'],
  ECONNRESET: [104, 'Connection reset by peer'],
  ENOBUFS: [105, 'No buffer space available'],
  ETIMEDOUT: [110, 'Connection timed out'],
  ECONNREFUSED: [111, 'Connection refused'],
  EHOSTDOWN: [112, 'Host is down'],
  EHOSTUNREACH: [113, 'No route to host'],
};

/** libc: strerror() */
export function strerror(errno: SocketErrno): string {
  return TEXTS[errno][1];
}

export function errnoNumber(errno: SocketErrno): number {
  return TEXTS[errno][0];
}

/** How an ICMP error reads to a socket. `hard`: also to one that did not ask for errors. */
export interface IcmpErrno {
  readonly errno: SocketErrno;
  readonly hard: boolean;
}

const UNREACHABLE4: readonly (readonly [SocketErrno, hard: boolean])[] = [
  ['ENETUNREACH', false],
  ['EHOSTUNREACH', false],
  ['ENOPROTOOPT', true],
  ['ECONNREFUSED', true],
  ['EMSGSIZE', false],
  ['EOPNOTSUPP', false],
  ['ENETUNREACH', true],
  ['EHOSTDOWN', true],
  ['ENONET', true],
  ['ENETUNREACH', true],
  ['EHOSTUNREACH', true],
  ['ENETUNREACH', false],
  ['EHOSTUNREACH', false],
  ['EHOSTUNREACH', true],
  ['EHOSTUNREACH', true],
  ['EHOSTUNREACH', true],
];

const UNREACHABLE6: readonly (readonly [SocketErrno, hard: boolean])[] = [
  ['ENETUNREACH', false],
  ['EACCES', true],
  ['EHOSTUNREACH', false],
  ['EHOSTUNREACH', false],
  ['ECONNREFUSED', true],
  ['EACCES', true],
  ['EACCES', true],
];

/** Kernel: icmp_err_convert[], net/ipv4/icmp.c; icmpv6_err_convert(), net/ipv6/icmp.c */
export function icmpErrno(family: 4 | 6, type: number, code: number): IcmpErrno | null {
  if (family === 4) {
    if (type === 11) return { errno: 'EHOSTUNREACH', hard: false };
    if (type === 12) return { errno: 'EPROTO', hard: true };
    return type === 3 ? entry(UNREACHABLE4[code]) : null;
  }
  if (type === 2) return { errno: 'EMSGSIZE', hard: false };
  if (type === 3) return { errno: 'EHOSTUNREACH', hard: false };
  if (type === 4) return { errno: 'EPROTO', hard: true };
  return type === 1 ? entry(UNREACHABLE6[code]) : null;
}

function entry(found: readonly [SocketErrno, boolean] | undefined): IcmpErrno | null {
  return found ? { errno: found[0], hard: found[1] } : null;
}
