import { type Add, adder, hex, hexBytes, quad, rest, u8, u16, u32 } from './fieldReader';
import { DCCP_TYPES, FLAGS, ICMP_CODES, ICMP_TYPES, ICMP6_CODES, ICMP6_TYPES, SCTP_CHUNKS } from './headerNames';
import { type HeaderField, ipFields } from './headers';

/** The fields of what an IP header is followed by. */
export function transport(b: Uint8Array, at: number, protocol: number, out: HeaderField[], prefix: string): void {
  if (at >= b.length) return;
  switch (protocol) {
    case 4:
    case 41:
      // A packet in a packet: its layers have names of their own.
      ipFields(b, at, out, prefix === '' ? 'Inner ' : `Inner ${prefix}`);
      return;
    case 6:
      tcp(b, at, out, prefix);
      return;
    case 17:
    case 136:
      udp(b, at, out, prefix, protocol === 136);
      return;
    case 1:
    case 58:
      icmp(b, at, out, prefix, protocol === 58);
      return;
    case 2: {
      const add = adder(out, `${prefix}IGMP`);
      add('type', at, 1, hex(u8(b, at), 2));
      add('group', at + 4, 4, quad(b, at + 4));
      return;
    }
    case 33: {
      const add = adder(out, `${prefix}DCCP`);
      const type = (u8(b, at + 8) >> 1) & 15;
      ports(b, at, add);
      add('type', at + 8, 1, type, DCCP_TYPES[type] ?? '');
      add('checksum', at + 6, 2, hex(u16(b, at + 6)));
      rest(b, at + u8(b, at + 4) * 4, out, `${prefix}Payload`);
      return;
    }
    case 47:
      gre(b, at, out, prefix);
      return;
    case 50: {
      const add = adder(out, `${prefix}ESP`);
      add('spi', at, 4, hex(u32(b, at), 8));
      add('sequence', at + 4, 4, u32(b, at + 4));
      rest(b, at + 8, out, `${prefix}Encrypted`);
      return;
    }
    case 51: {
      const add = adder(out, `${prefix}AH`);
      add('next header', at, 1, u8(b, at));
      add('spi', at + 4, 4, hex(u32(b, at + 4), 8));
      add('sequence', at + 8, 4, u32(b, at + 8));
      transport(b, at + (u8(b, at + 1) + 2) * 4, u8(b, at), out, prefix);
      return;
    }
    case 132:
      sctp(b, at, out, prefix);
      return;
    case 59:
      return;
    default:
      rest(b, at, out, `${prefix}Payload`);
  }
}

function ports(b: Uint8Array, at: number, add: Add): void {
  add('source port', at, 2, u16(b, at));
  add('destination port', at + 2, 2, u16(b, at + 2));
}

function tcp(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}TCP`);
  const header = (u8(b, at + 12) >> 4) * 4;
  const flags = u8(b, at + 13);
  ports(b, at, add);
  add('flags', at + 13, 1, FLAGS.filter((_, bit) => (flags >> bit) & 1).join(' ') || 'none');
  add('sequence', at + 4, 4, u32(b, at + 4));
  add('acknowledgement', at + 8, 4, u32(b, at + 8), flags & 16 ? '' : 'without ACK it says nothing');
  add('window', at + 14, 2, u16(b, at + 14));
  add('header length', at + 12, 1, header, 'bytes');
  add('checksum', at + 16, 2, hex(u16(b, at + 16)));
  if (u16(b, at + 18) > 0) add('urgent pointer', at + 18, 2, u16(b, at + 18));
  tcpOptions(b, at + 20, at + header, add);
  rest(b, at + Math.max(20, header), out, `${prefix}Payload`);
}

function tcpOptions(b: Uint8Array, from: number, to: number, add: Add): void {
  for (let at = from; at < to && at < b.length; ) {
    const kind = u8(b, at);
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = u8(b, at + 1);
    if (length < 2) return;
    const data = b.subarray(at + 2, at + length);
    if (kind === 2) add('mss', at, length, u16(b, at + 2), 'largest segment');
    else if (kind === 3)
      add('window scale', at, length, u8(b, at + 2), `window times ${2 ** Math.min(14, u8(b, at + 2))}`);
    else if (kind === 4) add('sack permitted', at, length, 'yes');
    else if (kind === 5) {
      const blocks = Array.from({ length: Math.floor(data.length / 8) }, (_, i) => at + 2 + 8 * i);
      add('sack', at, length, blocks.map((o) => `${u32(b, o)}–${u32(b, o + 4)}`).join(' '), 'received out of order');
    } else if (kind === 8) add('timestamps', at, length, `${u32(b, at + 2)} ${u32(b, at + 6)}`, 'own, echoed');
    else add(`option ${kind}`, at, length, hexBytes(data) || 'yes');
    at += length;
  }
}

function udp(b: Uint8Array, at: number, out: HeaderField[], prefix: string, lite: boolean): void {
  const add = adder(out, `${prefix}${lite ? 'UDPlite' : 'UDP'}`);
  ports(b, at, add);
  const length = u16(b, at + 4);
  if (lite) add('coverage', at + 4, 2, length, length === 0 ? 'all of it is checked' : 'bytes are checked');
  else add('length', at + 4, 2, length, 'bytes');
  add('checksum', at + 6, 2, hex(u16(b, at + 6)), u16(b, at + 6) === 0 ? 'none' : '');
  rest(b, at + 8, out, `${prefix}Payload`);
}

function icmp(b: Uint8Array, at: number, out: HeaderField[], prefix: string, six: boolean): void {
  const add = adder(out, `${prefix}${six ? 'ICMPv6' : 'ICMP'}`);
  const type = u8(b, at);
  const code = u8(b, at + 1);
  const error = six ? type < 128 : [3, 4, 5, 11, 12].includes(type);
  add('type', at, 1, type, (six ? ICMP6_TYPES : ICMP_TYPES)[type] ?? '');
  add('code', at + 1, 1, code, (six ? ICMP6_CODES : ICMP_CODES)[type]?.[code] ?? '');
  const asks = six ? type === 128 || type === 129 : [0, 8, 13, 14, 15, 16, 17, 18].includes(type);
  if (asks) {
    add('id', at + 4, 2, u16(b, at + 4));
    add('sequence', at + 6, 2, u16(b, at + 6));
  } else if (six ? type === 2 : type === 3 && code === 4)
    add('mtu', at + 4, 4, six ? u32(b, at + 4) : u16(b, at + 6), 'the longest that fits');
  else if (!six && type === 5) add('gateway', at + 4, 4, quad(b, at + 4));
  else if (!six && type === 12) add('pointer', at + 4, 1, u8(b, at + 4), 'the byte that is wrong');
  else if (six && type === 4) add('pointer', at + 4, 4, u32(b, at + 4), 'the byte that is wrong');
  add('checksum', at + 2, 2, hex(u16(b, at + 2)));
  if (error && prefix === '' && b.length > at + 8) ipFields(b, at + 8, out, 'Inner ');
  else rest(b, at + 8, out, `${prefix}Payload`);
}

function gre(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}GRE`);
  const flags = u16(b, at);
  const version = flags & 7;
  const bits = [
    [0x8000, 'checksum'],
    [0x2000, 'key'],
    [0x1000, 'sequence'],
    [0x0080, 'acknowledgement'],
  ] as const;
  const set = bits.filter(([bit]) => flags & bit).map(([, name]) => name);
  add('version', at, 2, version, version === 1 ? 'PPTP' : '');
  add('flags', at, 2, set.join(' ') || 'none');
  add('protocol', at + 2, 2, hex(u16(b, at + 2)), ETHERTYPES[u16(b, at + 2)] ?? '');
  let here = at + 4;
  if (version === 0 && flags & 0x8000) {
    add('checksum', here, 2, hex(u16(b, here)));
    here += 4;
  }
  if (flags & 0x2000) {
    if (version === 1) {
      add('payload length', here, 2, u16(b, here));
      add('call id', here + 2, 2, u16(b, here + 2));
    } else add('key', here, 4, hex(u32(b, here), 8));
    here += 4;
  }
  if (flags & 0x1000) {
    add('sequence', here, 4, u32(b, here));
    here += 4;
  }
  if (version === 1 && flags & 0x80) {
    add('acknowledgement', here, 4, u32(b, here));
    here += 4;
  }
  const inner = u16(b, at + 2);
  const six = inner === 0x86dd;
  if (version === 0 && (six || inner === 0x0800) && u8(b, here) >> 4 === (six ? 6 : 4))
    ipFields(b, here, out, prefix === '' ? 'Inner ' : `Inner ${prefix}`);
  else rest(b, here, out, `${prefix}Payload`);
}

const ETHERTYPES: Readonly<Record<number, string>> = { 2048: 'IPv4', 34525: 'IPv6', 34827: 'PPP' };

function sctp(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}SCTP`);
  ports(b, at, add);
  add('verification tag', at + 4, 4, hex(u32(b, at + 4), 8));
  add('checksum', at + 8, 4, hex(u32(b, at + 8), 8), 'CRC32c');
  let n = 0;
  for (let here = at + 12; here + 4 <= b.length; ) {
    const type = u8(b, here);
    const length = u16(b, here + 2);
    n++;
    const chunk = adder(out, `${prefix}SCTP chunk ${n}`);
    chunk('type', here, 1, type, SCTP_CHUNKS[type] ?? '');
    chunk('flags', here + 1, 1, hex(u8(b, here + 1), 2));
    chunk('length', here + 2, 2, length, 'bytes');
    if (type === 1 || type === 2) chunk('initiate tag', here + 4, 4, hex(u32(b, here + 4), 8));
    else if (type === 0 && length > 16) {
      chunk('tsn', here + 4, 4, u32(b, here + 4));
      const data = b.subarray(here + 16, here + length);
      chunk('data', here + 16, data.length, String.fromCharCode(...data.subarray(0, 80)), `${data.length} bytes`);
    } else if (length > 4)
      chunk('value', here + 4, Math.min(length, b.length - here) - 4, hexBytes(b.subarray(here + 4, here + length)));
    if (length < 4) return;
    here += (length + 3) & ~3;
  }
}
