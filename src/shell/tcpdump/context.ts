import { protocolName, serviceByPort } from '../../wire';
import type { DumpOptions } from './types';

/** What the printers share while one tcpdump runs. */
export interface PrintContext {
  readonly options: DumpOptions;
  /** The name of an address in /etc/hosts, or null. */
  readonly nameOf: (addr: string) => string | null;
  /** First numbers of each TCP conversation, from which the others are counted. */
  readonly tcp: Map<string, { seq: number; ack: number }>;
  /** What could not be taken apart here, as the real one does. */
  readonly notDecoded: Set<string>;
}

/** tcpdump: ipaddr_string() */
export function addrName(ctx: PrintContext, addr: string): string {
  return (ctx.options.numeric ? null : ctx.nameOf(addr)) ?? addr;
}

export function portName(ctx: PrintContext, port: number, protocol: 'tcp' | 'udp'): string {
  return (ctx.options.numeric ? null : serviceByPort(port, protocol)) ?? String(port);
}

export function protoName(ctx: PrintContext, protocol: number): string {
  if (protocol >= 253 && protocol < 255 && !ctx.options.numeric) return `exptest-${protocol}`;
  const name = protocolName(protocol);
  return ctx.options.numeric || /^\d+$/.test(name) ? `ip-proto-${protocol}` : name;
}

export const hex = (n: number, width = 0): string => n.toString(16).padStart(width, '0');
