import { ctStateOf } from '../../conntrack';
import { type Conn, IPS, type Tuple } from '../../model';
import { type Addr, maskAddr, maskLength } from '../../wire';
import { addressName } from '../print/address-name';
import { type HostMask, hostMask, maskedEqual } from '../read/host-kinds';
import { uintRange } from '../read/kinds';
import { portRange, protocol } from '../read/port-kinds';
import { criterion, defineMatch, type Kind, not, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtFamily } from '../types';
import { ALL_STATE_WORDS, printStates, readStates, readWords } from './conntrack-words';

interface Negatable<T> {
  readonly value: T;
  readonly negated: boolean;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

interface ConntrackConfig {
  readonly state: Negatable<number> | null;
  readonly protocol: Negatable<number> | null;
  readonly addrs: Readonly<Record<AddrKey, Negatable<HostMask> | null>>;
  readonly ports: Readonly<Record<PortKey, Negatable<Range> | null>>;
  readonly status: Negatable<number> | null;
  readonly expire: Negatable<Range> | null;
  readonly dir: 'ORIGINAL' | 'REPLY' | null;
}

type AddrKey = 'ctorigsrc' | 'ctorigdst' | 'ctreplsrc' | 'ctrepldst';
type PortKey = 'ctorigsrcport' | 'ctorigdstport' | 'ctreplsrcport' | 'ctrepldstport';
const ADDR_KEYS: readonly AddrKey[] = ['ctorigsrc', 'ctorigdst', 'ctreplsrc', 'ctrepldst'];
const PORT_KEYS: readonly PortKey[] = ['ctorigsrcport', 'ctorigdstport', 'ctreplsrcport', 'ctrepldstport'];

const states: Kind<number> = {
  name: 'ct-states',
  values: ALL_STATE_WORDS,
  read: (word) => readStates(word, ALL_STATE_WORDS, (rest) => `Bad ctstate "${rest}"`),
};

const STATUS: readonly (readonly [string, number])[] = [
  ['NONE', 0],
  ['EXPECTED', IPS.EXPECTED],
  ['SEEN_REPLY', IPS.SEEN_REPLY],
  ['ASSURED', IPS.ASSURED],
  ['CONFIRMED', IPS.CONFIRMED],
];
const STATUS_WORDS = STATUS.map(([name]) => name);

const statuses: Kind<number> = {
  name: 'ct-statuses',
  values: STATUS_WORDS,
  read: (word) =>
    readWords(
      word,
      STATUS_WORDS,
      (w) => STATUS.find(([name]) => name === w)![1],
      (rest) => `Bad ctstatus "${rest}"`,
    ),
};

function printStatus(bits: number): string {
  const names = STATUS.filter(([, bit]) => bit !== 0 && (bits & bit) !== 0).map(([name]) => name);
  return names.length === 0 ? 'NONE' : names.join(',');
}

const direction: Kind<'ORIGINAL' | 'REPLY'> = {
  name: 'choice',
  values: ['ORIGINAL', 'REPLY'],
  read: (word) => {
    const upper = word.toUpperCase();
    if (upper === 'ORIGINAL' || upper === 'REPLY') return upper;
    return new Refusal('bad-value', `conntrack: Bad value for "--ctdir" option: "${word}"`);
  },
};

function negatable<T>(use: { readonly value: T; readonly negated: boolean } | undefined): Negatable<T> | null {
  return use === undefined ? null : { value: use.value, negated: use.negated };
}

/** Address and mask as the tool prints them: an address alone if all its bits count. With names as a list has them. */
function printMasked({ addr, mask }: HostMask, family: XtFamily, name?: (addr: Addr) => string): string {
  if (name !== undefined && (addr === '0.0.0.0' || addr === '::')) return 'anywhere';
  const shown = name?.(addr) ?? addr;
  const length = maskLength(mask);
  if (length === (family === 'ip' ? 32 : 128)) return shown;
  return `${shown}/${length ?? mask}`;
}

const addrOption = (help: string) => option(hostMask, help, { negatable: true });
const portOption = (help: string) => option(portRange, help, { negatable: true });

export const conntrack = defineMatch({
  name: 'conntrack',
  title: 'Connection',
  help: 'State and addresses of the connection that a packet belongs to.',
  conntrack: true,
  options: {
    ctstate: option(states, 'How the packet stands to its connection', { negatable: true }),
    ctproto: option(protocol, 'Protocol of the connection', { negatable: true }),
    ctorigsrc: addrOption('Source of the original direction'),
    ctorigdst: addrOption('Destination of the original direction, before DNAT'),
    ctreplsrc: addrOption('Source of the replies, after DNAT'),
    ctrepldst: addrOption('Destination of the replies, after SNAT'),
    ctstatus: option(statuses, 'What is known of the connection', { negatable: true }),
    ctexpire: option(uintRange(32), 'Seconds until the entry expires', { negatable: true }),
    ctorigsrcport: portOption('Source port of the original direction'),
    ctorigdstport: portOption('Destination port of the original direction'),
    ctreplsrcport: portOption('Source port of the replies'),
    ctrepldstport: portOption('Destination port of the replies'),
    ctdir: option(direction, 'The packet goes in this direction'),
  },
  parse: (uses): Read<ConntrackConfig> => {
    if (Object.keys(uses).length === 0) {
      return new Refusal('option-missing', 'conntrack: At least one option is required');
    }
    const expire = uses.ctexpire;
    return {
      state: negatable(uses.ctstate),
      protocol: negatable(uses.ctproto),
      addrs: {
        ctorigsrc: negatable(uses.ctorigsrc),
        ctorigdst: negatable(uses.ctorigdst),
        ctreplsrc: negatable(uses.ctreplsrc),
        ctrepldst: negatable(uses.ctrepldst),
      },
      ports: {
        ctorigsrcport: negatable(uses.ctorigsrcport),
        ctorigdstport: negatable(uses.ctorigdstport),
        ctreplsrcport: negatable(uses.ctreplsrcport),
        ctrepldstport: negatable(uses.ctrepldstport),
      },
      status: negatable(uses.ctstatus),
      expire:
        expire === undefined
          ? null
          : { value: { min: expire.value[0]!, max: expire.value[1] ?? expire.value[0]! }, negated: expire.negated },
      dir: uses.ctdir?.value ?? null,
    };
  },
  print: (c, { family }) => dump(c, family, '--'),
  list: (c, { family, numeric }) => dump(c, family, '', numeric ? undefined : addressName),
  // Kernel: conntrack_mt(), net/netfilter/xt_conntrack.c
  match: (c, action) => {
    for (const test of tests(c, action)) if (!test.met) return false;
    return true;
  },
  explain: (c, action) => tests(c, action).map(({ text: words, met, because }) => criterion(words, met, because)),
});

function dump(c: ConntrackConfig, family: XtFamily, prefix: string, name?: (addr: Addr) => string): string {
  let out = '';
  const add = (name: string, use: Negatable<unknown> | null, value: string): void => {
    if (use !== null) out += `${not(use.negated)} ${prefix}${name} ${value}`;
  };
  add('ctstate', c.state, c.state === null ? '' : printStates(c.state.value));
  add('ctproto', c.protocol, `${c.protocol?.value}`);
  for (const key of ADDR_KEYS) {
    const use = c.addrs[key];
    if (use !== null) add(key, use, printMasked(use.value, family, name));
  }
  for (const key of PORT_KEYS) {
    const use = c.ports[key];
    if (use !== null) add(key, use, printRange(use.value));
  }
  add('ctstatus', c.status, c.status === null ? '' : printStatus(c.status.value));
  if (c.expire !== null) add('ctexpire', c.expire, spanText(c.expire.value));
  if (c.dir !== null) out += ` ${prefix}ctdir ${c.dir}`;
  return out;
}

function spanText({ min, max }: Range): string {
  return min === max ? `${min}` : `${min}:${max}`;
}

/** Of ports: 0 stands for no second one. */
function printRange({ min, max }: Range): string {
  return max === 0 || min === max ? `${min}` : `${min}:${max}`;
}

interface Test {
  readonly text: string;
  readonly met: boolean;
  readonly because: string;
}

/** The tests in the kernel's order; it stops at the first that fails. */
function tests(c: ConntrackConfig, action: XtAction): Test[] {
  const { skb, family } = action;
  const found: Test[] = [];
  // After a rule of CT the packet has its template, until conntrack looks at it.
  const ct = skb.ct ?? skb.template;
  const state = ctStateOf(skb);
  const say = (name: string, use: Negatable<unknown>, value: string, equal: boolean, because: string): void => {
    found.push({ text: `${use.negated ? '! ' : ''}--${name} ${value}`, met: equal !== use.negated, because });
  };
  if (c.state !== null) {
    const bits = stateBits(state, ct);
    say(
      'ctstate',
      c.state,
      printStates(c.state.value),
      (bits & c.state.value) !== 0,
      `the state is ${printStates(bits)}`,
    );
  }
  if (ct === null) {
    // The kernel looks at nothing else then: the state alone decides, and without --ctstate the match fails.
    if (c.state === null) {
      found.push({
        text: dump(c, family, '--').trimStart(),
        met: false,
        because: 'the packet belongs to no connection',
      });
    }
    return found;
  }
  if (c.dir !== null) {
    const reply = skb.ctinfo === 'ESTABLISHED_REPLY' || skb.ctinfo === 'RELATED_REPLY';
    const met = (c.dir === 'REPLY') === reply;
    const because = reply ? 'it goes in the direction of replies' : 'it goes in the original direction';
    found.push({ text: `--ctdir ${c.dir}`, met, because });
  }
  for (const key of ADDR_KEYS) {
    const use = c.addrs[key];
    if (use === null) continue;
    const known = key.startsWith('ctorig') ? side(ct.original, key) : side(ct.reply, key);
    const addr = ct === skb.template && family === 'ip6' ? '::' : known;
    const equal = maskedEqual(addr, maskAddrBy(use.value), use.value.mask);
    say(key, use, printMasked(use.value, family), equal, `it is ${addr}`);
  }
  if (c.protocol !== null) {
    const number = ct.original.protocol;
    say('ctproto', c.protocol, `${c.protocol.value}`, number === c.protocol.value, `the protocol is ${number}`);
  }
  for (const key of PORT_KEYS) {
    const use = c.ports[key];
    if (use === null) continue;
    const tuple = key.startsWith('ctorig') ? ct.original : ct.reply;
    const port = key.endsWith('srcport') ? tuple.sport : tuple.dport;
    const max = use.value.max === 0 ? use.value.min : use.value.max;
    say(key, use, printRange(use.value), port >= use.value.min && port <= max, `it is ${port}`);
  }
  if (c.status !== null) {
    const { status } = ct;
    say(
      'ctstatus',
      c.status,
      printStatus(c.status.value),
      (status & c.status.value) !== 0,
      `the status is ${printStatus(status)}`,
    );
  }
  if (c.expire !== null) {
    const confirmed = (ct.status & IPS.CONFIRMED) !== 0;
    const left = confirmed ? Math.max(0, Math.floor((ct.timeout - action.env.port.now()) / 1_000_000)) : 0;
    const equal = left >= c.expire.value.min && left <= c.expire.value.max;
    say('ctexpire', c.expire, spanText(c.expire.value), equal, `it expires in ${left} s`);
  }
  return found;
}

function stateBits(state: ReturnType<typeof ctStateOf>, ct: Conn | null): number {
  const bits = { INVALID: 1, NEW: 2, RELATED: 4, ESTABLISHED: 8, UNTRACKED: 16 }[state];
  if (ct === null) return bits;
  return bits | ((ct.status & IPS.SRC_NAT) !== 0 ? 32 : 0) | ((ct.status & IPS.DST_NAT) !== 0 ? 64 : 0);
}

function side(tuple: Tuple, key: AddrKey): string {
  return key.endsWith('src') ? tuple.src : tuple.dst;
}

function maskAddrBy({ addr, mask }: HostMask): string {
  const length = maskLength(mask);
  return length === null ? addr : maskAddr(addr, length);
}
