import { addrWords, familyOf, parseAddr, type Words } from '../../wire';
import type { Opt } from './data';
import { type Session, syntaxError } from './session';
import { readCidr, separator, splitRange, stripEscape } from './values';

/** What form of an address is asked for. */
type AddressForm =
  /** Address, ADDRESS/LENGTH or FROM-TO. */
  | 'any'
  /** One address. */
  | 'plain'
  /** ADDRESS/LENGTH. */
  | 'net'
  /** ADDRESS/LENGTH or FROM-TO. */
  | 'netrange'
  /** Address or ADDRESS/LENGTH. */
  | 'ipnet'
  /** For IPv4 any; for IPv6 one address. */
  | 'any4-plain6'
  /** For IPv4 any; for IPv6 address or ADDRESS/LENGTH. */
  | 'any4-ipnet6';

/** Reads an address into the data of the session. libipset: ipset_parse_ip() and its kin */
export function readAddress(
  session: Session,
  opt: 'ip' | 'ipTo' | 'ip2' | 'bitmask',
  text: string,
  form: AddressForm,
): boolean {
  const { data } = session;
  if (data.family === 'unspec') {
    data.family = 'inet';
    data.given.add('family');
  }
  const v6 = data.family === 'inet6';
  const narrowed = v6 ? (form === 'any4-plain6' ? 'plain' : form === 'any4-ipnet6' ? 'ipnet' : form) : form;
  const hasRange = separator(afterEscape(text), '-') >= 0;
  const slash = separator(text, '/');
  switch (narrowed) {
    case 'plain':
      if (hasRange || (slash >= 0 && text.slice(slash) !== (v6 ? '/128' : '/32'))) {
        return syntaxError(session, `plain IP address must be supplied: ${text}`);
      }
      break;
    case 'net':
      if (slash < 0 || hasRange) return syntaxError(session, `IP/netblock must be supplied: ${text}`);
      break;
    case 'netrange':
      if (!hasRange && slash < 0) return syntaxError(session, `IP/cidr or IP-IP range must be specified: ${text}`);
      break;
    case 'ipnet':
      if (hasRange) return syntaxError(session, `IP address or IP/cidr must be specified: ${text}`);
      break;
    default:
      break;
  }
  return readParts(session, opt, text, slash, v6);
}

/** libipset: escape_range_separator() */
function afterEscape(text: string): string {
  if (!text.startsWith('[')) return text;
  const end = text.indexOf(']');
  return end < 0 ? '' : text.slice(end);
}

/** libipset: parse_ipaddr() */
function readParts(
  session: Session,
  opt: 'ip' | 'ipTo' | 'ip2' | 'bitmask',
  text: string,
  slash: number,
  v6: boolean,
): boolean {
  let from = text;
  let to: string | null = null;
  const first = opt === 'ip';
  if (slash >= 0) {
    from = text.slice(0, slash);
    const length = readCidr(session, text.slice(slash + 1), 0, v6 ? 128 : 32);
    if (length === null) return false;
    give(session, first ? 'cidr' : 'cidr2', length);
  } else {
    const range = splitRange(session, text);
    if (range === null) return false;
    [from, to] = range;
  }
  const a = readHost(session, from, v6);
  if (a === null) return false;
  give(session, opt, a);
  if (to === null) return true;
  const b = readHost(session, to, v6);
  if (b === null) return false;
  give(session, first ? 'ipTo' : 'ip2To', b);
  return true;
}

function give(session: Session, opt: Opt, value: Words | number): void {
  const { data } = session;
  data.given.add(opt);
  if (typeof value === 'number') {
    if (opt === 'cidr') data.elem.cidr = value;
    else data.elem.cidr2 = value;
  } else if (opt === 'ip') data.elem.ip = value;
  else if (opt === 'ipTo') data.elem.ipTo = value;
  else if (opt === 'ip2') data.elem.ip2 = value;
  else if (opt === 'ip2To') data.elem.ip2To = value;
  else data.create.bitmask = value;
}

/** An address, or the one name that a machine without a resolver knows. libc: gethostbyname2() */
function readHost(session: Session, text: string, v6: boolean): Words | null {
  const name = stripEscape(session, text);
  if (name === null) return null;
  const found = v6 ? (name.includes(':') ? parseAddr(name) : null) : readInet(name);
  if (found !== null) return addrWords(found);
  syntaxError(session, `cannot parse ${name}: resolving to IPv${v6 ? 6 : 4} address failed`);
  return null;
}

/** An IPv4 address of one to four numbers, each decimal or octal; the last fills up. libc: inet_aton() */
function readInet(text: string): string | null {
  const plain = parseAddr(text);
  if (plain !== null && familyOf(plain) === 4) return plain;
  if (text === 'localhost') return '127.0.0.1';
  if (!/^[0-9]+(\.[0-9]+){0,3}$/.test(text)) return null;
  const numbers = text.split('.').map((n) => (/^0[0-9]/.test(n) ? octal(n) : Number(n)));
  const last = numbers.pop()!;
  if (numbers.some((n) => !(n <= 255)) || !(last < 256 ** (4 - numbers.length))) return null;
  const value = numbers.reduce((sum, n, i) => sum + n * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function octal(text: string): number {
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}
