import { jhash2, scale32 } from '../../nat';
import {
  type Addr,
  addrWords,
  IPPROTO,
  isExtensionHeader,
  isIcmpError,
  maskOf,
  type Packet,
  parseQuoted,
  u16,
} from '../../wire';
import { plenMask } from '../read/host-kinds';
import { uint } from '../read/kinds';
import { defineTarget, type Kind, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import { setMark } from './change';
import { hmarkListed, hmarkSaved } from './hmark-text';
import { type HmarkField, hmarkTuple } from './hmark-tuple';

export interface HmarkConfig {
  readonly ct: boolean;
  /** Null: the address does not count. */
  readonly srcMask: Addr | null;
  readonly dstMask: Addr | null;
  /** Source port in the upper half, destination port in the lower; or an SPI. */
  readonly portMask: number;
  readonly portSet: number;
  readonly protoMask: number;
  readonly rnd: number;
  readonly modulus: number;
  readonly offset: number | null;
  /** Which fields were given, for the text. */
  readonly fields: readonly HmarkField[];
  readonly set: readonly ('sport' | 'dport' | 'spi')[];
}

/** A tuple gives the masks of what it names, which then cannot be given again. */
const maskOption = <T>(field: HmarkField, kind: Kind<T>, help: string) =>
  option(kind, help, {
    givenBy: (before) => (before['hmark-tuple']?.value as readonly string[] | undefined)?.includes(field) ?? false,
  });

export const HMARK = defineTarget({
  name: 'HMARK',
  title: 'Mark by hash',
  help: 'Sets the mark to a hash of addresses, ports and protocol: equal flows get equal marks.',
  verdict: 'continue',
  options: {
    'hmark-tuple': option(
      hmarkTuple,
      'What is hashed: `src,dst,sport,dport,proto,spi`, or `ct` for the addresses of the flow',
    ),
    'hmark-src-prefix': maskOption('src', plenMask, 'Prefix length of source addresses'),
    'hmark-dst-prefix': maskOption('dst', plenMask, 'Prefix length of destination addresses'),
    'hmark-sport-mask': maskOption('sport', uint(16), 'Bits of the source port that count'),
    'hmark-dport-mask': maskOption('dport', uint(16), 'Bits of the destination port that count'),
    'hmark-spi-mask': maskOption('spi', uint(32), 'Bits of the SPI that count'),
    'hmark-sport': option(uint(16), 'Bits that are set in the source port'),
    'hmark-dport': option(uint(16), 'Bits that are set in the destination port'),
    'hmark-spi': option(uint(32), 'Bits that are set in the SPI'),
    'hmark-proto-mask': maskOption('proto', uint(16), 'Bits of the protocol that count'),
    'hmark-rnd': option(uint(32), 'Seed of the hash'),
    'hmark-mod': option(uint(32, { min: 1 }), 'How many marks there are'),
    'hmark-offset': option(uint(32), 'The smallest mark'),
  },
  parse: (uses, { family }): Read<HmarkConfig> => {
    const ones = maskOf(family === 'ip' ? 32 : 128, family === 'ip' ? 4 : 6);
    const tuple = uses['hmark-tuple']?.value ?? [];
    const given = (field: HmarkField, value: unknown): boolean => value !== undefined || tuple.includes(field);
    const masks: readonly (readonly [HmarkField, unknown])[] = [
      ['src', uses['hmark-src-prefix']],
      ['dst', uses['hmark-dst-prefix']],
      ['sport', uses['hmark-sport-mask']],
      ['dport', uses['hmark-dport-mask']],
      ['spi', uses['hmark-spi-mask']],
      ['proto', uses['hmark-proto-mask']],
    ];
    const fields = masks.filter(([field, use]) => given(field, use)).map(([field]) => field);
    const set = (['sport', 'dport', 'spi'] as const).filter((field) => uses[`hmark-${field}`] !== undefined);
    if (uses['hmark-mod'] === undefined) return new Refusal('option-missing', '--hmark-mod is mandatory');
    if (uses['hmark-rnd'] === undefined) return new Refusal('option-missing', '--hmark-rnd is mandatory');
    if (fields.includes('spi') && (fields.includes('sport') || fields.includes('dport'))) {
      const message = 'you cannot use --hmark-spi-mask and --hmark-?port-mask,at the same time';
      return new Refusal('options-clash', message);
    }
    const ct = tuple.includes('ct');
    if (fields.length === 0 && set.length === 0 && !ct) {
      return new Refusal('option-missing', 'you have to specify --hmark-tuple at least');
    }
    // The tuple asks for all bits, whatever an option before it said.
    const mask = (field: HmarkField, all: number, use: { readonly value: number } | undefined): number =>
      tuple.includes(field) ? all : (use?.value ?? 0);
    const spiMask = mask('spi', 0xffff_ffff, uses['hmark-spi-mask']);
    const sportMask = mask('sport', 0xffff, uses['hmark-sport-mask']);
    const dportMask = mask('dport', 0xffff, uses['hmark-dport-mask']);
    const ports = ((uses['hmark-sport']?.value ?? 0) << 16) | (uses['hmark-dport']?.value ?? 0);
    return {
      ct,
      srcMask: tuple.includes('src') ? ones : (uses['hmark-src-prefix']?.value ?? null),
      dstMask: tuple.includes('dst') ? ones : (uses['hmark-dst-prefix']?.value ?? null),
      portMask: (spiMask | (sportMask << 16) | dportMask) >>> 0,
      portSet: (ports | (uses['hmark-spi']?.value ?? 0)) >>> 0,
      protoMask: mask('proto', 0xffff, uses['hmark-proto-mask']),
      rnd: uses['hmark-rnd'].value,
      modulus: uses['hmark-mod'].value,
      offset: uses['hmark-offset']?.value ?? null,
      fields,
      set,
    };
  },
  print: hmarkSaved,
  list: (c, { family }) => hmarkListed(c, family),
  // Kernel: hmark_tg_check(), net/netfilter/xt_HMARK.c
  check: ({ set }) => (set.includes('spi') && (set.includes('sport') || set.includes('dport')) ? 'EINVAL' : null),
  act: (c, action) => {
    const tuple = c.ct ? tupleOfFlow(c, action) : tupleOfPacket(c, action.skb.packet);
    if (tuple !== null) setMark(action, hmarkHash(c, tuple), 'HMARK');
    return 'continue';
  },
});

/** Kernel: struct hmark_tuple */
interface Hashed {
  readonly src: number;
  readonly dst: number;
  readonly ports: number;
  readonly protocol: number;
}

/** Kernel: hmark_ct_set_htuple() */
function tupleOfFlow(c: HmarkConfig, { skb }: XtAction): Hashed | null {
  if (skb.ct === null) return null;
  const { original, reply } = skb.ct;
  const ports = original.protocol === IPPROTO.icmp ? 0 : portWord(c, original.sport, reply.sport);
  return {
    src: masked(original.src, c.srcMask),
    dst: masked(reply.src, c.dstMask),
    ports,
    protocol: original.protocol,
  };
}

/** An error counts as the packet that it quotes. Kernel: hmark_pkt_set_htuple_ipv4(), hmark_pkt_set_htuple_ipv6() */
function tupleOfPacket(c: HmarkConfig, packet: Packet): Hashed | null {
  const of = isQuoting(packet) ? parseQuoted(packet.bytes.slice(packet.l4Offset + 8)) : packet;
  if (of.headerError !== null || of.family !== packet.family) return null;
  const { protocol, offset, fragment } = lastBefore(of);
  if (isLost(of, protocol, offset)) return of === packet ? NOTHING : null;
  return {
    src: masked(of.src, c.srcMask),
    dst: masked(of.dst, c.dstMask),
    ports: fragment ? 0 : portsOf(c, of, protocol, offset),
    protocol,
  };
}

const NOTHING: Hashed = { src: 0, dst: 0, ports: 0, protocol: 0 };

/** Whether headers lead nowhere: one is cut off, or in another fragment. Kernel: ipv6_find_hdr() */
function isLost({ bytes, family, fragment }: Packet, protocol: number, offset: number): boolean {
  if (family === 4 || !isExtensionHeader(protocol)) return false;
  const late = fragment !== null && fragment.offset > 0;
  return late || protocol !== IPPROTO.ah || offset + 2 > bytes.length;
}

/** What headers are read up to: an AH counts as the transport header, and what follows it is not looked at. */
function lastBefore({ extensions, protocol, l4Offset, fragment }: Packet): {
  readonly protocol: number;
  readonly offset: number;
  readonly fragment: boolean;
} {
  let cut = false;
  for (const header of extensions) {
    if (header.protocol === IPPROTO.fragment) cut = true;
    if (header.protocol === IPPROTO.ah) return { protocol: IPPROTO.ah, offset: header.offset, fragment: cut };
  }
  return { protocol, offset: l4Offset, fragment: fragment !== null };
}

/** Kernel: get_inner_hdr(), which asks not for fragments; get_inner6_hdr(), for which all types below 128 are errors */
function isQuoting(packet: Packet): boolean {
  const { bytes, family, l4Offset: at } = packet;
  if (at + 8 > bytes.length) return false;
  if (family === 4) return packet.protocol === IPPROTO.icmp && isIcmpError(4, bytes[at]!);
  const { protocol, fragment } = lastBefore(packet);
  return protocol === IPPROTO.icmpv6 && !fragment && bytes[at]! > 0 && bytes[at]! < 128;
}

/** Protocols whose header begins with ports, or an SPI that counts as such. Kernel: proto_ports_offset() */
const PORTS_AT: Readonly<Record<number, number>> = { 6: 0, 17: 0, 33: 0, 50: 0, 51: 4, 132: 0, 136: 0 };

function portsOf(c: HmarkConfig, packet: Packet, protocol: number, offset: number): number {
  const shift = PORTS_AT[protocol];
  if (shift === undefined) return 0;
  const at = offset + shift;
  if (at + 4 > packet.bytes.length) return 0;
  return portWord(c, u16(packet.bytes, at), u16(packet.bytes, at + 2));
}

/** The larger port comes first, so that both directions are equal. Kernel: hmark_swap_ports() */
function portWord(c: HmarkConfig, sport: number, dport: number): number {
  const word = ((((sport << 16) | dport) & c.portMask) | c.portSet) >>> 0;
  const src = word >>> 16;
  const dst = word & 0xffff;
  return (dst > src ? (dst << 16) | src : (src << 16) | dst) >>> 0;
}

/** Kernel: hmark_addr_mask(), hmark_addr6_mask() */
function masked(addr: Addr, mask: Addr | null): number {
  if (mask === null) return 0;
  const words = addrWords(addr);
  const bits = addrWords(mask);
  let result = 0;
  for (let i = 0; i < 4; i++) result ^= words[i]! & bits[i]!;
  return result >>> 0;
}

/** Kernel: hmark_hash() */
function hmarkHash(c: HmarkConfig, { src, dst, ports, protocol }: Hashed): number {
  const hash = jhash2([Math.min(src, dst), Math.max(src, dst), ports], c.rnd) ^ (protocol & c.protoMask);
  return (scale32(hash, c.modulus) + (c.offset ?? 0)) >>> 0;
}
