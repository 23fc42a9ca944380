import { type Addr, familyOf, maskAddr, parseAddr, protocolNumber, serviceByName } from '../../../wire';
import type { Cursor } from './cursor';
import type { Filter, Side } from './types';
import { ETHERTYPES, NUMBERS } from './words';
import { Wrong } from './wrong';

/** What stands before an id, or stood before an earlier one. */
export interface Qualifiers {
  /** '' if it is not said. */
  readonly proto: string;
  readonly side: Side;
  readonly type: string;
}

/** What is asked of the machine that a filter is for. */
export interface FilterWorld {
  /** Of the interface `any`, whose frames have no MACs. */
  readonly cooked: boolean;
  /** The addresses of a name, as /etc/hosts has them. */
  readonly resolve: (name: string) => readonly Addr[];
}

const NEVER: Filter = { kind: 'not', of: { kind: 'always' } };
const NUMERIC = /^(0x[0-9a-f]+|\d+)$/i;

/** An address, a name, a port or a protocol: what it is meant as follows from what stands before it. */
export function readId(c: Cursor, q: Qualifiers, world: FilterWorld): Filter {
  const token = c.now;
  if (token.kind === 'end' || token.kind === 'operator') throw c.syntax();
  switch (q.type) {
    case 'port':
    case 'portrange':
      return ports(c, q);
    case 'proto':
    case 'protochain':
      return protocol(c, q);
    case 'net':
      return network(c, q);
    default:
      return q.proto === 'ether' ? etherHost(c, q, world) : host(c, q, world);
  }
}

function etherHost(c: Cursor, q: Qualifiers, { cooked }: FilterWorld): Filter {
  const { kind, text, at } = c.any();
  if (cooked) {
    throw new Wrong('ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel', at);
  }
  if (kind !== 'mac') throw new Wrong(`unknown ether host '${text}'`, at);
  const groups = text.split(/[:-]/).map((part) => part.padStart(2, '0').toLowerCase());
  return { kind: 'mac', side: q.side, mac: groups.join(':') };
}

function host(c: Cursor, q: Qualifiers, { resolve }: FilterWorld): Filter {
  const { kind, text, at } = c.any();
  if (kind === 'mac') throw new Wrong('ethernet address used in non-ether expression', at);
  if (c.is('/', 'mask')) throw new Wrong(`Mask syntax for networks only`, c.now.at);
  if (NUMBERS[q.proto]) throw new Wrong(`'${q.proto}' modifier applied to host`, at);
  const named = /^[0-9a-f.:]+$/i.test(text) ? [] : resolve(text);
  const family = familyOfProto(q.proto);
  const wanted = named.filter((addr) => family === 0 || familyOf(addr) === family);
  if (wanted.length === 0) return netFilter(q, readAddress(text, at), at);
  return wanted
    .map((addr) => netFilter(q, { addr, length: familyOf(addr) === 4 ? 32 : 128 }, at))
    .reduce((left, right) => ({ kind: 'or', left, right }));
}

/** 0: of either. */
function familyOfProto(proto: string): 0 | 4 | 6 {
  return proto === 'ip' ? 4 : proto === 'ip6' ? 6 : 0;
}

interface Network {
  readonly addr: Addr;
  readonly length: number;
}

function readAddress(text: string, at: number): Network {
  if (text.includes(':')) {
    const addr = parseAddr(text);
    if (addr === null) throw new Wrong(`invalid IPv6 address '${text}'`, at);
    return { addr, length: 128 };
  }
  if (!/^\d+(\.\d+)*$/.test(text)) throw new Wrong(`unknown host '${text}'`, at);
  // What is left out at the end counts as a network.
  const parts = text.split('.').map(Number);
  if (parts.length > 4 || parts.some((n) => n > 255)) throw new Wrong(`invalid IPv4 address '${text}'`, at);
  const length = parts.length * 8;
  while (parts.length < 4) parts.push(0);
  return { addr: parts.join('.'), length };
}

function network(c: Cursor, q: Qualifiers): Filter {
  const { kind, text, at } = c.any();
  if (kind === 'mac') throw new Wrong('ethernet address used in non-ether expression', at);
  if (!/^[0-9a-f.:]+$/i.test(text)) throw new Wrong(`unknown network '${text}'`, at);
  const { addr, length: written } = readAddress(text, at);
  let length = written;
  if (c.take('/')) {
    const width = addr.includes(':') ? 128 : 32;
    length = c.number();
    if (length > width) throw new Wrong(`mask length must be <= ${width}`, at);
    if (maskAddr(addr, length) !== addr) throw new Wrong(`non-network bits set in "${text}/${length}"`, at);
  } else if (c.take('mask')) {
    if (c.ended) throw c.syntax();
    length = maskLength(readAddress(c.any().text, at).addr);
  }
  if (NUMBERS[q.proto]) throw new Wrong(`'${q.proto}' modifier applied to net`, at);
  return netFilter(q, { addr, length }, at);
}

/** Of a netmask of IPv4, up to its last bit that is set. */
function maskLength(mask: Addr): number {
  const bits = mask.split('.').map((n) => Number(n).toString(2).padStart(8, '0'));
  return bits.join('').replace(/0+$/, '').length;
}

function netFilter(q: Qualifiers, { addr, length }: Network, at: number): Filter {
  const family = familyOf(addr);
  if (q.proto === 'ip6' && family === 4) throw new Wrong(`'ip6' modifier applied to ip host`, at);
  if (q.proto === 'ip' && family === 6) throw new Wrong(`'ip' modifier applied to ip6 host`, at);
  if (q.proto === 'arp' || q.proto === 'rarp') return NEVER;
  return { kind: 'net', side: q.side, family, net: addr, length };
}

function ports(c: Cursor, q: Qualifiers): Filter {
  const token = c.any();
  if (q.proto !== '' && !['ip', 'ip6', 'tcp', 'udp', 'sctp'].includes(q.proto))
    throw new Wrong(`illegal qualifier of '${q.type}'`, token.at);
  const only = NUMBERS[q.proto]?.[0];
  const protocols = only === undefined ? [6, 17, 132] : [only];
  const one = (text: string) => readPort(text, q.proto, token.at);
  if (q.type === 'port') {
    const port = one(token.text);
    return { kind: 'ports', side: q.side, protocols, from: port, to: port };
  }
  const glued = token.text.split('-');
  let [from, to] = [one(glued[0]!), one(glued[1] ?? glued[0]!)];
  if (glued.length === 1 && c.take('-')) to = one(c.any().text);
  if (from > to) [from, to] = [to, from];
  return { kind: 'ports', side: q.side, protocols, from, to };
}

function readPort(text: string, proto: string, at: number): number {
  if (NUMERIC.test(text)) {
    const port = Number(text);
    if (port > 65535) throw new Wrong(`illegal port number ${text} > 65535`, at);
    return port;
  }
  const own = proto === 'tcp' || proto === 'udp' ? serviceByName(text, proto) : null;
  const any = own ?? serviceByName(text, 'tcp') ?? serviceByName(text, 'udp');
  if (any === null) throw new Wrong(`unknown port '${text}'`, at);
  if (own === null && (proto === 'tcp' || proto === 'udp'))
    throw new Wrong(`port '${text}' is ${proto === 'tcp' ? 'udp' : 'tcp'}`, at);
  return any;
}

function protocol(c: Cursor, q: Qualifiers): Filter {
  const token = c.any();
  const name = token.text.replace(/^\\/, '');
  if (q.proto === 'ether') {
    const type = NUMERIC.test(name) ? Number(name) : ETHERTYPES[name];
    if (type === undefined) throw new Wrong(`unknown ether proto '${name}'`, token.at);
    return { kind: 'ethertype', type };
  }
  const number = NUMERIC.test(name) ? Number(name) : protocolNumber(name);
  if (number === null) throw new Wrong(`unknown ${q.proto === 'ip6' ? 'ip6' : 'ip'} proto '${name}'`, token.at);
  if (q.type === 'protochain') return { kind: 'protochain', number, family: q.proto === 'ip6' ? 6 : 4 };
  return { kind: 'proto', number, family: familyOfProto(q.proto) };
}
