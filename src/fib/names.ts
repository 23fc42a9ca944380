import type { PolicyRule } from './types';

/** Names that iproute2 has for numbers, as its files in /etc/iproute2 list them. */

const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  8: 'gated',
  9: 'ra',
  10: 'mrt',
  11: 'zebra',
  12: 'bird',
  13: 'dnrouted',
  14: 'xorp',
  15: 'ntk',
  16: 'dhcp',
  18: 'keepalived',
  42: 'babel',
  99: 'openr',
  186: 'bgp',
  187: 'isis',
  188: 'ospf',
  189: 'rip',
  192: 'eigrp',
};

const TABLES: Readonly<Record<number, string>> = { 0: 'unspec', 253: 'default', 254: 'main', 255: 'local' };

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

const DSFIELDS: Readonly<Record<number, string>> = {
  0: 'default',
  32: 'CS1',
  40: 'AF11',
  48: 'AF12',
  56: 'AF13',
  64: 'CS2',
  72: 'AF21',
  80: 'AF22',
  88: 'AF23',
  96: 'CS3',
  104: 'AF31',
  112: 'AF32',
  120: 'AF33',
  128: 'CS4',
  136: 'AF41',
  144: 'AF42',
  152: 'AF43',
  160: 'CS5',
  184: 'EF',
  192: 'CS6',
  224: 'CS7',
};

/** What a rule does, by numbers that are types of routes. Kernel: FR_ACT_TO_TBL …, RTN_UNICAST … */
const TYPES = 'none lookup goto nop anycast multicast blackhole unreachable prohibit throw masquerade xresolve'.split(
  ' ',
);
/** Where a rule is typed, in the order in which an abbreviation finds them; two are known as a whole. libiproute: rtnl_rtntype_a2n() */
const TYPED: readonly (readonly [name: string, type: number, whole?: true])[] = [
  ['nop', 3],
  ['local', 2, true],
  ['broadcast', 3],
  ['brd', 3, true],
  ['anycast', 4],
  ['multicast', 5],
  ['prohibit', 8],
  ['unreachable', 7],
  ['blackhole', 6],
  ['xresolve', 11],
  ['unicast', 1],
  ['throw', 9, true],
];

const REALMS: Readonly<Record<number, string>> = { 0: 'cosmos' };

export const protocolText = (n: number) => PROTOCOLS[n] ?? String(n);
export const tableText = (n: number) => TABLES[n] ?? String(n);
export const scopeText = (n: number) => SCOPES[n] ?? String(n);
export const realmText = (n: number) => REALMS[n] ?? String(n);
/** libiproute: rtnl_dsfield_n2a() */
export const dsfieldText = (n: number) => DSFIELDS[n] ?? `0x${n.toString(16).padStart(2, '0')}`;

/** Of an action that has no name here, that of its type. */
export function typeText(action: string): string {
  const number = /^type (\d+)$/.exec(action)?.[1];
  return number === undefined ? action : (TYPES[Number(number)] ?? number);
}

/** The action that a word means: `type N` if the kernel knows none such. */
export function actionOf(text: string): PolicyRule['action'] | null {
  const found = TYPED.find(([name, , whole]) => (whole ? name === text : text !== '' && name.startsWith(text)))?.[1];
  const n = found ?? unsigned(text);
  if (n === null || n > 255) return null;
  return KNOWN.find((action) => action === TYPES[n]) ?? `type ${n}`;
}

const KNOWN: readonly PolicyRule['action'][] = ['lookup', 'goto', 'nop', 'blackhole', 'unreachable', 'prohibit'];

export const tableOf = (text: string) => lookup(TABLES, text, 0xffff_ffff, 0);
export const protocolOf = (text: string) => lookup(PROTOCOLS, text, 255, 0);
export const realmOf = (text: string) => lookup(REALMS, text, 65535, 0);
/** Numbers here are hexadecimal without saying so. libiproute: rtnl_dsfield_a2n() */
export const dsfieldOf = (text: string) => lookup(DSFIELDS, text, 255, 16);

/** `ip route` names its own few scopes besides those of the file. */
export function scopeOf(text: string): number | null {
  if (text === 'global' || text === 'universe') return 0;
  return lookup(SCOPES, text, 255, 0);
}

function lookup(names: Readonly<Record<number, string>>, text: string, max: number, base: number): number | null {
  for (const [n, name] of Object.entries(names)) if (name === text) return Number(n);
  const n = unsigned(text, base);
  return n === null || n > max ? null : n;
}

/** A number as strtoul() with this base reads it: base 0 takes 0x… and 0… too. Null if anything is left over. */
export function unsigned(text: string, base = 0): number | null {
  const n = wholeNumber(text, base);
  return n === null || n > 0xffff_ffff ? null : n;
}

function wholeNumber(text: string, base: number): number | null {
  if (base === 16) return /^(0x)?[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : null;
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : null;
}

export const namesOf = {
  tables: Object.values(TABLES),
  scopes: Object.values(SCOPES),
  protocols: Object.values(PROTOCOLS),
  dsfields: Object.values(DSFIELDS),
};
