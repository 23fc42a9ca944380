import type { Addr } from '../../../wire';
import { Cursor } from './cursor';
import { type FilterWorld, type Qualifiers, readId } from './ids';
import { type FilterToken, lex } from './lex';
import { arithmeticAhead, relation } from './numbers';
import type { Filter, Side } from './types';
import { ETHERTYPES, NUMBERS, PROTOS, TYPES } from './words';
import { Wrong } from './wrong';

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
): { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly error: Wrong } {
  try {
    return { ok: true, filter: new Parser(lex(text), { cooked, resolve }).all() };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, error };
    throw error;
  }
}

/** Headers that no frame of a lab has. */
const LAYERS = ['vlan', 'mpls', 'pppoes', 'pppoed', 'geneve', 'llc'] as const;

/** Expressions and primitives; ids and numbers are read by functions of their own. */
class Parser {
  private readonly c: Cursor;
  private readonly world: FilterWorld;
  /** What a bare id after `and` and `or` is meant as. */
  private last: Qualifiers | null = null;

  constructor(tokens: readonly FilterToken[], world: FilterWorld) {
    this.c = new Cursor(tokens);
    this.world = world;
  }

  all(): Filter {
    if (this.c.ended) return { kind: 'always' };
    const filter = this.expression();
    if (!this.c.ended) throw this.c.syntax();
    return filter;
  }

  /** `and` and `or` are of one rank, and bind to the left. */
  private chain(left: Filter, right: () => Filter): Filter {
    let all = left;
    for (;;) {
      const kind = this.c.take('and', '&&') ? 'and' : this.c.take('or', '||') ? 'or' : null;
      if (kind === null) return all;
      all = { kind, left: all, right: right() };
    }
  }

  private expression(): Filter {
    return this.chain(this.term(), () => this.term());
  }

  private term(): Filter {
    if (this.c.take('not', '!')) return { kind: 'not', of: this.term() };
    if (this.c.is('(') && !arithmeticAhead(this.c)) {
      this.c.at++;
      const inside = this.expression();
      if (!this.c.take(')')) throw this.c.syntax();
      return inside;
    }
    return this.primitive();
  }

  private primitive(): Filter {
    const { now, next } = this.c;
    if (now.kind === 'end') throw this.c.syntax();
    const number = now.kind === 'number' || now.text === '-' || now.text === 'len' || now.text === '(';
    if ((number && arithmeticAhead(this.c)) || (PROTOS.includes(now.text) && next?.text === '['))
      return relation(this.c);
    if (this.c.take('greater', 'less')) {
      const operator = now.text === 'greater' ? '>=' : '<=';
      const value = this.c.number();
      return { kind: 'compare', operator, left: { kind: 'length' }, right: { kind: 'number', value } };
    }
    if (this.c.take('broadcast', 'multicast')) return this.group('ether', now.text);
    if (this.c.take('inbound', 'outbound')) return { kind: 'direction', inbound: now.text === 'inbound' };
    if (this.c.take(...LAYERS)) {
      if (now.text === 'vlan' && this.world.cooked) throw new Wrong('no VLAN support for Linux cooked v2', now.at);
      // No frame of a lab has such a header.
      if (this.c.now.kind === 'number') this.c.at++;
      return { kind: 'not', of: { kind: 'always' } };
    }
    const qualified = this.head();
    if (qualified !== null) return qualified;
    // A bare id is meant as the one before it.
    if (this.last && (now.kind === 'number' || now.kind === 'word' || now.kind === 'address' || now.kind === 'mac'))
      return this.id(this.last);
    throw this.c.syntax();
  }

  private group(proto: 'ether' | 'ip' | 'ip6', which: string): Filter {
    return { kind: 'group', proto, which: which as 'broadcast' | 'multicast' };
  }

  /** Protocol, direction, type; then an id, or several in parentheses. Null if none of them stands here. */
  private head(): Filter | null {
    const begin = this.c.now;
    let proto = '';
    if (PROTOS.includes(this.c.now.text)) proto = this.c.any().text;
    if (proto === 'link') proto = 'ether';
    if (proto !== '' && this.c.is('broadcast', 'multicast')) {
      if (proto === 'ether' || proto === 'ip' || proto === 'ip6') return this.group(proto, this.c.any().text);
    }
    const side = this.side();
    let type = '';
    if (TYPES.includes(this.c.now.text)) type = this.c.any().text;
    if (type === 'gateway') throw new Wrong("'gateway' not supported in this configuration", begin.at);
    if (side === null && type === '') {
      if (proto === '') return null;
      // `ether ADDRESS` alone is not enough; a protocol's name is a question of its own.
      if (proto === 'ether') throw this.c.syntax();
      return protocolFilter(proto);
    }
    const q: Qualifiers = { proto, side: side ?? 'either', type: type === '' ? 'host' : type };
    if (type === '' && this.c.now.text === 'ether') throw this.c.syntax();
    this.last = q;
    if (this.c.take('(')) {
      const inside = this.ids(q);
      if (!this.c.take(')')) throw this.c.syntax();
      return inside;
    }
    return this.id(q);
  }

  private id(q: Qualifiers): Filter {
    return readId(this.c, q, this.world);
  }

  private ids(q: Qualifiers): Filter {
    const not = this.c.take('not', '!');
    const first = this.id(q);
    return this.chain(not ? { kind: 'not', of: first } : first, () => this.id(q));
  }

  private side(): Side | null {
    const first = this.c.now.text;
    if (first !== 'src' && first !== 'dst') return null;
    this.c.at++;
    const other = first === 'src' ? 'dst' : 'src';
    if (this.c.is('or', 'and') && this.c.next?.text === other) {
      const both = this.c.now.text === 'and';
      this.c.at += 2;
      return both ? 'both' : 'either';
    }
    return first;
  }
}

/** A protocol's name that stands alone. */
function protocolFilter(proto: string): Filter {
  const type = ETHERTYPES[proto];
  if (type !== undefined) return { kind: 'ethertype', type };
  const [number, family] = NUMBERS[proto]!;
  return { kind: 'proto', number, family };
}
