import { addrFromBytes, IPPROTO, ipv4HeaderChecksum, putU16, putU32, u16, u32 } from '../../wire';
import { addrName, hex, type PrintContext, protoName } from './context';
import { icmp6Line, icmpLine } from './icmp';
import { otherLine } from './other';
import { tcpLine } from './tcp';
import { udpLine } from './udp';

/** What a transport's line needs of the header around it. */
export interface IpAround {
  readonly src: string;
  readonly dst: string;
  readonly six: boolean;
  /** Behind an extension header: the addresses were said before. */
  readonly bare: boolean;
  /** Pseudo header for the checksum; null where it cannot be checked. */
  readonly pseudo: ((protocol: number, length: number) => Uint8Array) | null;
}

/** A whole packet; with -e it does not say which IP it is. */
export function packetLine(ctx: PrintContext, b: Uint8Array): string {
  return b[0]! >> 4 === 6 ? ip6Line(ctx, b) : ip4Line(ctx, b);
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'Options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'unknown',
  44: 'Fragment',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
};

function protocolWords(protocol: number): string {
  return `${NAMES[protocol] ?? 'unknown'} (${protocol})`;
}

/** tcpdump: ip_print() */
function ip4Line(ctx: PrintContext, b: Uint8Array): string {
  if (b.length < 20) return ' [|ip]';
  const header = (b[0]! & 15) * 4;
  const total = u16(b, 2);
  const fragment = u16(b, 6);
  const offset = (fragment & 0x1fff) * 8;
  const more = (fragment & 0x2000) !== 0;
  const protocol = b[9]!;
  const src = addrName(ctx, addrFromBytes(b, 12, 4));
  const dst = addrName(ctx, addrFromBytes(b, 16, 4));
  let out = ctx.options.link ? '' : 'IP ';
  if (ctx.options.verbose > 0) {
    const flags = [more ? '+' : '', (fragment & 0x4000) !== 0 ? 'DF' : '', (fragment & 0x8000) !== 0 ? 'rsvd' : ''];
    const set = flags.filter((f) => f !== '').join(', ') || 'none';
    const options = header > 20 ? `, options (${optionNames(b.subarray(20, header))})` : '';
    const ecn = ['', ',ECT(1)', ',ECT(0)', ',CE'][b[1]! & 3];
    out += `(tos 0x${hex(b[1]!)}${ecn}, ttl ${b[8]}, id ${u16(b, 4)}, offset ${offset}, flags [${set}], proto ${protocolWords(protocol)}, length ${total}${options}`;
    const right = ipv4HeaderChecksum(b, header);
    if (!ctx.options.noChecksum && b.length >= header && right !== u16(b, 10))
      out += `, bad cksum ${hex(u16(b, 10))} (->${hex(right)})!`;
    out += ')\n    ';
  }
  if (offset > 0) return `${out}${src} > ${dst}: ${protoName(ctx, protocol)}`;
  const length = total - header;
  const data = b.subarray(header, Math.max(header, Math.min(b.length, total)));
  const pseudo = more
    ? null
    : (of: number, n: number) => {
        const head = new Uint8Array(12);
        head.set(b.subarray(12, 20), 0);
        head[9] = of;
        putU16(head, 10, n);
        return head;
      };
  const around: IpAround = { src, dst, six: false, bare: false, pseudo };
  return out + transport(ctx, around, protocol, data, length, more);
}

function transport(
  ctx: PrintContext,
  ip: IpAround,
  protocol: number,
  data: Uint8Array,
  length: number,
  fragment: boolean,
): string {
  if (protocol === IPPROTO.tcp) return tcpLine(ctx, ip, data, length);
  if (protocol === IPPROTO.udp) return udpLine(ctx, ip, data);
  const head = ip.bare ? '' : `${ip.src} > ${ip.dst}: `;
  if (protocol === IPPROTO.icmp && !ip.six)
    return head + icmpLine(ctx, data, length, fragment, (quoted) => ip4Line(ctx, quoted));
  if (protocol === IPPROTO.icmpv6 && ip.six) return head + icmp6Line(ctx, ip, data, length, fragment);
  if (protocol === IPPROTO.ipip) return head + ip4Line(ctx, data);
  if (protocol === IPPROTO.ipv6) return head + ip6Line(ctx, data);
  return otherLine(ctx, ip, protocol, data, length, (packet) => packetLine(ctx, packet));
}

/** tcpdump: ip6_print() */
function ip6Line(ctx: PrintContext, b: Uint8Array): string {
  if (b.length < 40) return ' [|ip6]';
  const first = u32(b, 0);
  const payload = u16(b, 4);
  const src = addrName(ctx, addrFromBytes(b, 8, 6));
  const dst = addrName(ctx, addrFromBytes(b, 24, 6));
  const verbose = ctx.options.verbose > 0;
  let out = ctx.options.link ? '' : 'IP6 ';
  if (verbose) {
    const words = [];
    if (((first >>> 20) & 255) !== 0) words.push(`class 0x${hex((first >>> 20) & 255, 2)}`);
    if ((first & 0xfffff) !== 0) words.push(`flowlabel 0x${hex(first & 0xfffff, 5)}`);
    words.push(`hlim ${b[7]}`, `next-header ${protocolWords(b[6]!)} payload length: ${payload}`);
    out += `(${words.join(', ')}) `;
  }
  const pseudo = (of: number, n: number) => {
    const head = new Uint8Array(40);
    head.set(b.subarray(8, 40), 0);
    putU32(head, 32, n);
    head[39] = of;
    return head;
  };
  let next = b[6]!;
  let at = 40;
  let bare = false;
  let fragment = false;
  const end = Math.min(b.length, 40 + payload);
  for (;;) {
    if (next === 0 || next === 60 || next === 43 || next === 44) {
      if (!bare) out += `${src} > ${dst}: `;
      bare = true;
      if (at + 8 > end) return `${out} [|ip6]`;
      const [words, length, later] = extension(b, at, next, end, verbose);
      out += words;
      if (later) return out;
      fragment ||= next === 44;
      next = b[at]!;
      at += length;
      continue;
    }
    const around: IpAround = { src, dst, six: true, bare, pseudo: fragment ? null : pseudo };
    if (next === 59) return `${out}${bare ? '' : `${src} > ${dst}: `}no next header`;
    return out + transport(ctx, around, next, b.subarray(at, end), 40 + payload - at, fragment);
  }
}

/** What an extension header says, its length, and whether nothing more follows. */
function extension(
  b: Uint8Array,
  at: number,
  kind: number,
  end: number,
  verbose: boolean,
): readonly [string, number, boolean] {
  if (kind === 44) {
    const offset = u16(b, at + 2) & 0xfff8;
    const id = verbose ? `0x${hex(u32(b, at + 4), 8)}:` : '';
    return [`frag (${id}${offset}|${end - at - 8}) `.replace(/ $/, offset > 0 ? '' : ' '), 8, offset > 0];
  }
  const length = (b[at + 1]! + 1) * 8;
  if (kind === 43) return [`srcrt (len=${b[at + 1]}, type=${b[at + 2]}, segleft=${b[at + 3]}) `, length, false];
  const options = verbose ? ` ${optionWords(b.subarray(at + 2, at + length))}` : '';
  return [`${kind === 0 ? 'HBH' : 'DSTOPT'}${options} `, length, false];
}

function optionWords(b: Uint8Array): string {
  const out: string[] = [];
  for (let at = 0; at < b.length; ) {
    const type = b[at]!;
    if (type === 0) {
      out.push('(pad1)');
      at++;
      continue;
    }
    const length = b[at + 1] ?? 0;
    if (type === 1) out.push('(padn)');
    else if (type === 5 && length === 2) out.push(`(rtalert: 0x${hex(u16(b, at + 2), 4)})`);
    else out.push(`(opt_type 0x${hex(type, 2)}: len=${length})`);
    at += 2 + length;
  }
  return out.join(' ');
}

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
};

function optionNames(b: Uint8Array): string {
  const out: string[] = [];
  for (let at = 0; at < b.length; ) {
    const type = b[at]!;
    out.push(OPTIONS[type] ?? `unknown ${type}`);
    if (type === 0) break;
    at += type === 1 ? 1 : Math.max(2, b[at + 1] ?? 2);
  }
  return out.join(',');
}
