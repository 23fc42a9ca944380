import type { Lab, LabHost } from '../../src/engine';

/** An address as a number, with its family. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export interface Subnet extends Address {
  readonly length: number;
}

/** The number that an address is; null if the text is none. */
export function parseAddress(text: string): Address | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4 !== null) {
    const parts = v4.slice(1).map(Number);
    if (parts.some((n) => n > 255)) return null;
    return { family: 4, value: parts.reduce((sum, n) => sum * 256n + BigInt(n), 0n) };
  }
  return text.includes(':') ? parseAddress6(text) : null;
}

function parseAddress6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const words = (half: string): string[] => (half === '' ? [] : half.split(':'));
  let head = words(halves[0] ?? '');
  let tail = words(halves[1] ?? '');
  const last = tail.at(-1) ?? head.at(-1) ?? '';
  if (last.includes('.')) {
    const v4 = parseAddress(last);
    if (v4 === null || v4.family !== 4) return null;
    const two = [(v4.value >> 16n).toString(16), (v4.value & 0xffffn).toString(16)];
    if (tail.length > 0) tail = [...tail.slice(0, -1), ...two];
    else head = [...head.slice(0, -1), ...two];
  }
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array<string>(halves.length === 1 ? 0 : missing).fill('0'), ...tail];
  if (all.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return null;
  return { family: 6, value: all.reduce((sum, word) => sum * 65536n + BigInt(`0x${word}`), 0n) };
}

/** IPv6 by RFC 5952. */
export function addressText({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((s) => String((value >> s) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const runs = [
    ...groups
      .map((g) => (g === '0' ? '0' : 'x'))
      .join('')
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.reduce<RegExpMatchArray | null>(
    (a, b) => (a === null || b[0].length > a[0].length ? b : a),
    null,
  );
  if (longest?.index === undefined) return groups.join(':');
  return `${groups.slice(0, longest.index).join(':')}::${groups.slice(longest.index + longest[0].length).join(':')}`;
}

/** `10.0.0.0/8`; an address alone is a subnet of one. The bits of the host are kept. */
export function parseSubnet(text: string): Subnet | null {
  const [addr = '', bits] = text.split('/');
  const address = parseAddress(addr);
  if (address === null) return null;
  const most = address.family === 4 ? 32 : 128;
  if (bits === undefined) return { ...address, length: most };
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return null;
  return { ...address, length: Number(bits) };
}

const hostBits = (net: Subnet): bigint => BigInt((net.family === 4 ? 32 : 128) - net.length);

export function inSubnet(address: Address, net: Subnet): boolean {
  const bits = hostBits(net);
  return address.family === net.family && address.value >> bits === net.value >> bits;
}

/** The address number `n` of a subnet, or null if it is too small. */
export function nthAddress(net: Subnet, n: number): Address | null {
  const bits = hostBits(net);
  const inside = BigInt(n) < 1n << bits;
  return inside ? { family: net.family, value: ((net.value >> bits) << bits) + BigInt(n) } : null;
}

/** All addresses of a host, as written, with their interface. */
export function addressesOf(
  host: LabHost,
): readonly { readonly interface: string; readonly net: Subnet; readonly text: string }[] {
  return Object.entries(host.interfaces ?? {}).flatMap(([name, { addresses }]) =>
    (addresses ?? []).flatMap((written) => {
      const net = parseSubnet(written);
      return net === null ? [] : [{ interface: name, net, text: written.split('/')[0] ?? '' }];
    }),
  );
}

/** An address of the subnet that no host of the lab has: 100 and up, then from 2. */
export function freeAddress(lab: Lab, net: Subnet): string | null {
  const taken = new Set(Object.values(lab.hosts).flatMap((h) => addressesOf(h).map((a) => addressText({ ...a.net }))));
  const most = hostBits(net) > 16n ? 65534 : Number((1n << hostBits(net)) - 1n);
  const order = [...range(100, Math.min(254, most - 1)), ...range(2, Math.min(99, most - 1)), 1];
  for (const n of order) {
    const address = nthAddress(net, n);
    if (address === null) continue;
    const text = addressText(address);
    if (!taken.has(text) && address.value !== net.value) return text;
  }
  return null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

export interface Target {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number | null;
}

/** `10.0.0.5`, `10.0.0.5:80`, `2001:db8::5`, `[2001:db8::5]:80`, `web`, `web:80`; or a sentence of what is wrong. */
export function parseTarget(written: string, lab: Lab): Target | string {
  const text = written.trim();
  if (text === '') return 'Where should it go? Write an address, such as 203.0.113.1:80.';
  const plain = parseAddress(text);
  if (plain !== null) return { address: text, family: plain.family, port: null };
  const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const pair = bracket ?? /^([^:]*):([^:]*)$/.exec(text);
  const name = pair?.[1] ?? text;
  const portText = pair?.[2];
  let port: number | null = null;
  if (portText !== undefined) {
    if (!/^\d+$/.test(portText) || Number(portText) > 65535 || Number(portText) < 1) {
      return portText === ''
        ? 'The port is missing after the colon.'
        : `“${portText}” is not a port. Ports go from 1 to 65535.`;
    }
    port = Number(portText);
  }
  const address = parseAddress(name);
  if (address !== null) {
    if (bracket === null && address.family === 6) return 'Write an IPv6 address with a port as [address]:port.';
    return { address: name, family: address.family, port };
  }
  const host = Object.hasOwn(lab.hosts, name) ? lab.hosts[name] : undefined;
  if (host !== undefined) {
    const first = addressesOf(host)[0];
    if (first === undefined) return `The host ${name} has no address.`;
    return { address: first.text, family: first.net.family, port };
  }
  if (/^[\d.]+$/.test(name)) return `“${name}” is not an IPv4 address. It has four numbers from 0 to 255.`;
  if (/^[\da-f:.]*:[\da-f:.]*$/i.test(text)) return `“${text}” is not an IPv6 address.`;
  return `“${name}” is neither an address nor a host of this lab.`;
}
