import type { XtFamily } from '../types';

/** The options of iptables itself. */

export interface BaseOption {
  readonly name: string;
  /** Its letter; `0` for --line-numbers. */
  readonly letter: string;
  readonly argument: 'no' | 'yes' | 'attached';
}

const LONG: readonly (readonly [string, string, BaseOption['argument']])[] = [
  ['append', 'A', 'yes'],
  ['delete', 'D', 'yes'],
  ['check', 'C', 'yes'],
  ['insert', 'I', 'yes'],
  ['replace', 'R', 'yes'],
  ['list', 'L', 'attached'],
  ['list-rules', 'S', 'attached'],
  ['flush', 'F', 'attached'],
  ['zero', 'Z', 'attached'],
  ['new-chain', 'N', 'yes'],
  ['delete-chain', 'X', 'attached'],
  ['rename-chain', 'E', 'yes'],
  ['policy', 'P', 'yes'],
  ['source', 's', 'yes'],
  ['destination', 'd', 'yes'],
  ['src', 's', 'yes'],
  ['dst', 'd', 'yes'],
  ['protocol', 'p', 'yes'],
  ['in-interface', 'i', 'yes'],
  ['jump', 'j', 'yes'],
  ['table', 't', 'yes'],
  ['match', 'm', 'yes'],
  ['numeric', 'n', 'no'],
  ['out-interface', 'o', 'yes'],
  ['verbose', 'v', 'no'],
  ['wait', 'w', 'attached'],
  ['wait-interval', 'W', 'attached'],
  ['exact', 'x', 'no'],
  ['fragments', 'f', 'no'],
  ['version', 'V', 'no'],
  ['help', 'h', 'attached'],
  ['line-numbers', '0', 'no'],
  ['modprobe', 'M', 'yes'],
  ['set-counters', 'c', 'yes'],
  ['goto', 'g', 'yes'],
  ['ipv4', '4', 'no'],
  ['ipv6', '6', 'no'],
];

export const BASE_LONG: readonly BaseOption[] = LONG.map(([name, letter, argument]) => ({ name, letter, argument }));
export const BASE_BY_NAME: ReadonlyMap<string, BaseOption> = new Map(BASE_LONG.map((o) => [o.name, o]));
export const BASE_BY_LETTER: ReadonlyMap<string, BaseOption> = new Map(
  BASE_LONG.filter((o) => o.letter !== '0')
    .toReversed()
    .map((o) => [o.letter, o]),
);

export interface BaseOptions {
  readonly long: readonly BaseOption[];
  readonly byName: ReadonlyMap<string, BaseOption>;
}

const IPV6_LONG = BASE_LONG.filter(({ name }) => name !== 'fragments');

/** Long options of iptables and of ip6tables. */
export const BASE_OPTIONS: Readonly<Record<XtFamily, BaseOptions>> = {
  ip: { long: BASE_LONG, byName: BASE_BY_NAME },
  ip6: { long: IPV6_LONG, byName: new Map(IPV6_LONG.map((o) => [o.name, o])) },
};

/** Commands by letter, and how the tool names them in its complaints. */
export const COMMANDS = {
  A: 'append',
  C: 'check',
  D: 'delete',
  R: 'replace',
  I: 'insert',
  L: 'list',
  S: 'list-rules',
  F: 'flush',
  Z: 'zero',
  N: 'new-chain',
  X: 'delete-chain',
  E: 'rename-chain',
  P: 'policy',
} as const;

/** Which options (n s d p j x i o 0 c f) a command does not go with. Kernel side: commands_v_options */
export const ILLEGAL: Readonly<Record<string, string>> = {
  insert: 'nx0',
  delete: 'nx0c',
  'delete-number': 'nsdpjxio0cf',
  replace: 'nx0',
  append: 'nx0',
  list: 'sdpjiocf',
  flush: 'nsdpjxio0cf',
  zero: 'nsdpjxio0cf',
  'new-chain': 'nsdpjxio0cf',
  'delete-chain': 'nsdpjxio0cf',
  policy: 'nsdpjxio0f',
  'rename-chain': 'nsdpjxio0cf',
  'list-rules': 'nsdpjxio0cf',
  'zero-number': 'nsdpjxio0cf',
  check: 'nx0c',
};
