import { NAT_RANGE, type NatRange } from '../../nat';
import { type Addr, parseAddr } from '../../wire';
import { serviceByName } from '../read/names';
import { readUint, scanUint } from '../read/numbers';
import type { Kind, ReadCall } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtFamily } from '../types';

/** What the nat targets have in common: address and port ranges, as text and as the kernel takes them. */

export interface PortSpec {
  readonly min: number;
  readonly max: number;
  /** `/BASE`: the port that maps to `min`; null without. */
  readonly base: number | null;
}

export interface ToSpec {
  readonly addrs: { readonly min: Addr; readonly max: Addr } | null;
  readonly ports: PortSpec | null;
}

const PORT_PROTOCOLS = new Set([1, 6, 17, 33, 132]);

/** Kernel side: parse_ports(), libxt_NAT.c */
function readPorts(text: string, call: ReadCall): Read<PortSpec> {
  if (!PORT_PROTOCOLS.has(call.protocol)) {
    return new Refusal('protocol-missing', 'Need TCP, UDP, SCTP or DCCP with port specification', {
      protocol: call.protocol === 0 ? 'tcp' : undefined,
    });
  }
  const first = scanUint(text);
  if (first === null || first.value > 65535) {
    const service = serviceByName(text, '');
    if (service === null) return new Refusal('unknown-port', `Port \`${text}' not valid`);
    return { min: service, max: service, base: null };
  }
  const min = first.value;
  const rest = text.slice(first.end);
  if (rest === '') return { min, max: min, base: null };
  if (rest.startsWith(':')) return new Refusal('bad-value', 'Invalid port:port syntax - use dash');
  if (!rest.startsWith('-')) return new Refusal('bad-value', `Garbage after port value: \`${rest}'`);
  const word = rest.slice(1);
  const second = scanUint(word);
  if (second === null || second.value > 65535) return new Refusal('unknown-port', `Port \`${word}' not valid`);
  const max = second.value;
  if (max < min) return new Refusal('bad-value', `Port range \`${word}' funky`);
  const tail = word.slice(second.end);
  if (tail === '') return { min, max, base: null };
  if (!tail.startsWith('/')) return new Refusal('bad-value', `Garbage after port range: \`${tail}'`);
  const baseText = tail.slice(1);
  const base = readUint(baseText, 1, 65535) ?? serviceByName(baseText, '');
  return base === null ? new Refusal('unknown-port', `Port \`${baseText}' not valid`) : { min, max, base };
}

/** Kernel side: parse_to(), libxt_NAT.c */
function readTo(text: string, call: ReadCall): Read<ToSpec> {
  let start = 0;
  let end = text.length;
  let colon = -1;
  const open = text.indexOf('[');
  if (open < 0) {
    colon = text.indexOf(':');
    if (colon >= 0 && text.indexOf(':', colon + 1) >= 0) colon = -1;
    if (colon >= 0) end = colon;
  } else {
    start = open + 1;
    const close = text.indexOf(']', start);
    if (close < 0 || call.family === 'ip') return new Refusal('bad-address', 'Invalid address format');
    end = close;
    colon = text.indexOf(':', close + 1);
  }
  let ports: PortSpec | null = null;
  if (colon >= 0) {
    const read = readPorts(text.slice(colon + 1), call);
    if (read instanceof Refusal) return read;
    ports = read;
    // `[]:80` is ports alone, and so, to the tool, is any address of two characters.
    if (colon === 0 || colon === 2) return { addrs: null, ports };
  }
  const [first, second] = splitDash(text.slice(start, end));
  const min = addrOf(first, call.family);
  if (min === null) return new Refusal('bad-address', `Bad IP address "${first}"`);
  if (second === null) return { addrs: { min, max: min }, ports };
  const max = addrOf(second, call.family);
  return max === null ? new Refusal('bad-address', `Bad IP address "${second}"`) : { addrs: { min, max }, ports };
}

function splitDash(text: string): readonly [string, string | null] {
  const dash = text.indexOf('-');
  return dash < 0 ? [text, null] : [text.slice(0, dash), text.slice(dash + 1)];
}

function addrOf(text: string, family: XtFamily): Addr | null {
  const addr = parseAddr(text);
  return addr !== null && addr.includes(':') === (family === 'ip6') ? addr : null;
}

export const toSpec: Kind<ToSpec> = { name: 'nat-range', read: readTo };
export const toPorts: Kind<PortSpec> = { name: 'nat-ports', read: readPorts };

/** `ADDR[-ADDR][:PORT[-PORT[/BASE]]]`. Kernel side: sprint_range() */
export function rangeText({ addrs, ports }: ToSpec, family: XtFamily): string {
  let text = '';
  if (addrs !== null) {
    text = addrs.min === addrs.max ? addrs.min : `${addrs.min}-${addrs.max}`;
    if (family === 'ip6' && ports !== null) text = `[${text}]`;
  }
  return ports === null ? text : `${text}:${portText(ports)}`;
}

export function portText({ min, max, base }: PortSpec): string {
  return `${min}${max === min ? '' : `-${max}`}${base === null ? '' : `/${base}`}`;
}

export interface NatFlags {
  readonly random: boolean;
  readonly randomFully: boolean;
  readonly persistent: boolean;
}

export function flagText({ random, randomFully, persistent }: NatFlags, prefix: string): string {
  let text = '';
  if (random) text += ` ${prefix}random`;
  if (randomFully) text += ` ${prefix}random-fully`;
  if (persistent) text += ` ${prefix}persistent`;
  return text;
}

/** The range as nf_nat_setup_info() takes it. */
export function natRangeOf({ addrs, ports }: ToSpec, flags: NatFlags): NatRange {
  let bits = 0;
  if (addrs !== null) bits |= NAT_RANGE.MAP_IPS;
  if (ports !== null) bits |= NAT_RANGE.PROTO_SPECIFIED;
  if (ports !== null && ports.base !== null) bits |= NAT_RANGE.PROTO_OFFSET;
  if (flags.random) bits |= NAT_RANGE.PROTO_RANDOM;
  if (flags.randomFully) bits |= NAT_RANGE.PROTO_RANDOM_FULLY;
  if (flags.persistent) bits |= NAT_RANGE.PERSISTENT;
  return Object.freeze({
    flags: bits,
    minAddr: addrs?.min ?? null,
    maxAddr: addrs?.max ?? null,
    minProto: ports?.min ?? 0,
    maxProto: ports?.max ?? 0,
    baseProto: ports?.base ?? 0,
  });
}
