import { internetChecksum, u16, u32 } from '../../wire';
import { hex, type PrintContext, portName } from './context';
import { dnsPayload } from './dns';
import type { IpAround } from './ip';
import { sshPayload, type TextProtocol, textPayload } from './text';

const FLAGS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'] as const;

const TEXT_PORTS: Readonly<Record<number, TextProtocol>> = {
  25: 'smtp',
  80: 'http',
  8080: 'http',
  3128: 'http',
  21: 'ftp',
  554: 'rtsp',
  8554: 'rtsp',
};
/** Ports whose contents the real one takes apart, and this one does not. */
const NOT_DECODED = [139, 179, 323, 445, 639, 646, 1723, 2605, 3689, 5353, 6379, 6653, 10288];

/** A TCP segment behind its IP header. `data` may be cut short: then so is what is said. tcpdump: tcp_print() */
export function tcpLine(ctx: PrintContext, ip: IpAround, data: Uint8Array, length: number): string {
  const pair = (sport: string, dport: string) =>
    ip.bare ? `${sport} > ${dport}: ` : `${ip.src}.${sport} > ${ip.dst}.${dport}: `;
  if (data.length < 4) return ip.bare ? ' [|tcp]' : `${ip.src} > ${ip.dst}:  [|tcp]`;
  const [sport, dport] = [u16(data, 0), u16(data, 2)];
  const head = pair(portName(ctx, sport, 'tcp'), portName(ctx, dport, 'tcp'));
  if (data.length < 20) return `${head} [|tcp]`;
  const headerLength = (data[12]! >> 4) * 4;
  if (headerLength < 20)
    return `${head} tcp ${length - headerLength} [bad hdr length ${headerLength}, too short, < 20]`;
  const payload = length - headerLength;
  if (ctx.options.quick) return `${head}tcp ${payload}`;
  const bits = data[13]!;
  const flags = FLAGS.filter((_, i) => (bits >> i) & 1).join('') || 'none';
  const { seq, ack, sackBase } = relative(ctx, ip, data, sport, dport, bits);
  let out = `${head}Flags [${flags}]`;
  if (ctx.options.verbose > 0 && !ctx.options.noChecksum && ip.pseudo !== null && data.length >= length) {
    out += checksum(ip.pseudo(6, length), data.subarray(0, length));
  }
  if (payload > 0 || (bits & 7) !== 0 || ctx.options.verbose > 1)
    out += `, seq ${seq}${payload > 0 ? `:${(seq + payload) >>> 0}` : ''}`;
  if ((bits & 16) !== 0) out += `, ack ${ack}`;
  out += `, win ${u16(data, 14)}`;
  if ((bits & 32) !== 0) out += `, urg ${u16(data, 18)}`;
  if (headerLength > 20) out += `, options [${options(data.subarray(20, headerLength), sackBase)}]`;
  out += `, length ${payload}`;
  if (payload <= 0) return out;
  return out + contents(ctx, data.subarray(headerLength, length), sport, dport);
}

function checksum(pseudo: Uint8Array, data: Uint8Array): string {
  const all = new Uint8Array(pseudo.length + data.length);
  all.set(pseudo, 0);
  all.set(data, pseudo.length);
  const said = u16(data, 16);
  all[pseudo.length + 16] = 0;
  all[pseudo.length + 17] = 0;
  const right = internetChecksum(all);
  const shown = `, cksum 0x${hex(said, 4)}`;
  return right === said ? `${shown} (correct)` : `${shown} (incorrect -> 0x${hex(right, 4)})`;
}

/** Numbers count from the first segment with an ACK that was seen of the conversation; that one is shown as it is. */
function relative(ctx: PrintContext, ip: IpAround, data: Uint8Array, sport: number, dport: number, bits: number) {
  const seq = u32(data, 4);
  const ack = u32(data, 8);
  if (ctx.options.absolute || (bits & 16) === 0 || ip.bare) return { seq, ack, sackBase: 0 };
  const one = `${ip.src} ${sport}`;
  const other = `${ip.dst} ${dport}`;
  const reverse = sport === dport ? one > other : sport > dport;
  const key = reverse ? `${other} ${one}` : `${one} ${other}`;
  const known = ctx.tcp.get(key);
  if (known === undefined || (bits & 2) !== 0) {
    const before = (ack - 1) >>> 0;
    const base = reverse ? { ack: seq, seq: before } : { seq, ack: before };
    ctx.tcp.set(key, base);
    return { seq, ack, sackBase: reverse ? base.seq : base.ack };
  }
  return reverse
    ? { seq: (seq - known.ack) >>> 0, ack: (ack - known.seq) >>> 0, sackBase: known.seq }
    : { seq: (seq - known.seq) >>> 0, ack: (ack - known.ack) >>> 0, sackBase: known.ack };
}

function options(b: Uint8Array, sackBase: number): string {
  const out: string[] = [];
  for (let at = 0; at < b.length; ) {
    const kind = b[at]!;
    if (kind === 0) {
      out.push('eol');
      break;
    }
    if (kind === 1) {
      out.push('nop');
      at++;
      continue;
    }
    const length = b[at + 1] ?? 0;
    if (length < 2 || at + length > b.length) {
      out.push('[bad opt]');
      break;
    }
    out.push(option(kind, b.subarray(at, at + length), sackBase));
    at += length;
  }
  return out.join(',');
}

function option(kind: number, b: Uint8Array, sackBase: number): string {
  if (kind === 2 && b.length === 4) return `mss ${u16(b, 2)}`;
  if (kind === 3 && b.length === 3) return `wscale ${b[2]}`;
  if (kind === 4 && b.length === 2) return 'sackOK';
  if (kind === 8 && b.length === 10) return `TS val ${u32(b, 2)} ecr ${u32(b, 6)}`;
  if (kind === 5 && (b.length - 2) % 8 === 0) {
    let out = `sack ${(b.length - 2) / 8} `;
    for (let at = 2; at < b.length; at += 8) {
      out += `{${(u32(b, at) - sackBase) >>> 0}:${(u32(b, at + 4) - sackBase) >>> 0}}`;
    }
    return out;
  }
  const rest = [...b.subarray(2)].map((byte) => hex(byte, 2)).join('');
  return `unknown-${kind}${rest === '' ? '' : ` 0x${rest}`}`;
}

function contents(ctx: PrintContext, data: Uint8Array, sport: number, dport: number): string {
  if (sport === 22 || dport === 22) return sshPayload(data);
  for (const [port, name] of Object.entries(TEXT_PORTS)) {
    if (sport === Number(port) || dport === Number(port)) return `: ${textPayload(ctx, name, data)}`;
  }
  if (sport === 53 || dport === 53) {
    const prefix = data.length >= 2 ? u16(data, 0) : 0;
    if (prefix !== data.length - 2) return ` [prefix length(${prefix}) != length(${data.length - 2})] (invalid)`;
    return ` ${dnsPayload(ctx, data.subarray(2))}`;
  }
  const odd = NOT_DECODED.find((port) => port === sport || port === dport);
  if (odd !== undefined) ctx.notDecoded.add(`TCP port ${odd}`);
  return '';
}
