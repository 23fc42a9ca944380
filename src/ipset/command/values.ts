import { parseMac, protocolName, protocolNumber, serviceByName } from '../../wire';
import { ERROR, type Level, report, resetReport, type Session, syntaxError, WARNING, warningAsError } from './session';

const U64 = (1n << 64n) - 1n;

/** Reads a number as strtoull() does with any base; null if it is none, 'range' if it is too large for 64 bits. */
function readUll(text: string): bigint | 'range' | null {
  const found = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  if (!found) return null;
  const digits = found[2]!;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  if (value > U64) return 'range';
  return found[1] === '-' ? BigInt.asUintN(64, -value) : value;
}

/** A number between two bounds, or null with a report. libipset: string_to_number_ll() */
function readNumber(session: Session, text: string, min: bigint, max: bigint, level: Level = ERROR): bigint | null {
  const value = readUll(text);
  if (value === null) {
    report(session, level, `Syntax error: '${text}' is invalid as number`);
    return null;
  }
  if (value !== 'range' && value >= min && value <= max) return value;
  report(session, level, `Syntax error: '${text}' is out of range ${min}-${max}`);
  return null;
}

function readSmall(session: Session, text: string, max: number, level: Level = ERROR): number | null {
  const value = readNumber(session, text, 0n, BigInt(max), level);
  return value === null ? null : Number(value);
}

export const readU8 = (session: Session, text: string, level?: Level) => readSmall(session, text, 255, level);
export const readU16 = (session: Session, text: string, level?: Level) => readSmall(session, text, 65535, level);
export const readU32 = (session: Session, text: string) => readSmall(session, text, 0xffffffff);

/** A prefix length. libipset: string_to_cidr() */
export function readCidr(session: Session, text: string, min: number, max: number): number | null {
  const value = readU8(session, text);
  if (value === null) return null;
  if (value >= min && value <= max) return value;
  syntaxError(session, `'${text}' is out of range ${min}-${max}`);
  return null;
}

/** Seconds. libipset: ipset_parse_timeout() */
export function readTimeout(session: Session, text: string): number | null {
  const value = readNumber(session, text, 0n, 2147483n);
  return value === null ? null : Number(value);
}

/** Counters. libipset: ipset_parse_uint64() */
export function readU64(session: Session, text: string): bigint | null {
  return readNumber(session, text, 0n, U64 - 1n);
}

/** A MAC address. libipset: ipset_parse_ether() */
export function readEther(session: Session, text: string): string | null {
  const mac = parseMac(text);
  if (mac === null) syntaxError(session, `cannot parse '${text}' as ethernet address`);
  return mac;
}

/** A protocol by number or name. libipset: ipset_parse_proto() */
export function readProto(session: Session, text: string): number | null {
  const number = readU8(session, text, WARNING);
  if (number !== null) return number;
  resetReport(session);
  const found = /^\d/.test(text) ? null : protocolNumber(text);
  if (found === null) syntaxError(session, `cannot parse '${text}' as a protocol`);
  else if (found === 0) syntaxError(session, `Unsupported protocol '${text}'`);
  return found === 0 ? null : found;
}

/** A port by number or name. libipset: ipset_parse_port(), parse_portname() */
export function readPort(session: Session, text: string, proto: string): number | null {
  const number = readU16(session, text, WARNING);
  if (number !== null) return number;
  const name = stripEscape(session, text);
  if (name !== null) {
    const protoNumber = readU8(session, proto, WARNING);
    const found = serviceByName(name, protoNumber === null ? proto : protocolName(protoNumber));
    if (found !== null) {
      resetReport(session);
      return found;
    }
  }
  report(session, WARNING, `cannot parse '${text}' as a ${proto} port`);
  warningAsError(session);
  return null;
}

/** `MARK` or `MARK/MASK`, in hexadecimal with 0x. libipset: ipset_parse_skbmark() */
export function readSkbmark(session: Session, text: string): { readonly mark: number; readonly mask: number } | null {
  const found = /^0x(?:0x)?([0-9a-f]+)(?:\/0x(?:0x)?([0-9a-f]+))?/i.exec(text);
  if (!found) {
    syntaxError(session, 'Invalid skbmark format, it should be:  MARK/MASK or MARK (see manpage)');
    return null;
  }
  const low = (hex: string) => Number(BigInt.asUintN(32, BigInt(`0x${hex}`)));
  return { mark: low(found[1]!), mask: found[2] === undefined ? 0xffffffff : low(found[2]) };
}

/** `MAJOR:MINOR` in hexadecimal. libipset: ipset_parse_skbprio() */
export function readSkbprio(session: Session, text: string): number | null {
  const found = /^\s*(?:0x)?([0-9a-f]+):\s*(?:0x)?([0-9a-f]+)/i.exec(text);
  if (!found) {
    syntaxError(session, 'Invalid skbprio format, it should be:MAJOR:MINOR (see manpage)');
    return null;
  }
  const [major, minor] = [Number.parseInt(found[1]!, 16), Number.parseInt(found[2]!, 16)];
  return ((major << 16) | (minor & 0xffff)) >>> 0;
}

/** The name of a set: up to 31 characters. */
export function readSetname(session: Session, text: string): string | null {
  if (text.length <= 31) return text;
  syntaxError(session, `setname '${text}' is longer than 31 characters`);
  return null;
}

/** Where a separator stands, if it is neither the first nor the last character of the text; else -1. */
export function separator(text: string, sep: string): number {
  if (text.startsWith(sep) || text.endsWith(sep)) return -1;
  return text.indexOf(sep);
}

/** Takes the brackets off that protect a name with dashes. libipset: strip_escape() */
export function stripEscape(session: Session, text: string): string | null {
  if (!text.startsWith('[')) return text;
  if (text.endsWith(']')) return text.slice(1, -1);
  syntaxError(session, `cannot find closing escape character ']' in ${text}`);
  return null;
}

/** Splits FROM-TO; null with a report if the brackets are wrong. libipset: find_range_separator() */
export function splitRange(session: Session, text: string): readonly [from: string, to: string | null] | null {
  let at: number;
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) {
      syntaxError(session, `cannot find closing escape character ']' in ${text}`);
      return null;
    }
    if (end === text.length - 1) return [text, null];
    if (text[end + 1] !== '-') {
      syntaxError(session, `range separator expected after '${text.slice(0, end + 1)}'`);
      return null;
    }
    at = end + 1;
  } else at = separator(text, '-');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
