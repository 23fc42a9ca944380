import { type Addr, familyOf, maskAddr, parseAddr, protocolNumber, serviceByName } from '../../../wire';
import type { Cursor } from './cursor';
import type { FilterToken } from './lex';
import type { Filter, Qualifiers, Side } from './types';
import { ETHERTYPES, NUMBERS } from './words';
import { Wrong } from './wrong';

/** What is asked of the machine that a filter is for. */
export interface FilterWorld {
  /** Of the interface `any`, whose frames have no MACs. */
  readonly cooked: boolean;
  /** The addresses of a name, as /etc/hosts has them. */
  readonly resolve: (name: string) => readonly Addr[];
}

export const NEVER: Filter = { kind: 'never' };

export function either(filters: readonly Filter[]): Filter {
  return filters.reduce((left, right) => ({ kind: 'or', left, right }));
}

/** An address, a name, a port or a protocol, by what stands before it; the word is taken. libpcap: grammar.y, nid */
export function readId(c: Cursor, q: Qualifiers, world: FilterWorld): Filter {
  const token = c.any();
  switch (token.kind) {
    case 'id':
      return named(token, q, world);
    case 'hid':
      return address4(c, token, q);
    case 'hid6':
      return address6(token, c.take('/') ? c.number() : 128, q);
    case 'mac':
      return mac(token, q, world);
    default:
      throw new Wrong('aid supported only on ARCnet', token.at);
  }
}

/** libpcap: gen_ecode() */
function mac({ text, at }: FilterToken, q: Qualifiers, { cooked }: FilterWorld): Filter {
  if ((q.addr !== 'host' && q.addr !== '') || q.proto !== 'link') {
    throw new Wrong('ethernet address used in non-ether expression', at);
  }
  if (cooked) {
    throw new Wrong('ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel', at);
  }
  const parts =
    /[:-]/.test(text) || /^(?:..?\.){5}/.test(text) ? text.split(/[:.-]/) : text.replaceAll('.', '').match(/../g)!;
  const side = sideOf(
    q,
    at,
    'are only supported on 802.11 with 802.11 headers',
    'is only supported on 802.11 with 802.11 headers',
  );
  return { kind: 'mac', side, mac: parts.map((part) => part.padStart(2, '0').toLowerCase()).join(':') };
}

/** libpcap: gen_hostop(), gen_ehostop(), gen_port() */
function sideOf({ dir }: Qualifiers, at: number, two: string, one: string): Side {
  if (dir === 'src' || dir === 'dst') return dir;
  if (dir === 'and') return 'both';
  if (dir === '' || dir === 'or') return 'either';
  const words = dir.startsWith('addr') ? `'${dir}' and '${dir.replace('addr', 'address')}' ${two}` : `'${dir}' ${one}`;
  throw new Wrong(words, at);
}

function hostSide(q: Qualifiers, at: number): Side {
  const what = 'for addresses other than 802.11 MAC addresses';
  return sideOf(q, at, `are not valid qualifiers ${what}`, `is not a valid qualifier ${what}`);
}

const ABBREVIATED: Readonly<Record<string, string>> = {
  lat: 'LAT',
  sca: 'SCA',
  moprc: 'MOPRC',
  mopdl: 'MOPDL',
  aarp: 'AARP',
  iso: 'ISO',
  ipx: 'IPX',
  atalk: 'AppleTalk',
};

/** Bits of an IPv4 address. libpcap: gen_host() */
function host4(q: Qualifiers, value: number, mask: number, at: number): Filter {
  const { proto } = q;
  const what = q.addr === 'net' ? 'net' : 'host';
  if (proto === 'link') throw new Wrong(`link-layer modifier applied to ${what}`, at);
  if (proto === 'ip6') throw new Wrong(`'ip6' modifier applied to ip host`, at);
  if (ABBREVIATED[proto]) throw new Wrong(`${ABBREVIATED[proto]} host filtering not implemented`, at);
  if (proto === 'decnet') return NEVER;
  if (proto !== '' && proto !== 'ip' && proto !== 'arp' && proto !== 'rarp') {
    throw new Wrong(`'${proto}' modifier applied to ${what}`, at);
  }
  return { kind: 'net4', type: proto, side: hostSide(q, at), value: (value & mask) >>> 0, mask };
}

/** libpcap: gen_host6() */
function host6(q: Qualifiers, net: Addr, length: number, at: number): Filter {
  const { proto } = q;
  const what = q.addr === 'net' ? 'net' : 'host';
  if (proto === 'link') throw new Wrong(`link-layer modifier applied to ip6 ${what}`, at);
  if (proto === 'atalk') throw new Wrong(`AppleTalk modifier applied to ip6 ${what}`, at);
  if (proto !== '' && proto !== 'ip6') throw new Wrong(`'${proto}' modifier applied to ip6 ${what}`, at);
  return { kind: 'net6', side: hostSide(q, at), net, length };
}

/** What is left out at the end is 0, and not looked at. libpcap: __pcap_atoin() */
function readBits({ text, at }: FilterToken): { readonly value: number; readonly mask: number } {
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 255)) throw new Wrong(`invalid IPv4 address '${text}'`, at);
  const missing = 4 - parts.length;
  const value = [...parts, 0, 0, 0].slice(0, 4).reduce((all, part) => all * 256 + part, 0);
  return { value, mask: maskOf(32 - 8 * missing) };
}

const maskOf = (length: number): number => (length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0);

function address4(c: Cursor, token: FilterToken, q: Qualifiers): Filter {
  const { text, at } = token;
  if (c.is('/', 'mask')) {
    const slash = c.any().text === '/';
    const length = slash ? c.number() : 0;
    const other = slash ? null : c.word('hid');
    const { value } = readBits(token);
    if (slash && length > 32) throw new Wrong('mask length must be <= 32', at);
    const mask = other === null ? maskOf(length) : readBits(other).value;
    if ((value & ~mask) !== 0) {
      const said = other === null ? `/${length}` : ` mask ${other.text}`;
      throw new Wrong(`non-network bits set in "${text}${said}"`, at);
    }
    if (q.addr !== 'net') throw new Wrong('Mask syntax for networks only', at);
    return host4(q, value, mask, at);
  }
  if (['port', 'portrange', 'proto', 'protochain'].includes(q.addr)) {
    throw new Wrong(`'${q.addr}' modifier applied to ip host`, at);
  }
  if (q.proto === 'decnet') return q.addr === 'gateway' ? numbered(0, q, at) : NEVER;
  const { value, mask } = readBits(token);
  if (!['', 'host', 'net'].includes(q.addr)) return numbered(value, q, at);
  if (q.proto === 'link') throw new Wrong('illegal link layer address', at);
  return host4(q, value, mask, at);
}

/** libpcap: gen_mcode6() */
function address6({ text, at }: FilterToken, length: number, q: Qualifiers): Filter {
  if (length > 128) throw new Wrong('mask length must be <= 128', at);
  const addr = parseAddr(text)!;
  if (maskAddr(addr, length) !== addr) throw new Wrong(`non-network bits set in "${text}/${length}"`, at);
  const isHost = q.addr === '' || q.addr === 'host';
  if (isHost && length !== 128) throw new Wrong('Mask syntax for networks only', at);
  if (!isHost && q.addr !== 'net') throw new Wrong('invalid qualifier against IPv6 address', at);
  return host6(q, addr, length, at);
}

/** A plain number. libpcap: gen_ncode() */
export function numbered(value: number, q: Qualifiers, at: number): Filter {
  switch (q.addr) {
    case '':
    case 'host':
    case 'net': {
      if (q.proto === 'decnet') return NEVER;
      if (q.proto === 'link') throw new Wrong('illegal link layer address', at);
      // A short number of a network is its beginning, that of a host its end.
      let shift = 0;
      if (q.addr === 'net') while (value !== 0 && (value << shift) >>> 24 === 0) shift += 8;
      return host4(q, (value << shift) >>> 0, maskOf(32 - shift), at);
    }
    case 'port':
    case 'portrange':
      portProtocol(q, at);
      if (value > 65_535) throw new Wrong(`illegal port number ${value} > 65535`, at);
      return ports(q, value, value, NUMBERS[q.proto]?.[0] ?? null, at);
    case 'gateway':
      throw new Wrong("'gateway' requires a name", at);
    case 'proto':
      return protocol(value, q, at);
    case 'protochain':
      return protochain(value, q, at);
    default:
      throw new Wrong('syntax error in filter expression', at);
  }
}

/** libpcap: gen_scode() */
function named({ text, at }: FilterToken, q: Qualifiers, { cooked, resolve }: FilterWorld): Filter {
  switch (q.addr) {
    case '':
    case 'host': {
      if (q.proto === 'link' && cooked) {
        const what = 'only ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel supports link-level host name';
        throw new Wrong(what, at);
      }
      if (q.proto === 'link') throw new Wrong(`unknown ether host '${text}'`, at);
      if (q.proto === 'decnet')
        throw new Wrong(`decnet name support not included, '${text}' cannot be translated\n`, at);
      const found = resolve(text);
      if (found.length === 0) throw new Wrong(`unknown host '${text}'`, at);
      const wanted = found.filter((addr) => q.proto !== (familyOf(addr) === 4 ? 'ip6' : 'ip'));
      if (wanted.length === 0) throw new Wrong(`unknown host '${text}' for specified address family`, at);
      return either(
        wanted.map((addr) =>
          familyOf(addr) === 4 ? host4(q, number4(addr), 0xffff_ffff, at) : host6(q, addr, 128, at),
        ),
      );
    }
    case 'net': {
      const number = NETWORKS[text];
      if (number === undefined) throw new Wrong(`unknown network '${text}'`, at);
      return numbered(number, q, at);
    }
    case 'port': {
      portProtocol(q, at);
      const port = portByName(text);
      if (port === null) throw new Wrong(`unknown port '${text}'`, at);
      return ports(q, port.number, port.number, sameProtocol(q, port.protocol, `port '${text}'`, at), at);
    }
    case 'portrange':
      return portRange(text, q, at);
    case 'gateway':
      throw new Wrong("'gateway' not supported in this configuration", at);
    case 'proto':
      return protocol(protocolByName(text, q, at), q, at);
    case 'protochain':
      return protochain(protocolByName(text, q, at), q, at);
    default:
      throw new Wrong('syntax error in filter expression', at);
  }
}

const number4 = (addr: Addr): number => addr.split('.').reduce((all, part) => all * 256 + Number(part), 0);

/** As /etc/networks has them. */
const NETWORKS: Readonly<Record<string, number>> = { loopback: 127, 'link-local': 0xa9fe };

// --- ports -----------------------------------------------------------------------------------------------------------

function portProtocol({ proto, addr }: Qualifiers, at: number): void {
  if (!['', 'tcp', 'udp', 'sctp'].includes(proto)) throw new Wrong(`illegal qualifier of '${addr}'`, at);
}

interface Port {
  readonly number: number;
  /** Null: of any. */
  readonly protocol: 'tcp' | 'udp' | null;
}

/** libpcap: pcap_nametoport() */
function portByName(name: string): Port | null {
  if (/^\d+$/.test(name)) return { number: Number(name) & 0xffff, protocol: null };
  const tcp = serviceByName(name, 'tcp');
  const udp = serviceByName(name, 'udp');
  if (tcp !== null) return { number: tcp, protocol: tcp === udp ? null : 'tcp' };
  return udp === null ? null : { number: udp, protocol: 'udp' };
}

/** The protocol that is asked for, or that of the name. */
function sameProtocol({ proto }: Qualifiers, known: Port['protocol'], what: string, at: number): number | null {
  if (proto !== '' && known !== null && known !== proto) throw new Wrong(`${what} is ${known}`, at);
  return NUMBERS[proto === '' ? (known ?? '') : proto]?.[0] ?? null;
}

function portRange(text: string, q: Qualifiers, at: number): Filter {
  portProtocol(q, at);
  const [, from, to] = /^(\d+)-(\d+)/.exec(text) ?? [];
  const dash = text.indexOf('-');
  const [first, second] =
    from === undefined
      ? dash < 0
        ? [null, null]
        : [portByName(text.slice(0, dash)), portByName(text.slice(dash + 1))]
      : [from, to].map((number): Port => ({ number: Number(number), protocol: null }));
  if (!first || !second) throw new Wrong(`unknown port in range '${text}'`, at);
  const known = first.protocol === second.protocol ? first.protocol : null;
  const protocol = sameProtocol(q, known, `port in range '${text}'`, at);
  for (const { number } of [first, second]) {
    if (number > 65_535) throw new Wrong(`illegal port number ${number} > 65535`, at);
  }
  return ports(q, Math.min(first.number, second.number), Math.max(first.number, second.number), protocol, at);
}

/** libpcap: gen_port(), gen_portrange() */
function ports(q: Qualifiers, from: number, to: number, protocol: number | null, at: number): Filter {
  const what = q.addr === 'port' ? 'ports' : 'port ranges';
  const side = sideOf(q, at, `are not valid qualifiers for ${what}`, `is not a valid qualifier for ${what}`);
  return { kind: 'ports', side, protocols: protocol === null ? [6, 17, 132] : [protocol], from, to };
}

// --- protocols -------------------------------------------------------------------------------------------------------

/** libpcap: lookup_proto() */
function protocolByName(name: string, { proto }: Qualifiers, at: number): number {
  if (proto === '' || proto === 'ip' || proto === 'ip6') {
    const number = protocolNumber(name);
    if (number === null) throw new Wrong(`unknown ip proto '${name}'`, at);
    return number;
  }
  if (proto === 'link') {
    const type = ETHERTYPES[name];
    if (type === undefined) throw new Wrong(`unknown ether proto '${name}'`, at);
    return type;
  }
  if (proto !== 'iso') throw new Wrong(`unknown protocol: ${name}`, at);
  if (!['esis', 'isis', 'clnp'].includes(name)) throw new Wrong(`unknown osi proto '${name}'`, at);
  return 0;
}

const ENCAPSULATES: Readonly<Record<string, string>> = {
  arp: 'arp does not encapsulate another protocol',
  rarp: 'rarp does not encapsulate another protocol',
  atalk: 'AppleTalk encapsulation is not specifiable',
  decnet: 'DECNET encapsulation is not specifiable',
  lat: 'LAT does not encapsulate another protocol',
  sca: 'SCA does not encapsulate another protocol',
  moprc: 'MOPRC does not encapsulate another protocol',
  mopdl: 'MOPDL does not encapsulate another protocol',
  clnp: "'clnp proto' is not supported",
};

/** libpcap: gen_proto() */
function protocol(number: number, { proto }: Qualifiers, at: number): Filter {
  if (proto === '') return { kind: 'proto', number, family: 0 };
  if (proto === 'ip' || proto === 'ip6') return { kind: 'proto', number, family: proto === 'ip' ? 4 : 6 };
  if (proto === 'link') return { kind: 'ethertype', type: number };
  if (proto === 'iso' || proto === 'isis') return NEVER;
  throw new Wrong(ENCAPSULATES[proto] ?? `'${proto} proto' is bogus`, at);
}

/** libpcap: gen_protochain() */
function protochain(number: number, { proto }: Qualifiers, at: number): Filter {
  const of = (family: 4 | 6): Filter => ({ kind: 'protochain', number, family });
  if (proto === '') return either([of(4), of(6)]);
  if (proto === 'ip' || proto === 'ip6') return of(proto === 'ip' ? 4 : 6);
  throw new Wrong("bad protocol applied for 'protochain'", at);
}

/** A protocol's name that stands alone. libpcap: gen_proto_abbrev() */
export function abbreviation(proto: string, at: number): Filter {
  if (proto === 'link') throw new Wrong('link layer applied in wrong context', at);
  if (proto === 'radio') throw new Wrong("'radio' is not a valid protocol type", at);
  if (['ip', 'ip6', 'arp', 'rarp'].includes(proto)) return { kind: 'ethertype', type: ETHERTYPES[proto]! };
  const known = NUMBERS[proto];
  return known === undefined ? NEVER : { kind: 'proto', number: known[0], family: known[1] };
}
