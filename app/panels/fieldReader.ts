import type { HeaderField } from './headers';

export const u8 = (b: Uint8Array, at: number): number => b[at] ?? 0;
export const u16 = (b: Uint8Array, at: number): number => u8(b, at) * 256 + u8(b, at + 1);
export const u32 = (b: Uint8Array, at: number): number => u16(b, at) * 65536 + u16(b, at + 2);
export const hex = (n: number, digits = 4): string => `0x${n.toString(16).padStart(digits, '0')}`;
export const hexBytes = (data: Uint8Array): string => [...data].map((n) => n.toString(16).padStart(2, '0')).join(' ');
export const quad = (b: Uint8Array, at: number): string => [...b.subarray(at, at + 4)].join('.');

/** Puts fields of one layer at the end of a list. */
export type Add = (name: string, at: number, length: number, value: string | number, note?: string) => void;

export function adder(out: HeaderField[], layer: string): Add {
  return (name, at, length, value, note = '') => out.push({ layer, name, value: String(value), note, at, length });
}

/** What is left, as text. */
export function rest(b: Uint8Array, at: number, out: HeaderField[], layer: string): void {
  if (at >= b.length) return;
  const data = b.subarray(at);
  const text = [...data.subarray(0, 200)]
    .map((c) => (c >= 32 && c < 127 ? String.fromCharCode(c) : c === 10 ? '↵' : c === 13 ? '' : '·'))
    .join('');
  out.push({
    layer,
    name: 'data',
    value: data.length > 200 ? `${text}…` : text,
    note: `${data.length} ${data.length === 1 ? 'byte' : 'bytes'}`,
    at,
    length: data.length,
  });
}

/** An IPv6 address as RFC 5952 writes it. */
export function groups(b: Uint8Array, at: number): string {
  const all = Array.from({ length: 8 }, (_, i) => u16(b, at + 2 * i).toString(16));
  const runs = [
    ...all
      .map((g) => (g === '0' ? '0' : 'x'))
      .join('')
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.reduce<RegExpMatchArray | null>(
    (a, r) => (a === null || r[0].length > a[0].length ? r : a),
    null,
  );
  if (longest?.index === undefined) return all.join(':');
  return `${all.slice(0, longest.index).join(':')}::${all.slice(longest.index + longest[0].length).join(':')}`;
}
