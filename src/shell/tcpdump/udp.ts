import { internetChecksum, latin1Text, u16 } from '../../wire';
import { hex, type PrintContext, portName } from './context';
import { dnsPayload } from './dns';
import type { IpAround } from './ip';
import { textPayload } from './text';

/** Ports whose contents the real one takes apart, and this one does not. */
const NOT_DECODED = [
  67, 68, 88, 123, 161, 162, 500, 514, 517, 518, 520, 521, 546, 547, 623, 646, 750, 1645, 1646, 1701, 1812, 1813, 1985,
  3503, 3784, 4341, 4342, 4500, 4789, 5678, 6081, 6696, 9875,
];

/** A datagram behind its IP header. tcpdump: udp_print() */
export function udpLine(ctx: PrintContext, ip: IpAround, data: Uint8Array): string {
  const pair = (sport: string, dport: string) =>
    ip.bare ? `${sport} > ${dport}: ` : `${ip.src}.${sport} > ${ip.dst}.${dport}: `;
  if (data.length < 4) return ip.bare ? ' [|udp]' : `${ip.src} > ${ip.dst}:  [|udp]`;
  const [sport, dport] = [u16(data, 0), u16(data, 2)];
  const head = pair(portName(ctx, sport, 'udp'), portName(ctx, dport, 'udp'));
  if (data.length < 8) return `${head} [|udp]`;
  const length = u16(data, 4) - 8;
  if (ctx.options.quick) return `${head}UDP, length ${length}`;
  const sum = checksum(ctx, ip, data);
  const payload = data.subarray(8, 8 + length);
  return head + sum + contents(ctx, payload, length, sport, dport, ip.dst);
}

function checksum(ctx: PrintContext, ip: IpAround, data: Uint8Array): string {
  const { verbose, noChecksum } = ctx.options;
  const wanted = ip.six ? 1 : 2;
  if (verbose < wanted || noChecksum || ip.pseudo === null) return '';
  const said = u16(data, 6);
  if (said === 0 && !ip.six) return '[no cksum] ';
  const length = u16(data, 4);
  if (data.length < length) return '';
  const pseudo = ip.pseudo(17, length);
  const all = new Uint8Array(pseudo.length + length);
  all.set(pseudo, 0);
  all.set(data.subarray(0, length), pseudo.length);
  all[pseudo.length + 6] = 0;
  all[pseudo.length + 7] = 0;
  const right = internetChecksum(all) || 0xffff;
  return right === said ? '[udp sum ok] ' : `[bad udp cksum 0x${hex(said, 4)} -> 0x${hex(right, 4)}!] `;
}

function contents(
  ctx: PrintContext,
  data: Uint8Array,
  length: number,
  sport: number,
  dport: number,
  dst: string,
): string {
  const has = (port: number) => sport === port || dport === port;
  if (has(53)) return dnsPayload(ctx, data);
  if (has(5353)) return dnsPayload(ctx, data, dst === '224.0.0.251' || dst === 'ff02::fb');
  if (has(69)) return tftp(data, length);
  if (has(5060)) return textPayload(ctx, 'sip', data);
  const odd = NOT_DECODED.find(has);
  if (odd !== undefined) ctx.notDecoded.add(`UDP port ${odd}`);
  return `UDP, length ${length}`;
}

const TFTP = ['', 'RRQ', 'WRQ', 'DATA', 'ACK', 'ERROR', 'OACK'] as const;

function tftp(data: Uint8Array, length: number): string {
  const head = `TFTP, length ${length}`;
  if (data.length < 2) return `${head} [|tftp]`;
  const op = u16(data, 0);
  const name = TFTP[op];
  if (!name) return `${head}, tftp-#${op}`;
  if (op === 1 || op === 2) {
    const words = latin1Text(data, 2).split('\0');
    return `${head}, ${name} "${words[0]}" ${words[1] ?? ''}`;
  }
  if (data.length < 4) return `${head}, ${name} [|tftp]`;
  if (op === 5) return `${head}, ERROR ${u16(data, 2)} "${latin1Text(data, 4).split('\0')[0]}"`;
  return op === 6 ? `${head}, OACK` : `${head}, ${name} block ${u16(data, 2)}`;
}
