import type { Addr } from '../../../wire';
import { Cursor } from './cursor';
import { abbreviation, type FilterWorld, NEVER, numbered, readId } from './ids';
import { lex } from './lex';
import { arithFrom, factor, factorAhead, goesOn, load, relation } from './numbers';
import { isPossible } from './possible';
import type { Arith, Filter, Qualifiers } from './types';
import { DIRECTIONS, LAYERS, OTHER_LINKS, PROTOS, TYPES } from './words';
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
    return { ok: true, filter: new Parser(text, { cooked, resolve }).all() };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, error };
    throw error;
  }
}

/** Part of an expression, and what a bare id behind it is meant as. */
interface Item {
  readonly filter: Filter;
  readonly q: Qualifiers;
  /** It is an id with what stood before the parentheses around it. */
  readonly isId: boolean;
}

/** What stood in parentheses: a plain number may still become an id or part of a larger number. */
type Inside =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'arith'; readonly arith: Arith }
  | { readonly kind: 'item'; readonly item: Item };

const NOTHING: Qualifiers = { proto: '', dir: '', addr: 'none' };
const ID_KINDS = ['id', 'hid', 'hid6', 'mac', 'aid'] as const;

/** libpcap: grammar.y */
class Parser {
  private readonly c: Cursor;
  private readonly world: FilterWorld;
  /** A header was asked for that no frame of a lab has: what comes after is looked for behind it. */
  private layered = '';

  constructor(text: string, world: FilterWorld) {
    this.c = new Cursor(lex(text));
    this.world = world;
  }

  all(): Filter {
    if (this.c.ended) return { kind: 'always' };
    const { filter } = this.rest(this.term(NOTHING));
    if (!this.c.ended) throw this.c.syntax();
    if (!isPossible(filter)) throw new Wrong('expression rejects all packets', 0);
    return filter;
  }

  /** `and` and `or` are of one rank, and bind to the left. */
  private rest(begun: Item, next = (q: Qualifiers): Item => this.termOrId(q)): Item {
    let all = begun;
    for (;;) {
      const kind = this.c.take('and', '&&') ? 'and' : this.c.take('or', '||') ? 'or' : null;
      if (kind === null) return all;
      const right = next(all.q);
      all = { ...right, filter: { kind, left: all.filter, right: right.filter } };
    }
  }

  private term(outer: Qualifiers): Item {
    if (this.c.take('not', '!')) return negated(this.term(outer));
    if (!this.c.is('(') && !this.c.isKind('number')) return this.primitive();
    const inside = this.inside(outer, false);
    if (inside.kind === 'item') return inside.item;
    return plain(relation(this.c, arithOf(inside)));
  }

  /** What may come behind `and` and `or`: also an id alone. */
  private termOrId(q: Qualifiers): Item {
    if (this.c.take('not', '!')) return negated(this.termOrId(q));
    if (this.c.isKind(...ID_KINDS)) return this.id(q);
    if (!this.c.is('(') && !this.c.isKind('number')) return this.primitive();
    const inside = this.inside(q, true);
    if (inside.kind === 'item') return inside.item;
    if (inside.kind === 'number' && this.atEnd()) return this.numberId(inside.value, q, inside.at);
    return plain(relation(this.c, arithOf(inside)));
  }

  /** A number, or what stands in parentheses with them. `ids`: it may be an id. */
  private inside(q: Qualifiers, ids: boolean): Inside {
    if (this.c.isKind('number')) return { kind: 'number', at: this.c.now.at, value: this.c.number() };
    this.c.need('(');
    let first = this.first(q, ids);
    if (first.kind !== 'item' && goesOn(this.c)) {
      const arith = arithFrom(this.c, arithOf(first), 0);
      if (this.c.is(')')) first = { kind: 'arith', arith };
      else first = { kind: 'item', item: plain(relation(this.c, arith)) };
    }
    if (first.kind === 'number' && !this.c.is(')')) {
      if (!ids || !this.c.is('and', '&&', 'or', '||')) throw this.c.syntax();
      first = { kind: 'item', item: this.numberId(first.value, q, first.at) };
    }
    if (first.kind === 'item') {
      const { item } = first;
      first = { kind: 'item', item: item.isId ? this.rest(item, (own) => this.id(own)) : { ...this.rest(item), q } };
    }
    this.c.need(')');
    return first;
  }

  private first(q: Qualifiers, ids: boolean): Inside {
    if (this.c.is('(') || this.c.isKind('number')) {
      const inside = this.inside(q, ids);
      if (inside.kind === 'item' && inside.item.isId) throw this.c.syntax();
      return inside;
    }
    if (factorAhead(this.c)) return { kind: 'arith', arith: factor(this.c) };
    if (this.c.take('not', '!')) return { kind: 'item', item: negated(ids ? this.termOrId(q) : this.term(q)) };
    if (ids && this.c.isKind(...ID_KINDS)) return { kind: 'item', item: this.id(q) };
    if (!this.c.isIn(PROTOS)) return { kind: 'item', item: this.primitive() };
    const { text, at } = this.c.any();
    if (this.c.take('[')) return { kind: 'arith', arith: load(this.c, PROTOS[text]!, at) };
    return { kind: 'item', item: this.qualified(PROTOS[text]!, at) };
  }

  /** An id behind what says what it is, or several in parentheses. */
  private id(q: Qualifiers): Item {
    if (this.c.take('not', '!')) return negated(this.id(q));
    if (this.c.isKind(...ID_KINDS)) return this.idItem(readId(this.c, q, this.world), q);
    if (!this.c.is('(')) {
      const { at } = this.c.now;
      return this.numberId(this.c.number(), q, at);
    }
    const { at } = this.c.any();
    const value = this.plainNumber();
    if (value !== null && this.c.take(')')) return this.numberId(value, q, at);
    if (value === null && !this.c.isKind(...ID_KINDS) && !this.c.is('not', '!')) throw this.c.syntax();
    const first = value === null ? this.id(q) : this.numberId(value, q, at);
    if (value !== null && !this.c.is('and', '&&', 'or', '||')) throw this.c.syntax();
    const all = this.rest(first, (own) => this.id(own));
    this.c.need(')');
    return all;
  }

  /** Of a part of an expression. */
  private atEnd(): boolean {
    return this.c.ended || this.c.is(')', 'and', '&&', 'or', '||');
  }

  /** A number, in any parentheses; null if none stands here. */
  private plainNumber(): number | null {
    if (this.c.isKind('number')) return this.c.number();
    if (!this.c.take('(')) return null;
    const value = this.plainNumber();
    if (value === null) throw this.c.syntax();
    this.c.need(')');
    return value;
  }

  private numberId(value: number, q: Qualifiers, at: number): Item {
    return this.idItem(numbered(value, q, at), q);
  }

  private idItem(filter: Filter, q: Qualifiers): Item {
    return { filter: this.behind(filter), q, isId: true };
  }

  /** Of what is looked for behind another header, a frame of a lab has only its MACs. */
  private behind(filter: Filter): Filter {
    return this.layered === '' || filter.kind === 'mac' ? filter : NEVER;
  }

  private primitive(): Item {
    const { now } = this.c;
    if (factorAhead(this.c)) return plain(relation(this.c, factor(this.c)));
    if (this.c.isIn(PROTOS)) {
      const { text, at } = this.c.any();
      const proto = PROTOS[text]!;
      if (this.c.take('[')) return plain(this.behind(relation(this.c, load(this.c, proto, at))));
      return this.qualified(proto, at);
    }
    if (this.c.take('greater', 'less')) return plain(lengthTest(now.text === 'greater' ? '>=' : '<=', this.c.number()));
    if (this.c.take('byte')) return plain(this.byteTest());
    if (this.c.take('inbound', 'outbound')) return plain({ kind: 'direction', inbound: now.text === 'inbound' });
    if (this.c.take('ifindex')) return plain({ kind: 'ifindex', index: this.c.number() });
    if (this.c.isIn(LAYERS)) return plain(this.layer());
    if (this.c.isIn(OTHER_LINKS)) throw this.otherLink();
    if (this.c.is('reason', 'action')) throw this.pf();
    if (this.c.take('llc')) return plain(this.llc());
    return this.qualified('', now.at);
  }

  /** From behind the name of a protocol on, if one was said: direction and type, then an id. libpcap: head */
  private qualified(proto: string, at: number): Item {
    if (this.c.is('broadcast', 'multicast')) return plain(this.behind(this.group(proto)));
    if (this.c.is('type', 'subtype', 'dir', 'direction')) throw this.wlan();
    if (this.c.is('proto', 'protochain', 'gateway'))
      return headed(this.id({ proto, dir: '', addr: this.c.any().text }));
    const dir = this.direction();
    const addr = this.c.is(...TYPES) ? this.c.any().text : '';
    if (dir !== '' || addr !== '') return headed(this.id({ proto, dir, addr }));
    if (proto === '' || !this.atEnd()) throw this.c.syntax();
    const filter = abbreviation(proto, at);
    if (this.layered === 'mpls' && filter.kind !== 'proto' && proto !== 'ip' && proto !== 'ip6')
      throw new Wrong('unsupported protocol over mpls', at);
    return plain(this.behind(filter));
  }

  private direction(): string {
    if (!this.c.isIn(DIRECTIONS)) return '';
    const first = DIRECTIONS[this.c.any().text]!;
    if ((first !== 'src' && first !== 'dst') || !this.c.is('and', '&&', 'or', '||')) return first;
    const both = /and|&/.test(this.c.any().text);
    this.c.need(first === 'src' ? 'dst' : 'src');
    return both ? 'and' : 'or';
  }

  /** libpcap: gen_broadcast(), gen_multicast() */
  private group(named: string): Filter {
    const { text, at } = this.c.any();
    const which = text as 'broadcast' | 'multicast';
    const proto = named === '' || named === 'link' ? 'ether' : named;
    const link = proto === 'ether' && this.world.cooked;
    if (link && which === 'broadcast') throw new Wrong('not a broadcast link', at);
    if ((proto === 'ether' && !link) || proto === 'ip' || (proto === 'ip6' && which === 'multicast')) {
      return { kind: 'group', proto, which };
    }
    if (which === 'broadcast') throw new Wrong('only link-layer/IP broadcast filters supported', at);
    const links = 'ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel';
    throw new Wrong(`link-layer multicast filters supported only on ${links}`, at);
  }

  /** A byte of the frame against a number. libpcap: gen_byteop() */
  private byteTest(): Filter {
    const offset = this.c.number();
    if (!this.c.is('&', '|', '<', '>', '=')) throw this.c.syntax();
    const operator = this.c.any().text;
    const value = this.c.number();
    // Of the bits it never loads the byte, and works on 0.
    if (operator === '&' || operator === '|') return operator === '|' && value !== 0 ? { kind: 'always' } : NEVER;
    const left: Arith = { kind: 'load', proto: 'link', offset: { kind: 'number', value: offset }, size: 1 };
    return { kind: 'compare', operator, left, right: { kind: 'number', value } };
  }

  private layer(): Filter {
    const { text, at } = this.c.any();
    const limit = LAYERS[text];
    const value = limit === null ? null : this.plainNumber();
    if (text === 'vlan' && this.layered === 'mpls') throw new Wrong('no VLAN match after MPLS', at);
    if (text === 'vlan' && this.world.cooked) throw new Wrong('no VLAN support for Linux cooked v2', at);
    if (limit && value !== null && value > limit[0]) {
      throw new Wrong(`${limit[1]} ${value} greater than maximum ${limit[0]}`, at);
    }
    this.layered = text;
    return NEVER;
  }

  private otherLink(): Wrong {
    const { text, at } = this.c.any();
    const [follows, says] = OTHER_LINKS[text]!;
    if (follows === 'id') this.c.word('id');
    if (follows === 'number') this.c.number();
    if (follows === 'value') {
      this.c.take('=', '==', '>', '>=', '<', '<=', '!=', '(');
      this.c.number();
    }
    return new Wrong(says, at);
  }

  private pf(): Wrong {
    const { text: what, at } = this.c.any();
    if (what === 'reason' && this.c.isKind('number')) this.c.any();
    else {
      const { text } = this.c.word('id');
      const known = what === 'reason' ? PF_REASONS : PF_ACTIONS;
      if (!known.includes(text.toLowerCase())) return new Wrong(`unknown PF ${what} "${text}"`, at);
    }
    return new Wrong(`${what} supported only on PF linktype`, at);
  }

  private llc(): Filter {
    if (this.c.take('rnr') || !this.c.isKind('id')) return NEVER;
    const { text, at } = this.c.any();
    if (!LLC_TYPES.includes(text.toLowerCase())) throw new Wrong(`unknown LLC type name "${text}"`, at);
    return NEVER;
  }

  private wlan(): Wrong {
    const { text: what, at } = this.c.any();
    if (!this.c.isKind('number', 'id')) return this.c.syntax();
    const { kind, text } = this.c.any();
    const name = kind === 'id' ? text.toLowerCase() : null;
    if (what === 'dir' || what === 'direction') {
      const known = name === null || ['nods', 'tods', 'fromds', 'dstods'].includes(name);
      return new Wrong(known ? 'frame direction supported only with 802.11 headers' : 'unknown 802.11 direction', at);
    }
    if (what === 'type' && name === null && (Number(text) & ~0x0c) !== 0)
      return new Wrong(`invalid 802.11 type value 0x${Number(text).toString(16).padStart(2, '0')}`, at);
    if (what === 'type' && name !== null && !['mgt', 'ctl', 'data'].includes(name))
      return new Wrong(`unknown 802.11 type name "${text}"`, at);
    return new Wrong('802.11 link-layer types supported only on 802.11', at);
  }
}

const PF_REASONS =
  '0 match 1 bad-offset 2 fragment 3 short 4 normalize 5 memory bad-timestamp congestion ip-option proto-cksum state-mismatch state-insert state-limit src-limit synproxy'.split(
    ' ',
  );
const PF_ACTIONS = ['pass', 'accept', 'drop', 'block', 'rdr', 'nat', 'binat', 'nordr'];
const LLC_TYPES = 'i s u rr rnr rej ui ua disc dm sabme test xid frmr'.split(' ');

const plain = (filter: Filter): Item => ({ filter, q: NOTHING, isId: false });
const negated = (item: Item): Item => ({ ...item, filter: { kind: 'not', of: item.filter } });
const headed = (item: Item): Item => ({ ...item, isId: false });

function arithOf(inside: Exclude<Inside, { readonly kind: 'item' }>): Arith {
  return inside.kind === 'arith' ? inside.arith : { kind: 'number', value: inside.value };
}

function lengthTest(operator: string, value: number): Filter {
  return { kind: 'compare', operator, left: { kind: 'length' }, right: { kind: 'number', value } };
}
