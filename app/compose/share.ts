import type { Lab } from '../../src/engine';
import { checkSum, looksLikeLab } from '../store';

/** What a share link begins with, after the `#`. The number is that of the coding. */
const PREFIX = 'lab=1.';
/** Larger labs than this are not read out of a link: a link of a few bytes can be made to unpack into any size. */
const MOST = 16_000_000;

type Shared = { readonly kind: 'lab'; readonly lab: Lab } | { readonly kind: 'damaged'; readonly why: string };

/** A lab as the fragment of a link: compressed, in letters that survive mail and chat, with a check sum. */
export async function fragmentOf(lab: Lab): Promise<string> {
  const { deflateSync } = await import('fflate');
  const bytes = new TextEncoder().encode(JSON.stringify(lab));
  const packed = deflateSync(bytes, { level: 9 });
  return `${PREFIX}${checkSum(packed)}.${toBase64Url(packed)}`;
}

/** Reads a fragment back. A damaged one says what is wrong with it. */
export async function labOfFragment(hash: string): Promise<Shared> {
  const text = hash.replace(/^#/, '').trim();
  const damaged = (why: string): Shared => ({ kind: 'damaged', why });
  if (!text.startsWith('lab=')) return damaged('It is not a link to a lab.');
  if (!text.startsWith(PREFIX)) return damaged('It was made by another version of Hookline.');
  const [check = '', data = '', ...more] = text.slice(PREFIX.length).split('.');
  if (data === '' || more.length > 0) return damaged('A part of it is missing.');
  if (!/^[\w-]+$/.test(data)) return damaged('It has letters that do not belong there.');
  const packed = fromBase64Url(data);
  if (packed === null || checkSum(packed) !== check)
    return damaged('A part of it is missing or was changed on the way.');
  try {
    const bytes = await unpack(packed);
    if (bytes === null) return damaged('It unpacks to more than a lab can be.');
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return looksLikeLab(value) ? { kind: 'lab', lab: value } : damaged('What is in it is not a lab.');
  } catch {
    return damaged('What is in it cannot be read.');
  }
}

async function unpack(packed: Uint8Array): Promise<Uint8Array | null> {
  const { Inflate } = await import('fflate');
  const parts: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((part) => {
    size += part.length;
    if (size <= MOST) parts.push(part);
  });
  const slice = 4096;
  for (let at = 0; at < packed.length && size <= MOST; at += slice) {
    inflate.push(packed.subarray(at, at + slice), at + slice >= packed.length);
  }
  if (size > MOST) return null;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null; // no number of bytes has that many letters
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}
