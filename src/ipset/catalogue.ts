import type { SetTypeName } from './types';

/** What a part of an element is. */
export type Part = 'ip' | 'net' | 'port' | 'mark' | 'mac' | 'iface' | 'name';

/** A set type, as kernel and tool know it. */
export interface SetType {
  readonly name: SetTypeName;
  /** The name that it had before ipset 5. */
  readonly alias: string;
  /** The newest revision that both Linux 6.18 and ipset 7.17 have. */
  readonly revision: number;
  /** `both`: a set is of one of the two; `none`: the type has no family. */
  readonly family: 'both' | 'inet' | 'none';
  readonly parts: readonly Part[];
  /** The last part may be left out. */
  readonly lastOptional?: boolean;
  /** Options of `create`, in the order in which they are printed. Names of `OPTIONS`. */
  readonly create: readonly string[];
  /** Prefix length 0 is allowed in networks. */
  readonly net0?: boolean;
  /** The types that may be swapped have the same features. Kernel: enum ip_set_feature */
  readonly features: string;
}

const FAMILY = ['family', '-4', '-6'];
const SIZES = ['hashsize', 'maxelem'];
const EXTENSIONS = ['timeout', 'counters', 'comment', 'forceadd', 'skbinfo', 'bucketsize', 'initval'];
const BITMAP = ['timeout', 'counters', 'comment', 'skbinfo'];
const IGNORED = ['probes', 'resize'];
const IGNORED_RANGE = ['ignored:from', 'ignored:to', 'ignored:network'];
const hash = [...FAMILY, ...SIZES, ...EXTENSIONS];
const hashIgnored = [...hash, ...IGNORED, ...IGNORED_RANGE];

export const SET_TYPES: readonly SetType[] = [
  {
    name: 'list:set',
    alias: 'setlist',
    revision: 3,
    family: 'none',
    parts: ['name'],
    create: ['size', ...BITMAP],
    features: 'name',
  },
  {
    name: 'hash:mac',
    alias: 'machash',
    revision: 1,
    family: 'none',
    parts: ['mac'],
    create: [...SIZES, ...EXTENSIONS],
    features: 'mac',
  },
  {
    name: 'hash:ip,mac',
    alias: 'ipmachash',
    revision: 1,
    family: 'both',
    parts: ['ip', 'mac'],
    create: hash,
    features: 'ip mac',
  },
  {
    name: 'hash:net,iface',
    alias: 'netifacehash',
    revision: 8,
    family: 'both',
    parts: ['net', 'iface'],
    create: hash,
    net0: true,
    features: 'ip iface nomatch',
  },
  {
    name: 'hash:net,port',
    alias: 'netporthash',
    revision: 8,
    family: 'both',
    parts: ['net', 'port'],
    create: hash,
    features: 'ip port nomatch',
  },
  {
    name: 'hash:net,port,net',
    alias: 'netportnethash',
    revision: 3,
    family: 'both',
    parts: ['net', 'port', 'net'],
    create: hash,
    net0: true,
    features: 'ip port ip2 nomatch',
  },
  {
    name: 'hash:net,net',
    alias: 'netnethash',
    revision: 4,
    family: 'both',
    parts: ['net', 'net'],
    create: [...hash, 'bitmask', 'netmask'],
    features: 'ip ip2 nomatch',
  },
  {
    name: 'hash:net',
    alias: 'nethash',
    revision: 7,
    family: 'both',
    parts: ['net'],
    create: [...hash, ...IGNORED],
    features: 'ip nomatch',
  },
  {
    name: 'hash:ip,port,net',
    alias: 'ipportnethash',
    revision: 8,
    family: 'both',
    parts: ['ip', 'port', 'net'],
    create: hashIgnored,
    features: 'ip port ip2 nomatch',
  },
  {
    name: 'hash:ip,port,ip',
    alias: 'ipportiphash',
    revision: 6,
    family: 'both',
    parts: ['ip', 'port', 'ip'],
    create: hashIgnored,
    features: 'ip port ip2',
  },
  {
    name: 'hash:ip,mark',
    alias: 'ipmarkhash',
    revision: 3,
    family: 'both',
    parts: ['ip', 'mark'],
    create: [...FAMILY, 'markmask', ...SIZES, ...EXTENSIONS, ...IGNORED, ...IGNORED_RANGE],
    features: 'ip mark',
  },
  {
    name: 'hash:ip,port',
    alias: 'ipporthash',
    revision: 7,
    family: 'both',
    parts: ['ip', 'port'],
    create: [...hash, 'netmask', 'bitmask', ...IGNORED, ...IGNORED_RANGE],
    features: 'ip port',
  },
  {
    name: 'hash:ip',
    alias: 'iphash',
    revision: 6,
    family: 'both',
    parts: ['ip'],
    create: [...FAMILY, ...SIZES, 'netmask', 'bitmask', ...EXTENSIONS, ...IGNORED, 'gc'],
    features: 'ip',
  },
  {
    name: 'bitmap:port',
    alias: 'portmap',
    revision: 3,
    family: 'none',
    parts: ['port'],
    create: ['range:port', ...BITMAP, 'from:port', 'to:port'],
    features: 'port',
  },
  {
    name: 'bitmap:ip,mac',
    alias: 'macipmap',
    revision: 3,
    family: 'inet',
    parts: ['ip', 'mac'],
    lastOptional: true,
    create: ['range:ip', ...BITMAP, 'from:ip', 'to:ip', 'network'],
    features: 'ip mac',
  },
  {
    name: 'bitmap:ip',
    alias: 'ipmap',
    revision: 3,
    family: 'inet',
    parts: ['ip'],
    create: ['range:ip', 'netmask', ...BITMAP, 'from:ip', 'to:ip', 'network'],
    features: 'ip',
  },
];

const BY_NAME: ReadonlyMap<string, SetType> = new Map(
  SET_TYPES.flatMap((type) => [[type.name, type] as const, [type.alias, type] as const]),
);

/** A set type by its name or its old name. */
export function findType(name: string): SetType | undefined {
  return BY_NAME.get(name);
}

export function typeOf(name: SetTypeName): SetType {
  return BY_NAME.get(name)!;
}

/** Whether elements of the type may have `nomatch`. Kernel: IPSET_TYPE_NOMATCH */
export function hasNomatch(type: SetType): boolean {
  return type.features.includes('nomatch');
}
