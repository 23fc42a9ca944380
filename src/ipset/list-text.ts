import { type BitmapSet, bitmapMembers, placeText } from './bitmap';
import type { SetType } from './catalogue';
import { secondsLeft } from './extensions';
import { type HashSet, hashMembers } from './hash-table';
import { elementSize, emptySize } from './layout';
import { type ListSet, listMembers } from './list';
import { addressText, elementText, markText, protoPortText } from './print-element';
import { isBitmap, isHash, isList } from './sets';
import type { ElemAttrs, Ext, IpSet, SetFamily } from './types';
import { ZERO } from './words';

/** A member in the order in which the tool prints it: its element, then its options. */
export interface MemberText {
  readonly element: string;
  readonly options: readonly (readonly [name: string, value: string | null])[];
  /** Seconds, or null if the set has no timeouts. */
  readonly timeout: number | null;
  readonly ext: Ext;
}

/** What stands behind `create NAME TYPE`. */
export function headerOptions(set: IpSet): readonly (readonly [name: string, value: string | null])[] {
  const options: [string, string | null][] = [];
  const value = (name: string, text: string | number) => options.push([name, String(text)]);
  const extensions = () => {
    if (set.timeout !== null) value('timeout', set.timeout);
    if (set.counters) options.push(['counters', null]);
    if (set.comment) options.push(['comment', null]);
    if (set.skbinfo) options.push(['skbinfo', null]);
  };
  if (isList(set)) {
    value('size', set.body.size);
    extensions();
  } else if (isBitmap(set)) {
    const { first, last, netmask } = set.body;
    const ends =
      set.type === 'bitmap:port' ? [first, last] : [first, last].map((n) => addressText([n, 0, 0, 0], 32, 4));
    value('range', ends.join('-'));
    if (netmask !== 32) value('netmask', netmask);
    extensions();
  } else if (isHash(set)) hashOptions(set, value, extensions);
  return options;
}

function hashOptions(set: HashSet, value: (name: string, text: string | number) => void, extensions: () => void): void {
  const { body } = set;
  if (set.type !== 'hash:mac') value('family', set.family === 6 ? 'inet6' : 'inet');
  if (set.type === 'hash:ip,mark') value('markmask', markText(body.markmask));
  value('hashsize', 2 ** body.bits);
  value('maxelem', body.maxelem);
  const masks = () => {
    const whole = set.family === 6 ? 128 : 32;
    if (body.netmask !== null) value('netmask', body.netmask);
    else if (body.bitmask?.slice(0, whole / 32).some((w) => w !== 0xffffffff)) {
      value('bitmask', addressText(body.bitmask, whole, set.family));
    }
  };
  if (set.type === 'hash:ip') masks();
  extensions();
  value('bucketsize', body.bucketsize);
  value('initval', `0x${body.initval.toString(16).padStart(8, '0')}`);
  if (set.type !== 'hash:ip') masks();
}

/** Members as they stand, in the order in which they are listed. */
export function memberTexts(set: IpSet, tick: number): MemberText[] {
  if (isHash(set)) {
    return hashMembers(set, tick).map((e) => {
      const flags = [...(e.nomatch ? ['nomatch'] : []), ...(e.wildcard ? ['wildcard'] : [])];
      return memberText(set, elementText(set.type, set.family, e), secondsLeft(e.ext, tick), e.ext, flags);
    });
  }
  if (isBitmap(set)) return bitmapTexts(set, tick);
  return listMembers(set as ListSet, tick).map((m) => memberText(set, m.name, secondsLeft(m.ext, tick), m.ext, []));
}

function bitmapTexts(set: BitmapSet, tick: number): MemberText[] {
  return bitmapMembers(set, tick).map(({ id, elem }) => {
    const seconds = elem.waits ?? secondsLeft(elem.ext, tick);
    return memberText(set, placeText(set, id, elem.mac), seconds, elem.ext, []);
  });
}

function memberText(set: IpSet, element: string, seconds: number, ext: Ext, flags: readonly string[]): MemberText {
  const options: [string, string | null][] = [];
  if (set.timeout !== null) options.push(['timeout', String(seconds)]);
  for (const flag of flags) options.push([flag, null]);
  if (set.counters) options.push(['packets', String(ext.packets)], ['bytes', String(ext.bytes)]);
  if (ext.comment !== '') options.push(['comment', `"${ext.comment}"`]);
  const { skbmark, skbmarkmask, skbprio, skbqueue } = ext;
  if (skbmark !== 0 || skbmarkmask !== 0) {
    const mask = skbmarkmask === 0xffffffff ? '' : `/0x${skbmarkmask.toString(16)}`;
    options.push(['skbmark', `0x${skbmark.toString(16)}${mask}`]);
  }
  if (skbprio !== 0) options.push(['skbprio', `${(skbprio >>> 16).toString(16)}:${(skbprio & 0xffff).toString(16)}`]);
  if (skbqueue !== 0) options.push(['skbqueue', String(skbqueue)]);
  return { element, options, timeout: set.timeout === null ? null : seconds, ext };
}

export function optionsText(options: readonly (readonly [name: string, value: string | null])[]): string {
  return options.map(([name, value]) => (value === null ? ` ${name}` : ` ${name} ${value}`)).join('');
}

/** Bytes that the set takes in the kernel. Kernel: mtype_ahash_memsize(), mtype_memsize(), list_set_memsize() */
export function memorySize(set: IpSet, tick: number): number {
  const has = { counters: set.counters, timeout: set.timeout !== null, skbinfo: set.skbinfo, comment: set.comment };
  const element = elementSize(set.type, set.family, has);
  const comments = memberTexts(set, tick).reduce(
    (n, m) => n + (m.ext.comment === '' ? 0 : 17 + m.ext.comment.length),
    0,
  );
  const empty = emptySize(set.type, set.family) + comments;
  if (isBitmap(set)) return empty + Math.ceil(set.body.elements / 64) * 8 + set.body.elements * element;
  if (isList(set)) return empty + set.body.members.length * element;
  if (!isHash(set)) return empty;
  const { regions, pieces, room } = set.body;
  return empty + 24 * regions.length + 32 * pieces + element * room;
}

/** An element as it was typed, as `ipset test` repeats it. libipset: ipset_print_elem() */
export function dataText(type: SetType, data: ElemAttrs, family: SetFamily): string {
  const whole = family === 6 ? 128 : 32;
  let first = true;
  const texts: string[] = [];
  for (const part of type.parts) {
    if (part === 'ip' || part === 'net') {
      const [ip, cidr, to] = first ? [data.ip, data.cidr, data.ipTo] : [data.ip2, data.cidr2, data.ipTo];
      const text = addressText(ip ?? ZERO, cidr ?? whole, family);
      texts.push(to ? `${text}-${addressText(to, cidr ?? whole, family)}` : text);
    } else if (part === 'port') texts.push(portText(type, data));
    else if (part === 'mark') texts.push(markText(data.mark ?? 0));
    else if (part === 'mac') {
      if (data.mac !== undefined) texts.push(data.mac.toUpperCase());
    } else if (part === 'iface') texts.push(data.iface ?? '');
    else texts.push(data.nameref === undefined ? (data.name ?? '') : `${data.name} after ${data.nameref}`);
    first = false;
  }
  return texts.join(',');
}

function portText(type: SetType, data: ElemAttrs): string {
  const port = data.port ?? 0;
  return type.name === 'bitmap:port' ? String(port) : protoPortText(data.proto ?? 0, port);
}
