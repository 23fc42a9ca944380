import { addrFromBytes, u16 } from '../../wire';
import { hex, type PrintContext } from './context';

class Truncated extends Error {}

const OPS = [
  '',
  ' inv_q',
  ' stat',
  ' op3',
  ' notify',
  ' update',
  ' op6',
  ' op7',
  ' op8',
  ' updateA',
  ' updateD',
  ' updateDA',
  ' updateM',
  ' updateMA',
  ' zoneInit',
  ' zoneRef',
];
const RESPONSES = [
  '',
  ' FormErr',
  ' ServFail',
  ' NXDomain',
  ' NotImp',
  ' Refused',
  ' YXDomain',
  ' YXRRSet',
  ' NXRRSet',
  ' NotAuth',
  ' NotZone',
  ' Resp11',
  ' Resp12',
  ' Resp13',
  ' Resp14',
  ' NoChange',
];
const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  41: 'OPT',
  43: 'DS',
  46: 'RRSIG',
  48: 'DNSKEY',
  64: 'SVCB',
  65: 'HTTPS',
  255: 'ANY',
  257: 'CAA',
};

/** A message of DNS, as far as it goes. tcpdump: domain_print() */
export function dnsPayload(ctx: PrintContext, data: Uint8Array, mdns = false): string {
  if (data.length < 12) return `domain [length ${data.length} < 12] (invalid)`;
  const out: string[] = [];
  try {
    message(ctx, data, mdns, out);
    out.push(` (${data.length})`);
  } catch (error) {
    if (!(error instanceof Truncated)) throw error;
    out.push(' [|domain]');
  }
  return out.join('');
}

function message(ctx: PrintContext, b: Uint8Array, mdns: boolean, out: string[]): void {
  const flags = u16(b, 2);
  const opcode = (flags >> 11) & 15;
  const [qd, an, ns, ar] = [u16(b, 4), u16(b, 6), u16(b, 8), u16(b, 10)];
  const bit = (mask: number, text: string) => ((flags & mask) !== 0 ? text : '');
  let at = 12;
  const more = ctx.options.verbose > 1;
  if ((flags & 0x8000) !== 0) {
    const ra = (flags & 0x80) !== 0 ? '' : '-';
    out.push(`${u16(b, 0)}${OPS[opcode]}${RESPONSES[flags & 15]}`);
    out.push(`${bit(0x400, '*')}${ra}${bit(0x200, '|')}${bit(0x20, '$')}`);
    if (qd !== 1) out.push(` [${qd}q]`);
    for (let i = 0; i < qd; i++) {
      if (i !== 0) out.push(',');
      if (more) {
        out.push(' q:');
        at = question(b, at, mdns, out);
      } else at = nameAt(b, at)[1] + 4;
    }
    out.push(` ${an}/${ns}/${ar}`);
    at = records(ctx, b, at, an, out);
    if (more) {
      if (ns > 0) out.push(' ns:');
      at = records(ctx, b, at, ns, out);
      if (ar > 0) out.push(' ar:');
      records(ctx, b, at, ar, out);
    }
    return;
  }
  out.push(`${u16(b, 0)}${OPS[opcode]}${bit(0x100, '+')}${bit(0x10, '%')}`);
  const odd = flags & 0x6cf;
  if (odd !== 0) out.push(` [b2&3=0x${hex(flags)}]`);
  if (an !== 0) out.push(` [${an}a]`);
  if (qd !== 1) out.push(` [${qd}q]`);
  if (ns !== 0) out.push(` [${ns}n]`);
  if (ar !== 0) out.push(` [${ar}au]`);
  for (let i = 0; i < qd; i++) {
    if (i !== 0) out.push(',');
    at = question(b, at, mdns, out);
  }
}

function question(b: Uint8Array, at: number, mdns: boolean, out: string[]): number {
  const [name, end] = nameAt(b, at);
  if (end + 4 > b.length) throw new Truncated();
  const type = u16(b, end);
  const unicast = mdns ? ((u16(b, end + 2) & 0x8000) !== 0 ? ' (QU)' : ' (QM)') : '';
  const of = u16(b, end + 2) & (mdns ? 0x7fff : 0xffff);
  out.push(` ${TYPES[type] ?? `Type${type}`}${unicast}${of === 1 ? '' : ` (Class ${of})`}? ${name}`);
  return end + 4;
}

function records(ctx: PrintContext, b: Uint8Array, from: number, count: number, out: string[]): number {
  let at = from;
  for (let i = 0; i < count; i++) {
    if (i !== 0) out.push(',');
    const [name, end] = nameAt(b, at);
    if (end + 10 > b.length) throw new Truncated();
    if (ctx.options.verbose > 0) out.push(` ${name}`);
    const type = u16(b, end);
    const length = u16(b, end + 8);
    const data = end + 10;
    out.push(` ${TYPES[type] ?? `Type${type}`}`);
    if (data + length > b.length) throw new Truncated();
    if (type === 1 && length === 4) out.push(` ${addrFromBytes(b, data, 4)}`);
    else if (type === 28 && length === 16) out.push(` ${addrFromBytes(b, data, 6)}`);
    else if ([2, 5, 12].includes(type)) out.push(` ${nameAt(b, data)[0]}`);
    else if (type === 15) out.push(` ${nameAt(b, data + 2)[0]} ${u16(b, data)}`);
    at = data + length;
  }
  return at;
}

/** A name with its last dot, and where what follows begins. */
function nameAt(b: Uint8Array, from: number): readonly [name: string, end: number] {
  const labels: string[] = [];
  let at = from;
  let end = -1;
  for (let jumps = 0; ; ) {
    const length = b[at];
    if (length === undefined) throw new Truncated();
    if (length >= 0xc0) {
      if (at + 1 >= b.length || ++jumps > 10) throw new Truncated();
      if (end < 0) end = at + 2;
      at = u16(b, at) & 0x3fff;
    } else if (length === 0) {
      return [labels.length === 0 ? '.' : `${labels.join('.')}.`, end < 0 ? at + 1 : end];
    } else {
      if (length > 63 || at + 1 + length > b.length) throw new Truncated();
      labels.push(String.fromCharCode(...b.subarray(at + 1, at + 1 + length)));
      at += 1 + length;
    }
  }
}
