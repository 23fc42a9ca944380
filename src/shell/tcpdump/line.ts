import type { PrintContext } from './context';
import { frameBytes } from './filter';
import { asciiLines, hexLines } from './hex';
import { packetLine } from './ip';
import type { Captured, DumpOptions, Link } from './types';

/** When the packets before it came, for -ttt and -ttttt. */
export interface Times {
  readonly first: number;
  readonly last: number;
}

/** All that is printed of one packet, with its line end. */
export function dumpLine(ctx: PrintContext, captured: Captured, link: Link, number: number, times: Times): string {
  const { options } = ctx;
  const head = `${options.number ? `${String(number).padStart(5)}  ` : ''}${timeText(captured.timeUs, options, times)}`;
  const cooked = link === 'LINUX_SLL2';
  const device = cooked ? `${captured.iface.padEnd(5)} ${directionText(captured).padEnd(3)} ` : '';
  const packet = packetLine(ctx, captured.bytes);
  const body = options.link ? linkText(captured, cooked) + packet : packet;
  return `${head}${device}${body}${dump(options, captured)}\n`;
}

function directionText(captured: Captured): string {
  if (captured.direction === 'out') return 'Out';
  return { host: 'In', broadcast: 'B', multicast: 'M', otherhost: 'P' }[captured.kind];
}

function linkText(captured: Captured, cooked: boolean): string {
  const { bytes, srcMac, dstMac, ifindex } = captured;
  const type = bytes[0]! >> 4 === 6 ? 'IPv6 (0x86dd)' : 'IPv4 (0x0800)';
  if (cooked) return `ifindex ${ifindex} ${srcMac} ethertype ${type}, length ${bytes.length + 20}: `;

  return `${srcMac} > ${dstMac}, ethertype ${type}, length ${bytes.length + 14}: `;
}

function dump(options: DumpOptions, captured: Captured): string {
  const { ascii, hex, both } = options;
  if (both > 0) return hexLines(both > 1 ? frameBytes(captured) : captured.bytes, 0, true);
  if (hex > 0) return hexLines(hex > 1 ? frameBytes(captured) : captured.bytes, 0, false);
  if (ascii > 0) return asciiLines(ascii > 1 ? frameBytes(captured) : captured.bytes);
  return '';
}

/** tcpdump: ts_print() */
function timeText(us: number, options: DumpOptions, times: Times): string {
  switch (options.time) {
    case 0:
      return `${clock(us % 86_400_000_000)} `;
    case 1:
      return '';
    case 2:
      return `${Math.floor(us / 1e6)}.${String(us % 1_000_000).padStart(6, '0')} `;
    case 3:
      return ` ${clock(us - times.last)} `;
    case 4:
      return `${new Date(us / 1000).toISOString().slice(0, 10)} ${clock(us % 86_400_000_000)} `;
    default:
      return ` ${clock(us - times.first)} `;
  }
}

function clock(us: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const s = Math.floor(us / 1_000_000);
  const fraction = String(us % 1_000_000).padStart(6, '0');
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${fraction}`;
}
