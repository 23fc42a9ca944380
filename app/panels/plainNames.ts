import { dscpName } from './headerNames';

const TOS: Readonly<Record<number, string>> = {
  16: 'Minimize-Delay',
  8: 'Maximize-Throughput',
  4: 'Maximize-Reliability',
  2: 'Minimize-Cost',
  0: 'Normal-Service',
};
const ICMP: Readonly<Record<string, string>> = {
  '0': 'echo reply',
  '3': 'unreachable',
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '5': 'redirect',
  '8': 'echo request',
  '11': 'time exceeded',
  '12': 'parameter problem',
};
const ICMP6: Readonly<Record<string, string>> = {
  '1': 'unreachable',
  '2': 'packet too big',
  '3': 'time exceeded',
  '4': 'parameter problem',
  '128': 'echo request',
  '129': 'echo reply',
};
const TCP_OPTIONS: Readonly<Record<string, string>> = {
  '2': 'MSS',
  '3': 'window scale',
  '4': 'SACK permitted',
  '5': 'SACK',
  '8': 'timestamps',
};

/** What a number in an option stands for: the class of a DSCP, the name of a TOS, an ICMP type, a user; '' if nothing. */
export function plainName(text: string): string {
  const dscp = /--(?:set-)?dscp (0x[0-9a-f]+)/.exec(text)?.[1];
  if (dscp !== undefined) return dscpName(Number(dscp)) || (Number(dscp) === 0 ? 'best effort' : '');
  const tos = /--(?:set-)?tos (0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?/.exec(text);
  if (tos !== null) {
    const value = Number(tos[1]);
    const whole = tos[2] === '0xff' || tos[2] === undefined;
    return (whole ? dscpWords(value) : TOS[value]) || TOS[value] || '';
  }
  const icmp = /--icmp-type (\S+)/.exec(text)?.[1];
  if (icmp !== undefined) return ICMP[icmp] ?? '';
  const icmp6 = /--icmpv6-type (\S+)/.exec(text)?.[1];
  if (icmp6 !== undefined) return ICMP6[icmp6] ?? '';
  const option = /--tcp-option (\d+)/.exec(text)?.[1];
  if (option !== undefined) return TCP_OPTIONS[option] ?? '';
  return /--[ug]id-owner 0$/.test(text) ? 'root' : '';
}

function dscpWords(tos: number): string {
  return tos >> 2 === 0 ? '' : dscpName(tos >> 2);
}

/** Why a criterion failed, with the names of numbers. */
export function withNames(because: string): string {
  return because
    .replace(/^the DSCP is (0x[0-9a-f]+)$/, (all, n: string) => named(all, dscpName(Number(n))))
    .replace(/^the TOS byte is (0x[0-9a-f]+)$/, (all, n: string) =>
      named(all, dscpWords(Number(n)) || (TOS[Number(n)] ?? '')),
    )
    .replace(/^the (user|group) is 0$/, (all) => named(all, 'root'));
}

const named = (text: string, name: string): string => (name === '' ? text : `${text}, ${name}`);

/** A mark that a rule asks for or sets: the bits of `mask` count. */
export interface MarkUse {
  readonly what: 'mark' | 'connmark';
  readonly does: 'asks' | 'sets' | 'saves' | 'restores';
  readonly value: number;
  readonly mask: number;
  readonly negated: boolean;
  /** What was there when the rule asked; null if that is not known. */
  readonly had: number | null;
}

const ALL = 0xffffffff;

/** The marks of a rule's criteria and target. */
export function markUses(
  criteria: readonly { readonly text: string; readonly because: string }[],
  target: string,
): readonly MarkUse[] {
  const uses: MarkUse[] = [];
  for (const { text, because } of criteria) {
    const asked = /(! )?--mark (0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?/.exec(text);
    if (asked === null) continue;
    const had = /mark is (0x[0-9a-f]+)/.exec(because)?.[1];
    uses.push({
      what: text.includes('connmark') || because.includes('connection') ? 'connmark' : 'mark',
      does: 'asks',
      value: Number(asked[2]),
      mask: Number(asked[3] ?? ALL),
      negated: asked[1] !== undefined,
      had: had === undefined ? null : Number(had),
    });
  }
  const what = target.startsWith('CONNMARK') ? 'connmark' : 'mark';
  if (what === 'mark' && !target.startsWith('MARK ')) return uses;
  const base = { value: 0, negated: false, had: null } as const;
  const set = /--set-x?mark (0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?/.exec(target);
  if (set !== null)
    return [...uses, { ...base, what, does: 'sets', value: Number(set[1]), mask: Number(set[2] ?? ALL) }];
  const mask = Number(/--(?:nfmask|mask) (0x[0-9a-f]+)/.exec(target)?.[1] ?? ALL);
  if (target.includes('--save-mark')) return [...uses, { ...base, what, does: 'saves', mask }];
  if (target.includes('--restore-mark')) return [...uses, { ...base, what: 'mark', does: 'restores', mask }];
  return uses;
}
