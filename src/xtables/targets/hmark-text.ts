import { type Addr, maskLength } from '../../wire';
import type { XtFamily } from '../types';
import type { HmarkConfig } from './HMARK';

/** The text of HMARK, as iptables-save prints it. */
export function hmarkSaved(c: HmarkConfig): string {
  const parts = fieldTexts(c, (name, value, digits) => `--hmark-${name} 0x${value.toString(16).padStart(digits, '0')}`);
  const prefixes: string[] = [];
  if (c.fields.includes('src')) prefixes.push(`--hmark-src-prefix ${prefix(c.srcMask)}`);
  if (c.fields.includes('dst')) prefixes.push(`--hmark-dst-prefix ${prefix(c.dstMask)}`);
  const rest = [`--hmark-mod ${c.modulus}`];
  if (c.offset !== null) rest.push(`--hmark-offset ${c.offset}`);
  if (c.ct) rest.push('--hmark-tuple ct');
  return ` ${[...prefixes, ...parts, ...rest].join(' ')}`;
}

/** As `iptables -L` prints it. */
export function hmarkListed(c: HmarkConfig, family: XtFamily): string {
  // ip6tables has no word for a mask of all bits.
  const shown = (mask: Addr | null): string => (family === 'ip6' && prefix(mask) === 128 ? '' : `${prefix(mask)}`);
  const parts = [`mod ${c.modulus}`];
  if (c.offset !== null) parts.push(`+ 0x${c.offset.toString(16)}`);
  if (c.ct) parts.push('ct,');
  if (c.fields.includes('src')) parts.push(`src-prefix ${shown(c.srcMask)}`);
  if (c.fields.includes('dst')) parts.push(`dst-prefix ${shown(c.dstMask)}`);
  parts.push(...fieldTexts(c, (name, value) => `${name} 0x${value.toString(16)}`));
  return ` HMARK ${parts.map((part) => `${part} `).join('')}`;
}

function prefix(mask: Addr | null): number {
  return mask === null ? 0 : (maskLength(mask) ?? 0);
}

function fieldTexts(c: HmarkConfig, show: (name: string, value: number, digits: number) => string): string[] {
  const parts: string[] = [];
  if (c.fields.includes('sport')) parts.push(show('sport-mask', c.portMask >>> 16, 4));
  if (c.fields.includes('dport')) parts.push(show('dport-mask', c.portMask & 0xffff, 4));
  if (c.fields.includes('spi')) parts.push(show('spi-mask', c.portMask, 8));
  if (c.set.includes('sport')) parts.push(show('sport', c.portSet >>> 16, 4));
  if (c.set.includes('dport')) parts.push(show('dport', c.portSet & 0xffff, 4));
  if (c.set.includes('spi')) parts.push(show('spi', c.portSet, 8));
  if (c.fields.includes('proto')) parts.push(show('proto-mask', c.protoMask, 2));
  parts.push(show('rnd', c.rnd, 8));
  return parts;
}
