import type { Host } from '../../../host';
import { type Addr, type Family, familyOf, parseAddr } from '../../../wire';

/**
 * How names resolve on a host of a lab: as if /etc/hosts had one line for each host of the lab, with the first address that
 * it has (with -4 or -6: the first of that family), and one for localhost. No name server is asked.
 */
export type Resolved =
  | { readonly ok: true; readonly addr: Addr; readonly literal: boolean }
  | { readonly ok: false; readonly why: 'unknown' | 'family' };

/** libc: getaddrinfo(), with `hosts: files` */
export function resolve(host: Host, name: string, family?: Family): Resolved {
  const literal = parseAddr(name);
  if (literal !== null) {
    const fits = family === undefined || familyOf(literal) === family;
    // No address at all means the host itself, as BSD has it.
    const addr = literal === '0.0.0.0' ? '127.0.0.1' : literal === '::' ? '::1' : literal;
    return fits ? { ok: true, addr, literal: true } : { ok: false, why: 'family' };
  }
  const short = readAton(name);
  if (short !== null) {
    return family === 6 ? { ok: false, why: 'family' } : { ok: true, addr: short, literal: true };
  }
  if (name === 'localhost') return { ok: true, addr: family === 6 ? '::1' : '127.0.0.1', literal: false };
  const addresses = host.world.names?.().get(name) ?? [];
  if (addresses.length === 0) return { ok: false, why: 'unknown' };
  const addr = addresses.find((a) => family === undefined || familyOf(a) === family);
  return addr === undefined ? { ok: false, why: 'family' } : { ok: true, addr, literal: false };
}

/** The words of gai_strerror(). */
export function resolveText(why: 'unknown' | 'family'): string {
  return why === 'unknown' ? 'Name or service not known' : 'Address family for hostname not supported';
}

/** The name of an address, as /etc/hosts would have it; null if it has none. */
export function nameOf(host: Host, addr: Addr): string | null {
  if (addr === '127.0.0.1' || addr === '::1') return 'localhost';
  for (const [name, addresses] of host.world.names?.() ?? []) {
    const family = familyOf(addr);
    if (addresses[0] === addr || addresses.find((a) => familyOf(a) === family) === addr) return name;
  }
  return null;
}

/** `10.1` is 10.0.0.1, and parts may be octal or hexadecimal. libc: inet_aton() */
export function readAton(name: string): Addr | null {
  if (!/^(0x[\da-f]+|0[0-7]*|[1-9]\d*)(\.(0x[\da-f]+|0[0-7]*|[1-9]\d*)){0,3}$/i.test(name)) return null;
  const parts = name.split('.').map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = parts.pop()!;
  if (parts.some((p) => p > 255) || last >= 256 ** (4 - parts.length)) return null;
  const value = parts.reduce((sum, p, i) => sum + p * 256 ** (3 - i), 0) + last;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Some address of the host, for a packet that will not get out. */
export function anyOwn(host: Host, family: Family): Addr {
  const own = host.interfaces().flatMap((i) => (i.kind === 'loopback' ? [] : i.addresses));
  return own.find((a) => a.family === family)?.addr ?? (family === 4 ? '127.0.0.1' : '::1');
}
