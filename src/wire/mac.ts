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

export function macBytes(mac: Mac): Uint8Array {
  return Uint8Array.from(mac.split(':'), (group) => Number.parseInt(group, 16));
}

/** The group bit; broadcast has it too. */
export function isMulticastMac(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

export const BROADCAST_MAC: Mac = 'ff:ff:ff:ff:ff:ff';
