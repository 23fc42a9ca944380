import { addrFromBytes, IPPROTO, internetChecksum, u16, u32 } from '../../wire';
import { addrName, hex, type PrintContext, portName } from './context';
import { hexLines } from './hex';
import type { IpAround } from './ip';

type Inner = (data: Uint8Array) => string;

/** tcpdump: icmp_print(). `inner` prints what an error quotes. */
export function icmpLine(ctx: PrintContext, b: Uint8Array, length: number, fragment: boolean, inner: Inner): string {
  if (b.length < 8) return ' [|icmp]';
  let out = `ICMP ${what(ctx, b)}, length ${length}`;
  if (ctx.options.verbose === 0) return out;
  if (!fragment && b.length >= length) {
    const zeroed = b.slice(0, length);
    zeroed[2] = 0;
    zeroed[3] = 0;
    const [said, right] = [u16(b, 2), internetChecksum(zeroed)];
    if (said !== right) out += ` (wrong icmp cksum ${hex(said)} (->${hex(right)})!)`;
  }
  if ([3, 4, 5, 11, 12].includes(b[0]!) && b.length > 8) out += `\n\t${inner(b.subarray(8))}`;
  return out;
}

function what(ctx: PrintContext, b: Uint8Array): string {
  const [type, code] = [b[0]!, b[1]!];
  const pair = `id ${u16(b, 4)}, seq ${u16(b, 6)}`;
  switch (type) {
    case 0:
      return `echo reply, ${pair}`;
    case 8:
      return `echo request, ${pair}`;
    case 3:
      return unreachable(ctx, b, code);
    case 4:
      return 'source quench';
    case 5: {
      const to = addrName(ctx, b.length >= 28 ? addrFromBytes(b, 24, 4) : '0.0.0.0');
      const gateway = addrName(ctx, addrFromBytes(b, 4, 4));
      const kinds = ['redirect %s to net', 'redirect %s to host', 'redirect-tos %s to net', 'redirect-tos %s to host'];
      return `${(kinds[code] ?? `redirect-#${code} %s to`).replace('%s', to)} ${gateway}`;
    }
    case 9:
      return `router advertisement lifetime ${u16(b, 6)} ${b[4]}: [size ${b[5]}]`;
    case 10:
      return 'router solicitation';
    case 11:
      return ['time exceeded in-transit', 'ip reassembly time exceeded'][code] ?? `time exceeded-#${code}`;
    case 12:
      return code !== 0 ? `parameter problem - code ${code}` : `parameter problem - octet ${b[4]}`;
    case 13:
      return `time stamp query id ${u16(b, 4)} seq ${u16(b, 6)}`;
    case 14:
      return `time stamp reply id ${u16(b, 4)} seq ${u16(b, 6)}`;
    case 17:
      return 'address mask request';
    case 18:
      return `address mask is 0x${hex(u32(b, 8), 8)}`;
    case 15:
      return 'information request';
    case 16:
      return 'information reply';
    default:
      return `type-#${type}`;
  }
}

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'net %s unreachable',
  1: 'host %s unreachable',
  5: '%s unreachable - source route failed',
  6: 'net %s unreachable - unknown',
  7: 'host %s unreachable - unknown',
  8: '%s unreachable - source host isolated',
  9: 'net %s unreachable - admin prohibited',
  10: 'host %s unreachable - admin prohibited',
  11: 'net %s unreachable - tos prohibited',
  12: 'host %s unreachable - tos prohibited',
  13: 'host %s unreachable - admin prohibited filter',
  14: 'host %s unreachable - host precedence violation',
  15: 'host %s unreachable - precedence cutoff',
};

function unreachable(ctx: PrintContext, b: Uint8Array, code: number): string {
  const quoted = b.subarray(8);
  if (quoted.length < 20) return `type-#3, code-#${code} [|icmp]`;
  const dst = addrName(ctx, addrFromBytes(quoted, 16, 4));
  const known = UNREACHABLE[code];
  if (known !== undefined) return known.replace('%s', dst);
  const protocol = quoted[9]!;
  if (code === 2) return `${dst} protocol ${protocol} unreachable`;
  if (code === 3) {
    const at = (quoted[0]! & 15) * 4;
    if (quoted.length < at + 4) return `${dst} unreachable [|icmp]`;
    const port = u16(quoted, at + 2);
    if (protocol === IPPROTO.tcp) return `${dst} tcp port ${portName(ctx, port, 'tcp')} unreachable`;
    if (protocol === IPPROTO.udp) return `${dst} udp port ${portName(ctx, port, 'udp')} unreachable`;
    return `${dst} protocol ${protocol} port ${port} unreachable`;
  }
  if (code === 4) {
    const mtu = u16(b, 6);
    return `${dst} unreachable - need to frag${mtu === 0 ? '' : ` (mtu ${mtu})`}`;
  }
  return `${dst} unreachable - #${code}`;
}

const TYPES6: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  137: 'redirect',
  143: 'multicast listener report v2',
};

/** tcpdump: icmp6_print(). With -v the length is left out of errors and echoes. */
export function icmp6Line(ctx: PrintContext, ip: IpAround, b: Uint8Array, length: number, fragment: boolean): string {
  if (b.length < 4) return ' [|icmp6]';
  const verbose = ctx.options.verbose > 0;
  let sum = '';
  if (verbose && !fragment && ip.pseudo !== null && b.length >= length) {
    const pseudo = ip.pseudo(58, length);
    const all = new Uint8Array(pseudo.length + length);
    all.set(pseudo, 0);
    all.set(b.subarray(0, length), pseudo.length);
    const said = u16(b, 2);
    all[pseudo.length + 2] = 0;
    all[pseudo.length + 3] = 0;
    const right = internetChecksum(all);
    sum = said === right ? '[icmp6 sum ok] ' : `[bad icmp6 cksum 0x${hex(said, 4)} -> 0x${hex(right, 4)}!] `;
  }
  const type = b[0]!;
  const name = TYPES6[type];
  const tail = `, length ${length}`;
  const always = `${sum}ICMP6, `;
  if (name === undefined) {
    ctx.notDecoded.add(`ICMPv6 type ${type}`);
    return `${always}unknown icmp6 type (${type})${tail}`;
  }
  const neighbours = type >= 130;
  if (neighbours)
    return `${always}${name}${verbose ? tail : ''}${discovery(ctx, b, type, verbose)}${verbose ? '' : tail}`;
  const [text, dump] = error6(ctx, b, type);
  if (dump) {
    const shown = ctx.options.verbose > 1 ? '' : hexLines(b.subarray(0, length), 0, false);
    return `${always}${name}, ${text}${shown}`;
  }
  return `${always}${name}${text === '' ? '' : type === 3 ? ` ${text}` : `, ${text}`}${verbose ? '' : tail}`;
}

function error6(ctx: PrintContext, b: Uint8Array, type: number): readonly [text: string, dump: boolean] {
  const code = b[1]!;
  const quoted = b.subarray(8);
  const dst = addrName(ctx, quoted.length >= 40 ? addrFromBytes(quoted, 24, 6) : '::');
  const src = addrName(ctx, quoted.length >= 40 ? addrFromBytes(quoted, 8, 6) : '::');
  if (type === 128 || type === 129) return [b.length < 8 ? '' : `id ${u16(b, 4)}, seq ${u16(b, 6)}`, false];
  if (type === 2) return [`mtu ${u32(b, 4)}`, false];
  if (type === 3) {
    if (code === 0) return [`in-transit for ${dst}`, false];
    return [code === 1 ? 'in-transit (reassembly)' : `, unknown code (${code})`, false];
  }
  if (type === 4) {
    const kinds = ['erroneous', 'next header', 'option', 'incomplete header chain'];
    return [`${kinds[code] ?? `code-#${code}`} - octet ${u32(b, 4)}`, false];
  }
  const unreachables = [
    `unreachable route ${dst}`,
    ` unreachable prohibited ${dst}`,
    `beyond scope ${dst}, source address ${src}`,
    `unreachable address ${dst}`,
  ];
  if (code === 4) return [`unreachable port, ${portOf(ctx, quoted, dst)}`, false];
  return code < 4 ? [unreachables[code]!, false] : [`unknown unreach code (${code})`, true];
}

function portOf(ctx: PrintContext, quoted: Uint8Array, dst: string): string {
  const protocol = quoted[6];
  const port = quoted.length >= 44 ? u16(quoted, 42) : 0;
  if (protocol === IPPROTO.tcp) return `${dst} tcp port ${portName(ctx, port, 'tcp')}`;
  if (protocol === IPPROTO.udp) return `${dst} udp port ${portName(ctx, port, 'udp')}`;
  return `${dst} protocol ${protocol} port ${port}`;
}

function discovery(ctx: PrintContext, b: Uint8Array, type: number, verbose: boolean): string {
  if (b.length < 24 || (type !== 135 && type !== 136)) return '';
  const target = addrName(ctx, addrFromBytes(b, 8, 6));
  if (type === 135) return `, who has ${target}`;
  const flags = ['router', 'solicited', 'override'].filter((_, i) => (b[4]! >> (7 - i)) & 1);
  return `, tgt is ${target}${verbose ? `, Flags [${flags.length === 0 ? 'none' : flags.join(', ')}]` : ''}`;
}
