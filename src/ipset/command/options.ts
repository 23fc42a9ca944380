import { hasNomatch, SET_TYPES, type SetType } from '../catalogue';
import { readAddress } from './address';
import type { Opt } from './data';
import { readTcpUdpPort } from './element';
import { report, type Session, syntaxError, WARNING } from './session';
import {
  readCidr,
  readPort,
  readSetname,
  readSkbmark,
  readSkbprio,
  readTimeout,
  readU8,
  readU16,
  readU32,
  readU64,
} from './values';

/** An option of create, add, del or test. libipset: struct ipset_arg, args.c */
export interface Option {
  /** As it is written and printed. */
  readonly name: string;
  readonly opt: Opt;
  readonly value: boolean;
  readonly read: (session: Session, text: string) => boolean;
}

type Key = 'elem' | 'create';

function number(
  name: string,
  opt: Opt,
  key: Key,
  field: string,
  read: (s: Session, t: string) => number | bigint | object | null,
): Option {
  return {
    name,
    opt,
    value: true,
    read: (session, text) => {
      const value = read(session, text);
      if (value === null) return false;
      (session.data[key] as Record<string, unknown>)[field] = value;
      session.data.given.add(opt);
      return true;
    },
  };
}

function flag(name: string, opt: Opt, key: Key, field: string): Option {
  return {
    name,
    opt,
    value: false,
    read: (session) => {
      (session.data[key] as Record<string, unknown>)[field] = true;
      return true;
    },
  };
}

/** `told`: the name that the remark has. libipset: ipset_ignored_optname() */
function ignored(name: string, opt: Opt, told = name): Option {
  return {
    name,
    opt,
    value: true,
    read: (session, text) => {
      // It remarks each of them once. libipset: ipset_data_ignored()
      const { ignored } = session.data;
      if (ignored.has(opt)) return true;
      ignored.add(opt);
      report(session, WARNING, `Option '--${told} ${text}' is ignored. Please upgrade your syntax.`);
      return true;
    },
  };
}

function address(name: string, opt: 'ip' | 'ipTo', form: 'netrange' | 'plain' | 'net'): Option {
  return { name, opt, value: true, read: (session, text) => readAddress(session, opt, text, form) };
}

function family(name: string, value: boolean): Option {
  return {
    name,
    opt: 'family',
    value,
    read: (session, text) => {
      const found = FAMILIES[text];
      if (found === undefined) return syntaxError(session, `unknown inet family ${text}`);
      session.data.family = found;
      session.data.familyByDefault = false;
      session.data.given.add('family');
      return true;
    },
  };
}

const FAMILIES: Readonly<Record<string, 'inet' | 'inet6' | 'unspec'>> = {
  inet: 'inet',
  ipv4: 'inet',
  '-4': 'inet',
  inet6: 'inet6',
  ipv6: 'inet6',
  '-6': 'inet6',
  any: 'unspec',
  unspec: 'unspec',
};

function needFamily(session: Session): number {
  const { data } = session;
  if (data.family === 'unspec') {
    data.family = 'inet';
    data.given.add('family');
  }
  return data.family === 'inet' ? 32 : 128;
}

const netmask: Option = {
  name: 'netmask',
  opt: 'netmask',
  value: true,
  read: (session, text) => {
    if (session.data.given.has('bitmask')) return syntaxError(session, EXCLUSIVE);
    const max = needFamily(session);
    const value = readCidr(session, text, 1, max);
    if (value === null) return syntaxError(session, `netmask is out of the inclusive range of 1-${max}`);
    session.data.create.netmask = value;
    session.data.given.add('netmask');
    return true;
  },
};

const bitmask: Option = {
  name: 'bitmask',
  opt: 'bitmask',
  value: true,
  read: (session, text) => {
    if (session.data.given.has('netmask')) return syntaxError(session, EXCLUSIVE);
    const family = needFamily(session) === 32 ? 'inet' : 'inet6';
    return (
      readAddress(session, 'bitmask', text, 'any') ||
      syntaxError(session, `bitmask is not valid for family = ${family}`)
    );
  },
};

const EXCLUSIVE = 'bitmask and netmask are mutually exclusive, provide only one';

const comment: Option = {
  name: 'comment',
  opt: 'adtComment',
  value: true,
  read: (session, text) => {
    if (text.includes('"')) return syntaxError(session, '" character is not permitted in comments');
    if (text.length > 255) return syntaxError(session, 'Comment is longer than the maximum allowed 255 characters');
    session.data.elem.comment = text;
    session.data.given.add('adtComment');
    return true;
  },
};

function reference(name: 'before' | 'after'): Option {
  return {
    name,
    opt: 'nameref',
    value: true,
    read: (session, text) => {
      const set = readSetname(session, text);
      if (set === null) return false;
      if (name === 'before') session.data.elem.before = true;
      session.data.elem.nameref = set;
      session.data.given.add('nameref');
      return true;
    },
  };
}

function singlePort(name: string, opt: 'port' | 'portTo'): Option {
  return number(name, opt, 'elem', opt, (session, text) => readPort(session, text, 'tcp'));
}

/** Options of create, by the names that the catalogue uses. */
const CREATE: Readonly<Record<string, Option>> = {
  family: family('family', true),
  '-4': family('-4', false),
  '-6': family('-6', false),
  hashsize: number('hashsize', 'hashsize', 'create', 'hashsize', readU32),
  maxelem: number('maxelem', 'maxelem', 'create', 'maxelem', readU32),
  size: number('size', 'size', 'create', 'size', readU32),
  markmask: number('markmask', 'markmask', 'create', 'markmask', readU32),
  netmask,
  bitmask,
  timeout: number('timeout', 'timeout', 'create', 'timeout', readTimeout),
  counters: flag('counters', 'counters', 'create', 'counters'),
  comment: flag('comment', 'createComment', 'create', 'comment'),
  forceadd: flag('forceadd', 'forceadd', 'create', 'forceadd'),
  skbinfo: flag('skbinfo', 'skbinfo', 'create', 'skbinfo'),
  bucketsize: number('bucketsize', 'bucketsize', 'create', 'bucketsize', (s, t) => readU8(s, t)),
  initval: number('initval', 'initval', 'create', 'initval', readU32),
  probes: ignored('probes', 'probes'),
  resize: ignored('resize', 'resize'),
  gc: ignored('gc', 'gc'),
  'ignored:from': ignored('from', 'ip'),
  'ignored:to': ignored('to', 'ipTo'),
  'ignored:network': ignored('network', 'ip', 'from'),
  'range:ip': address('range', 'ip', 'netrange'),
  'from:ip': address('from', 'ip', 'plain'),
  'to:ip': address('to', 'ipTo', 'plain'),
  network: address('network', 'ip', 'net'),
  'range:port': { name: 'range', opt: 'port', value: true, read: readTcpUdpPort },
  'from:port': singlePort('from', 'port'),
  'to:port': singlePort('to', 'portTo'),
};

const TIMEOUT = number('timeout', 'timeout', 'elem', 'timeout', readTimeout);
const NOMATCH = flag('nomatch', 'nomatch', 'elem', 'nomatch');
const WILDCARD = flag('wildcard', 'wildcard', 'elem', 'wildcard');
const REFERENCES = [reference('before'), reference('after')];
const REST = [
  number('packets', 'packets', 'elem', 'packets', readU64),
  number('bytes', 'bytes', 'elem', 'bytes', readU64),
  comment,
  number('skbmark', 'skbmark', 'elem', 'skbmark', readSkbmark),
  number('skbprio', 'skbprio', 'elem', 'skbprio', readSkbprio),
  number('skbqueue', 'skbqueue', 'elem', 'skbqueue', (s, t) => readU16(s, t)),
];

export type OptionCommand = 'create' | 'add' | 'del' | 'test';

/** The options that a command has for a set type. */
export function optionsOf(type: SetType, command: OptionCommand): readonly Option[] {
  return TABLE.get(type.name)![command];
}

const TABLE: ReadonlyMap<string, Readonly<Record<OptionCommand, readonly Option[]>>> = new Map(
  SET_TYPES.map((type) => {
    const list = type.name === 'list:set' ? REFERENCES : [];
    const nomatch = hasNomatch(type) ? [NOMATCH] : [];
    const wildcard = type.name === 'hash:net,iface' ? [WILDCARD] : [];
    const create = type.create.map((key) => CREATE[key]!);
    const add = [TIMEOUT, ...nomatch, ...wildcard, ...list, ...REST];
    return [type.name, { create, add, del: list, test: [...nomatch, ...list] }];
  }),
);
