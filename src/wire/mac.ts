import { addrBytes } from './address';
import type { Addr } from './packet';

/** A MAC address as `02:00:00:00:00:01`, lower case, two digits a byte. Two are equal iff `===`. */
export type Mac = string;

/** Reads six groups of one or two hexadecimal digits with colons between. libc: ether_aton() */
export function parseMac(text: string): Mac | null {
  const groups = text.split(':');
  if (groups.length !== 6 || !groups.every((group) => /^[0-9a-f]{1,2}$/i.test(group))) return null;
  return groups.map((group) => group.toLowerCase().padStart(2, '0')).join(':');
}

export function formatMac(bytes: Uint8Array, offset = 0): Mac {
  const groups: string[] = [];
  for (let i = 0; i < 6; i++) groups.push(bytes[offset + i]!.toString(16).padStart(2, '0'));
  return groups.join(':');
}

/** A MAC that no maker has given out, for an interface of a host; `kind` tells apart who numbers them. */
export function localMac(kind: number, host: number, iface: number): Mac {
  return formatMac(Uint8Array.of(2, 0, 0, kind, host, iface));
}

/** Where packets to a group go. RFC 1112 p. 7; RFC 2464 p. 6. Kernel: ip_eth_mc_map(), ipv6_eth_mc_map() */
export function multicastMac(addr: Addr): Mac {
  const bytes = addrBytes(addr);
  const tail = bytes.slice(-4);
  if (bytes.length === 16) return formatMac(Uint8Array.of(0x33, 0x33, ...tail));
  return formatMac(Uint8Array.of(1, 0, 0x5e, tail[1]! & 127, tail[2]!, tail[3]!));
}

export function macBytes(mac: Mac): Uint8Array {
  return Uint8Array.from(mac.split(':'), (group) => Number.parseInt(group, 16));
}

/** The group bit; broadcast has it too. */
export function isMulticastMac(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

export const BROADCAST_MAC: Mac = 'ff:ff:ff:ff:ff:ff';
