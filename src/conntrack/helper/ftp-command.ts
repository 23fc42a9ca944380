import type { Addr, Family } from '../../wire';
import { addrFromBytes, parseAddr } from '../../wire';
import type { Dir } from '../flow';

type FtpKind = 'PORT' | 'EPRT' | 'PASV' | 'EPSV';

/** A command or answer that names an address and a port, and where they stand in the payload. */
export interface FtpMatch {
  readonly kind: FtpKind;
  /** Null if none is named (229). */
  readonly addr: Addr | null;
  readonly port: number;
  readonly offset: number;
  readonly length: number;
}

interface Numbers {
  readonly addr: Addr | null;
  readonly port: number;
  readonly length: number;
  /** Characters skipped before the numbers begin. */
  readonly skipped: number;
}

interface Pattern {
  readonly kind: FtpKind;
  readonly text: string;
  /** Everything up to this character is skipped. */
  readonly skip: string;
  readonly read: (text: string, family: Family) => Numbers | null;
}

const PATTERNS: readonly [readonly Pattern[], readonly Pattern[]] = [
  [
    { kind: 'PORT', text: 'PORT', skip: ' ', read: (text) => readSix(text, '\r') },
    { kind: 'EPRT', text: 'EPRT', skip: ' ', read: readEprt },
  ],
  [
    { kind: 'PASV', text: '227 ', skip: '', read: readPasv },
    { kind: 'EPSV', text: '229 ', skip: '(', read: readEpsv },
  ],
];

/**
 * What a line says to the helper: a match; `partial` (it begins like one, but cannot be read: the packet is dropped);
 * null (nothing to do with it).
 *
 * Kernel: find_pattern(), net/netfilter/nf_conntrack_ftp.c. RFC 959 p. 28, RFC 1123 section 4.1.2.6, RFC 2428
 */
export function findFtpPattern(text: string, dir: Dir, family: Family): FtpMatch | 'partial' | null {
  for (const pattern of PATTERNS[dir]) {
    const length = pattern.text.length;
    const same = text.slice(0, length).toUpperCase() === pattern.text.slice(0, text.length);
    if (!same) continue;
    if (text.length <= length) return 'partial';
    let at = length;
    if (pattern.skip !== '') {
      at = text.indexOf(pattern.skip, length);
      if (at < 0 || at === text.length - 1) return 'partial';
      at++;
    }
    const numbers = pattern.read(text.slice(at), family);
    if (numbers === null) return 'partial';
    const { addr, port } = numbers;
    return { kind: pattern.kind, addr, port, offset: at + numbers.skipped, length: numbers.length };
  }
  return null;
}

/** `count` numbers with separators up to the end character ('' for any). Kernel: try_number() */
function readNumbers(
  text: string,
  count: number,
  separator: string,
  end: string,
): { readonly numbers: number[]; readonly length: number } | null {
  const numbers = new Array<number>(count).fill(0);
  let i = 0;
  for (let at = 0; at < text.length && i < count; at++) {
    const c = text[at]!;
    if (c >= '0' && c <= '9') numbers[i] = (numbers[i]! * 10 + Number(c)) >>> 0;
    else if (c === separator) i++;
    else return (c === end || end === '') && i === count - 1 && at > 0 ? { numbers, length: at } : null;
  }
  return null;
}

/** `192,168,1,1,5,6`. Kernel: try_rfc959() */
function readSix(text: string, end: string): Numbers | null {
  const read = readNumbers(text, 6, ',', end);
  if (read === null) return null;
  const n = read.numbers;
  return { addr: quad(n), port: ((n[4]! << 8) | n[5]!) & 0xffff, length: read.length, skipped: 0 };
}

/** The four numbers as the kernel puts them together: what is above 255 runs over into its neighbour. */
function quad(n: readonly number[]): Addr {
  const word = (n[0]! << 24) | (n[1]! << 16) | (n[2]! << 8) | n[3]!;
  return addrFromBytes(Uint8Array.of(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255), 0, 4);
}

/** Kernel: try_rfc1123() */
function readPasv(text: string): Numbers | null {
  const at = text.search(/[0-9]/);
  if (at < 0) return null;
  const read = readSix(text.slice(at), '');
  return read === null ? null : { ...read, skipped: at };
}

function delimiterOf(text: string): string | null {
  const c = text.charCodeAt(0);
  return text.length <= 3 || (c >= 48 && c <= 57) || c < 33 || c > 126 ? null : text[0]!;
}

/** A port up to the delimiter; `length` counts from the start of the text. Kernel: get_port() */
function readPort(text: string, start: number, delimiter: string): { port: number; length: number } | null {
  let port = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i]!;
    if (c === delimiter) return port === 0 ? null : { port, length: i + 1 };
    if (c < '0' || c > '9') return null;
    port = (port * 10 + Number(c)) & 0xffff;
  }
  return null;
}

/** `|1|132.235.1.2|6275|` or `|2|3ffe::1|6275|`. Kernel: try_eprt() */
function readEprt(text: string, family: Family): Numbers | null {
  const delimiter = delimiterOf(text);
  if (delimiter === null || text[2] !== delimiter || text[1] !== (family === 4 ? '1' : '2')) return null;
  let addr: Addr | null;
  let length: number;
  if (family === 4) {
    const read = readNumbers(text.slice(3), 4, '.', delimiter);
    if (read === null) return null;
    addr = quad(read.numbers);
    length = read.length;
  } else {
    const end = text.indexOf(delimiter, 3);
    addr = end < 0 ? null : parseAddr(text.slice(3, end));
    if (addr === null) return null;
    length = end - 3;
  }
  const port = readPort(text, 3 + length + 1, delimiter);
  return port === null ? null : { addr, port: port.port, length: port.length, skipped: 0 };
}

/** `|||6446|`. Kernel: try_epsv_response() */
function readEpsv(text: string): Numbers | null {
  const delimiter = delimiterOf(text);
  if (delimiter === null || text[1] !== delimiter || text[2] !== delimiter) return null;
  const port = readPort(text, 3, delimiter);
  return port === null ? null : { addr: null, port: port.port, length: port.length, skipped: 0 };
}

/** The numbers as NAT writes them. Kernel: nf_nat_ftp_fmt_cmd(), net/netfilter/nf_nat_ftp.c */
export function formatFtp(kind: FtpKind, addr: Addr, port: number): string {
  switch (kind) {
    case 'PORT':
    case 'PASV':
      return `${addr.replaceAll('.', ',')},${port >> 8},${port & 255}`;
    case 'EPRT':
      return addr.includes(':') ? `|2|${fullIp6(addr)}|${port}|` : `|1|${addr}|${port}|`;
    case 'EPSV':
      return `|||${port}|`;
  }
}

/** All eight groups with their leading zeros. Kernel: printf's %pI6 */
function fullIp6(addr: Addr): string {
  const [head = '', tail] = addr.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(':');
}
