import type { SetType } from '../catalogue';
import type { CreateAttrs, ElemAttrs } from '../types';

/** What an option or a part of an element is, in the order of libipset's enum ipset_opt. */
export const OPTS = [
  'none',
  'setname',
  'typename',
  'family',
  'ip',
  'ipTo',
  'cidr',
  'mark',
  'port',
  'portTo',
  'timeout',
  'gc',
  'hashsize',
  'maxelem',
  'markmask',
  'netmask',
  'probes',
  'resize',
  'size',
  'forceadd',
  'bitmask',
  'elements',
  'references',
  'memsize',
  'ether',
  'name',
  'nameref',
  'ip2',
  'cidr2',
  'ip2To',
  'proto',
  'iface',
  'setname2',
  'exist',
  'before',
  'physdev',
  'nomatch',
  'counters',
  'packets',
  'bytes',
  'createComment',
  'adtComment',
  'skbinfo',
  'skbmark',
  'skbprio',
  'skbqueue',
  'wildcard',
  'bucketsize',
  'initval',
] as const;

export type Opt = (typeof OPTS)[number];

/** What the tool has read of one command. libipset: struct ipset_data */
export interface Data {
  /** What is set. Flags (counters, nomatch …) are not among them. */
  readonly given: Set<Opt>;
  /** What is only read for the sake of old texts, and was there. */
  readonly ignored: Set<Opt>;
  setname: string;
  setname2: string;
  type: SetType | null;
  family: 'inet' | 'inet6' | 'unspec';
  /** The family is what the type has by default: it may be given once more. */
  familyByDefault: boolean;
  readonly elem: Mutable<ElemAttrs>;
  readonly create: Mutable<CreateAttrs>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function emptyData(): Data {
  return {
    given: new Set(),
    ignored: new Set(),
    setname: '',
    setname2: '',
    type: null,
    family: 'unspec',
    familyByDefault: false,
    elem: {},
    create: {},
  };
}
