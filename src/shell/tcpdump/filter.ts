import { type Addr, familyOf, maskAddr, parseAddr, protocolNumber, serviceByName } from '../../wire';
import { type FilterToken, lex } from './lex';

export type Side = 'src' | 'dst' | 'either' | 'both';

/** A number that is computed from the packet. */
export type Arith =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | { readonly kind: 'load'; readonly proto: string; readonly offset: Arith; readonly size: number }
  | { readonly kind: 'negate'; readonly of: Arith }
  | { readonly kind: 'compute'; readonly operator: string; readonly left: Arith; readonly right: Arith };

/** A filter, read. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'always' }
  | { readonly kind: 'proto'; readonly proto: string; readonly numbers: readonly number[]; readonly family: 0 | 4 | 6 }
  | { readonly kind: 'protochain'; readonly number: number; readonly family: 4 | 6 }
  | { readonly kind: 'ethertype'; readonly type: number }
  | {
      readonly kind: 'net';
      readonly side: Side;
      readonly family: 4 | 6;
      readonly net: Addr;
      readonly length: number;
      readonly arp: boolean;
    }
  | { readonly kind: 'mac'; readonly side: Side; readonly mac: string }
  | {
      readonly kind: 'ports';
      readonly side: Side;
      readonly protocols: readonly number[];
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'group'; readonly proto: 'ether' | 'ip' | 'ip6'; readonly which: 'broadcast' | 'multicast' }
  | { readonly kind: 'direction'; readonly inbound: boolean }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Arith; readonly right: Arith };

/** Why a filter is none: the words of tcpdump, and where in the text. */
export interface FilterError {
  readonly message: string;
  readonly at: number;
}

class Wrong extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads a filter as pcap_compile() does.
 *
 * @param cooked of the interface `any`, whose frames have no MACs
 * @param resolve the addresses of a name, as /etc/hosts has them
 */
export function parseFilter(
  text: string,
  cooked = false,
  resolve: (name: string) => readonly Addr[] = () => [],
): { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly error: FilterError } {
  const tokens = lex(text);
  const syntax = "can't parse filter expression: syntax error";
  if (!Array.isArray(tokens)) return { ok: false, error: { message: syntax, at: (tokens as { at: number }).at } };
  try {
    return { ok: true, filter: new Parser(tokens, cooked, resolve).all() };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, error: { message: error.message, at: error.at } };
    throw error;
  }
}

const PROTOS = [
  'ether',
  'link',
  'ip',
  'ip6',
  'arp',
  'rarp',
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'igmp',
  'igrp',
  'pim',
  'vrrp',
  'carp',
  'ah',
  'esp',
];
const TYPES = ['host', 'net', 'port', 'portrange', 'proto', 'protochain', 'gateway'];
const NUMBERS: Readonly<Record<string, readonly [number, 0 | 4 | 6]>> = {
  tcp: [6, 0],
  udp: [17, 0],
  sctp: [132, 0],
  icmp: [1, 4],
  icmp6: [58, 6],
  igmp: [2, 4],
  igrp: [9, 4],
  pim: [103, 0],
  vrrp: [112, 4],
  carp: [112, 4],
  ah: [51, 0],
  esp: [50, 0],
};
const CONSTANTS: Readonly<Record<string, number>> = {
  tcpflags: 13,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  'tcp-ece': 64,
  'tcp-cwr': 128,
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-sourcequench': 4,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-routeradvert': 9,
  'icmp-routersolicit': 10,
  'icmp-timxceed': 11,
  'icmp-paramprob': 12,
  'icmp-tstamp': 13,
  'icmp-tstampreply': 14,
  'icmp-ireq': 15,
  'icmp-ireqreply': 16,
  'icmp-maskreq': 17,
  'icmp-maskreply': 18,
  icmp6type: 0,
  icmp6code: 1,
  'icmp6-destinationunreach': 1,
  'icmp6-packettoobig': 2,
  'icmp6-timeexceeded': 3,
  'icmp6-parameterproblem': 4,
  'icmp6-echo': 128,
  'icmp6-echoreply': 129,
  'icmp6-routersolicit': 133,
  'icmp6-routeradvert': 134,
  'icmp6-neighborsolicit': 135,
  'icmp6-neighboradvert': 136,
  'icmp6-redirect': 137,
};
const RELATIONS = ['=', '==', '!=', '<', '>', '<=', '>='];
/** Binary operators of numbers, the loosest first. */
const LEVELS = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']] as const;

interface Qualifiers {
  readonly proto: string;
  readonly side: Side;
  readonly type: string;
}

class Parser {
  private at = 0;
  /** What a bare id after `and` and `or` is meant as. */
  private last: Qualifiers | null = null;
  private readonly tokens: readonly FilterToken[];
  private readonly cooked: boolean;
  private readonly resolve: (name: string) => readonly Addr[];

  constructor(tokens: readonly FilterToken[], cooked: boolean, resolve: (name: string) => readonly Addr[]) {
    this.resolve = resolve;
    this.tokens = tokens;
    this.cooked = cooked;
  }

  all(): Filter {
    if (this.now.kind === 'end') return { kind: 'always' };
    const filter = this.expression();
    if (this.tokens[this.at]!.kind !== 'end') throw this.syntax();
    return filter;
  }

  private get now(): FilterToken {
    return this.tokens[this.at]!;
  }
  private is(...texts: readonly string[]): boolean {
    return this.now.kind !== 'end' && texts.includes(this.now.text);
  }
  private take(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false;
    this.at++;
    return true;
  }
  private syntax(): Wrong {
    return new Wrong("can't parse filter expression: syntax error", this.now.at);
  }

  /** `and` and `or` are of one rank, and bind to the left. */
  private expression(): Filter {
    let left = this.term();
    for (;;) {
      const kind = this.take('and', '&&') ? 'and' : this.take('or', '||') ? 'or' : null;
      if (kind === null) return left;
      left = { kind, left, right: this.term() };
    }
  }

  private term(): Filter {
    if (this.take('not', '!')) return { kind: 'not', of: this.term() };
    if (this.is('(') && !this.arithmeticAhead()) {
      this.at++;
      const inside = this.expression();
      if (!this.take(')')) throw this.syntax();
      return inside;
    }
    return this.primitive();
  }

  /** Does a relation of numbers begin here? */
  private arithmeticAhead(): boolean {
    const from = this.at;
    try {
      this.arith(0);
      return this.is(...RELATIONS);
    } catch (error) {
      if (error instanceof Wrong) return false;
      throw error;
    } finally {
      this.at = from;
    }
  }

  private primitive(): Filter {
    const { now } = this;
    if (now.kind === 'end') throw this.syntax();
    const next = this.tokens[this.at + 1];
    const number = now.kind === 'number' || now.text === '-' || now.text === 'len' || now.text === '(';
    if ((number && this.arithmeticAhead()) || (PROTOS.includes(now.text) && next?.text === '[')) return this.relation();
    if (this.take('greater', 'less')) {
      const operator = now.text === 'greater' ? '>=' : '<=';
      const value = this.number();
      return { kind: 'compare', operator, left: { kind: 'length' }, right: { kind: 'number', value } };
    }
    if (this.take('broadcast', 'multicast')) return this.group('ether', now.text);
    if (this.take('inbound', 'outbound')) return { kind: 'direction', inbound: now.text === 'inbound' };
    for (const [word, said] of [
      ['vlan', 'no VLAN support for Linux cooked v2'],
      ['mpls', 'MPLS'],
      ['pppoes', 'PPPoE'],
      ['pppoed', 'PPPoE'],
      ['geneve', 'Geneve'],
      ['llc', 'LLC'],
    ] as const) {
      if (!this.take(word)) continue;
      if (word === 'vlan' && this.cooked) throw new Wrong(said, now.at);
      // No frame of a lab has such a header.
      if (this.now.kind === 'number') this.at++;
      return { kind: 'not', of: { kind: 'always' } };
    }
    const qualified = this.head();
    if (qualified !== null) return qualified;
    // A bare id is meant as the one before it.
    if (this.last && (now.kind === 'number' || now.kind === 'word' || now.kind === 'address' || now.kind === 'mac'))
      return this.id(this.last);
    throw this.syntax();
  }

  private group(proto: 'ether' | 'ip' | 'ip6', which: string): Filter {
    return { kind: 'group', proto, which: which as 'broadcast' | 'multicast' };
  }

  /** Protocol, direction, type; then an id, or several in parentheses. Null if none of them stands here. */
  private head(): Filter | null {
    const begin = this.at;
    let proto = '';
    if (PROTOS.includes(this.now.text)) proto = this.tokens[this.at++]!.text;
    if (proto === 'link') proto = 'ether';
    if (proto !== '' && this.is('broadcast', 'multicast')) {
      if (proto === 'ether' || proto === 'ip' || proto === 'ip6')
        return this.group(proto, this.tokens[this.at++]!.text);
    }
    const side = this.side();
    let type = '';
    if (TYPES.includes(this.now.text)) type = this.tokens[this.at++]!.text;
    if (type === 'gateway') throw new Wrong("'gateway' not supported in this configuration", this.tokens[begin]!.at);
    if (side === null && type === '') {
      if (proto === '') return null;
      // `ether ADDRESS` alone is not enough; a protocol's name is a question of its own.
      if (proto === 'ether') throw this.syntax();
      return this.alone(proto);
    }
    const q: Qualifiers = { proto, side: side ?? 'either', type: type === '' ? 'host' : type };
    if (type === '' && this.now.text === 'ether') throw this.syntax();
    this.last = q;
    if (this.take('(')) {
      const inside = this.ids(q);
      if (!this.take(')')) throw this.syntax();
      return inside;
    }
    return this.id(q);
  }

  private ids(q: Qualifiers): Filter {
    let left = this.take('not', '!') ? ({ kind: 'not', of: this.id(q) } as const) : this.id(q);
    for (;;) {
      const kind = this.take('and', '&&') ? 'and' : this.take('or', '||') ? 'or' : null;
      if (kind === null) return left;
      left = { kind, left, right: this.id(q) };
    }
  }

  private side(): Side | null {
    const first = this.now.text;
    if (first !== 'src' && first !== 'dst') return null;
    this.at++;
    const other = first === 'src' ? 'dst' : 'src';
    if (this.is('or', 'and') && this.tokens[this.at + 1]?.text === other) {
      const both = this.now.text === 'and';
      this.at += 2;
      return both ? 'both' : 'either';
    }
    return first;
  }

  private alone(proto: string): Filter {
    if (proto === 'ip') return { kind: 'ethertype', type: 0x0800 };
    if (proto === 'ip6') return { kind: 'ethertype', type: 0x86dd };
    if (proto === 'arp') return { kind: 'ethertype', type: 0x0806 };
    if (proto === 'rarp') return { kind: 'ethertype', type: 0x8035 };
    const [number, family] = NUMBERS[proto]!;
    return { kind: 'proto', proto, numbers: [number], family };
  }

  private id(q: Qualifiers): Filter {
    const token = this.now;
    if (token.kind === 'end' || token.kind === 'operator') throw this.syntax();
    switch (q.type) {
      case 'port':
      case 'portrange':
        return this.ports(q);
      case 'proto':
      case 'protochain':
        return this.protocol(q);
      case 'net':
        return this.network(q);
      default:
        return this.host(q);
    }
  }

  private host(q: Qualifiers): Filter {
    const token = this.tokens[this.at++]!;
    const { text, at } = token;
    if (q.proto === 'ether') {
      if (this.cooked) {
        throw new Wrong(
          'ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel',
          at,
        );
      }
      if (token.kind !== 'mac') throw new Wrong(`unknown ether host '${text}'`, at);
      const mac = text
        .split(/[:-]/)
        .map((part) => part.padStart(2, '0').toLowerCase())
        .join(':');
      return { kind: 'mac', side: q.side, mac };
    }
    if (token.kind === 'mac') throw new Wrong('ethernet address used in non-ether expression', at);
    if (this.is('/', 'mask')) throw new Wrong(`Mask syntax for networks only`, this.now.at);
    if (NUMBERS[q.proto]) throw new Wrong(`'${q.proto}' modifier applied to host`, at);
    const named = /^[0-9a-f.:]+$/i.test(text) ? [] : this.resolve(text);
    const family = q.proto === 'ip' ? 4 : q.proto === 'ip6' ? 6 : null;
    const wanted = named.filter((addr) => family === null || familyOf(addr) === family);
    if (wanted.length > 0) {
      const each = wanted.map((addr) => this.address(q, { addr, length: familyOf(addr) === 4 ? 32 : 128 }, null, at));
      return each.reduce((left, right) => ({ kind: 'or', left, right }));
    }
    return this.address(q, this.readAddress(text, at), null, at);
  }

  private readAddress(text: string, at: number): { readonly addr: Addr; readonly length: number } {
    if (text.includes(':')) {
      const addr = parseAddr(text);
      if (addr === null) throw new Wrong(`invalid IPv6 address '${text}'`, at);
      return { addr, length: 128 };
    }
    if (!/^\d+(\.\d+)*$/.test(text)) {
      throw new Wrong(`unknown host '${text}'`, at);
    }
    // What is left out at the end counts as a network.
    const parts = text.split('.').map(Number);
    if (parts.length > 4 || parts.some((n) => n > 255)) throw new Wrong(`invalid IPv4 address '${text}'`, at);
    const length = parts.length * 8;
    while (parts.length < 4) parts.push(0);
    return { addr: parts.join('.'), length };
  }

  private network(q: Qualifiers): Filter {
    const token = this.tokens[this.at++]!;
    if (token.kind === 'mac') throw new Wrong('ethernet address used in non-ether expression', token.at);
    if (!/^[0-9a-f.:]+$/i.test(token.text)) throw new Wrong(`unknown network '${token.text}'`, token.at);
    const read = this.readAddress(token.text, token.at);
    let { length } = read;
    if (this.take('/')) {
      const width = read.addr.includes(':') ? 128 : 32;
      length = this.number();
      if (length > width) throw new Wrong(`mask length must be <= ${width}`, token.at);
      if (maskAddr(read.addr, length) !== read.addr)
        throw new Wrong(`non-network bits set in "${token.text}/${length}"`, token.at);
    } else if (this.take('mask')) {
      const mask = this.readAddress(this.tokens[this.at++]!.text, this.now.at).addr;
      const bits = mask
        .split('.')
        .map((n) => Number(n).toString(2).padStart(8, '0'))
        .join('');
      length = bits.replace(/0+$/, '').length;
    }
    return this.address(q, read, length, token.at);
  }

  private address(q: Qualifiers, read: { addr: Addr; length: number }, length: number | null, at: number): Filter {
    const family = familyOf(read.addr);
    if (q.proto === 'ip6' && family === 4) throw new Wrong(`'ip6' modifier applied to ip host`, at);
    if (q.proto === 'ip' && family === 6) throw new Wrong(`'ip' modifier applied to ip6 host`, at);
    if (NUMBERS[q.proto]) throw new Wrong(`'${q.proto}' modifier applied to ${length === null ? 'host' : 'net'}`, at);
    if (q.proto === 'arp' || q.proto === 'rarp') return { kind: 'not', of: { kind: 'always' } };
    return { kind: 'net', side: q.side, family, net: read.addr, length: length ?? read.length, arp: q.proto === '' };
  }

  private ports(q: Qualifiers): Filter {
    const token = this.tokens[this.at++]!;
    if (q.proto !== '' && !['ip', 'ip6', 'tcp', 'udp', 'sctp'].includes(q.proto))
      throw new Wrong(`illegal qualifier of '${q.type}'`, token.at);
    const only = NUMBERS[q.proto]?.[0];
    const protocols = only === undefined ? [6, 17, 132] : [only];
    const one = (text: string): number => {
      if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
        const port = Number(text);
        if (port > 65535) throw new Wrong(`illegal port number ${text} > 65535`, token.at);
        return port;
      }
      const named = q.proto === 'tcp' || q.proto === 'udp' ? serviceByName(text, q.proto) : null;
      const any = named ?? serviceByName(text, 'tcp') ?? serviceByName(text, 'udp');
      if (any === null) throw new Wrong(`unknown port '${text}'`, token.at);
      if (named === null && (q.proto === 'tcp' || q.proto === 'udp'))
        throw new Wrong(`port '${text}' is ${q.proto === 'tcp' ? 'udp' : 'tcp'}`, token.at);
      return any;
    };
    if (q.type === 'port') {
      const port = one(token.text);
      return { kind: 'ports', side: q.side, protocols, from: port, to: port };
    }
    const glued = token.text.split('-');
    let [from, to] = [one(glued[0]!), one(glued[1] ?? glued[0]!)];
    if (glued.length === 1 && this.take('-')) to = one(this.tokens[this.at++]!.text);
    if (from > to) [from, to] = [to, from];
    return { kind: 'ports', side: q.side, protocols, from, to };
  }

  private protocol(q: Qualifiers): Filter {
    const token = this.tokens[this.at++]!;
    const name = token.text.replace(/^\\/, '');
    if (q.proto === 'ether') {
      const types: Readonly<Record<string, number>> = { ip: 0x0800, ip6: 0x86dd, arp: 0x0806, rarp: 0x8035 };
      const type = /^(0x[0-9a-f]+|\d+)$/i.test(name) ? Number(name) : types[name];
      if (type === undefined) throw new Wrong(`unknown ether proto '${name}'`, token.at);
      return { kind: 'ethertype', type };
    }
    const number = /^\d+$|^0x[0-9a-f]+$/i.test(name) ? Number(name) : protocolNumber(name);
    if (number === null) throw new Wrong(`unknown ${q.proto === 'ip6' ? 'ip6' : 'ip'} proto '${name}'`, token.at);
    if (q.type === 'protochain') return { kind: 'protochain', number, family: q.proto === 'ip6' ? 6 : 4 };
    return { kind: 'proto', proto: '', numbers: [number], family: q.proto === 'ip' ? 4 : q.proto === 'ip6' ? 6 : 0 };
  }

  // --- numbers

  private relation(): Filter {
    const left = this.arith(0);
    if (!this.is(...RELATIONS)) throw this.syntax();
    const operator = this.tokens[this.at++]!.text;
    return { kind: 'compare', operator: operator === '==' ? '=' : operator, left, right: this.arith(0) };
  }

  private arith(level: number): Arith {
    const operators = LEVELS[level];
    if (operators === undefined) return this.factor();
    let left = this.arith(level + 1);
    while (this.now.kind === 'operator' && (operators as readonly string[]).includes(this.now.text)) {
      const operator = this.tokens[this.at++]!.text;
      left = { kind: 'compute', operator, left, right: this.arith(level + 1) };
    }
    return left;
  }

  private factor(): Arith {
    const token = this.now;
    if (this.take('-')) return { kind: 'negate', of: this.factor() };
    if (this.take('(')) {
      const inside = this.arith(0);
      if (!this.take(')')) throw this.syntax();
      return inside;
    }
    if (this.take('len', 'length')) return { kind: 'length' };
    if (token.kind === 'number') return { kind: 'number', value: this.number() };
    const constant = CONSTANTS[token.text];
    if (constant !== undefined) {
      this.at++;
      return { kind: 'number', value: constant };
    }
    if (PROTOS.includes(token.text) && this.tokens[this.at + 1]?.text === '[') {
      this.at += 2;
      const offset = this.arith(0);
      let size = 1;
      if (this.take(':')) {
        size = this.number();
        if (![1, 2, 4].includes(size)) throw new Wrong('data size must be 1, 2, or 4', token.at);
      }
      if (!this.take(']')) throw this.syntax();
      return { kind: 'load', proto: token.text === 'link' ? 'ether' : token.text, offset, size };
    }
    throw this.syntax();
  }

  private number(): number {
    if (this.now.kind !== 'number') throw this.syntax();
    return Number(this.tokens[this.at++]!.text) >>> 0;
  }
}
