import { nearest } from '../../base';
import { scanUint } from '../read/numbers';
import { type Read, Refusal } from '../refusal';

/** Types of ICMP and ICMPv6 by the names that iptables has for them. */

export interface IcmpType {
  readonly type: number;
  readonly codeMin: number;
  readonly codeMax: number;
}

interface IcmpName extends IcmpType {
  readonly name: string;
}

function names(text: string): readonly IcmpName[] {
  return text
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [name, type, code] = entry.split(':') as [string, string, string | undefined];
      const codes = code === undefined ? [0, 255] : [Number(code), Number(code)];
      return { name, type: Number(type), codeMin: codes[0]!, codeMax: codes[1]! };
    });
}

export const ICMP_NAMES = names(`
  any:255 echo-reply:0 pong:0 destination-unreachable:3 network-unreachable:3:0 host-unreachable:3:1
  protocol-unreachable:3:2 port-unreachable:3:3 fragmentation-needed:3:4 source-route-failed:3:5 network-unknown:3:6
  host-unknown:3:7 network-prohibited:3:9 host-prohibited:3:10 TOS-network-unreachable:3:11 TOS-host-unreachable:3:12
  communication-prohibited:3:13 host-precedence-violation:3:14 precedence-cutoff:3:15 source-quench:4 redirect:5
  network-redirect:5:0 host-redirect:5:1 TOS-network-redirect:5:2 TOS-host-redirect:5:3 echo-request:8 ping:8
  router-advertisement:9 router-solicitation:10 time-exceeded:11 ttl-exceeded:11 ttl-zero-during-transit:11:0
  ttl-zero-during-reassembly:11:1 parameter-problem:12 ip-header-bad:12:0 required-option-missing:12:1
  timestamp-request:13 timestamp-reply:14 address-mask-request:17 address-mask-reply:18`);

export const ICMPV6_NAMES = names(`
  destination-unreachable:1 no-route:1:0 communication-prohibited:1:1 beyond-scope:1:2 address-unreachable:1:3
  port-unreachable:1:4 failed-policy:1:5 reject-route:1:6 packet-too-big:2 time-exceeded:3 ttl-exceeded:3
  ttl-zero-during-transit:3:0 ttl-zero-during-reassembly:3:1 parameter-problem:4 bad-header:4:0
  unknown-header-type:4:1 unknown-option:4:2 echo-request:128 ping:128 echo-reply:129 pong:129
  router-solicitation:133 router-advertisement:134 neighbour-solicitation:135 neighbor-solicitation:135
  neighbour-advertisement:136 neighbor-advertisement:136 redirect:137`);

/** A name (its beginning is enough), or `TYPE[/CODE]`. */
export function readIcmpType(text: string, list: readonly IcmpName[], family: string): Read<IcmpType> {
  const start = text.toLowerCase();
  const found = list.filter(({ name }) => name.toLowerCase().startsWith(start));
  if (found.length > 1) {
    const [a, b] = found as [IcmpName, IcmpName];
    return new Refusal('bad-value', `Ambiguous ${family} type \`${text}': \`${a.name}' or \`${b.name}'?`);
  }
  if (found.length === 1) return found[0]!;
  const type = readPair(text, 0);
  if (type === null) {
    const suggestion = nearest(
      text,
      list.map(({ name }) => name),
    );
    return new Refusal('bad-value', `Unknown ${family} type \`${text}'`, { suggestion });
  }
  let code: Pair = { min: 0, max: 255, end: type.end };
  if (text[type.end] === '/') {
    const read = readPair(text, type.end + 1);
    if (read === null) return new Refusal('bad-value', `Unknown ${family} code \`${text}'`);
    code = read;
  }
  if (code.end < text.length) return new Refusal('bad-value', `unknown character ${text[code.end]}`);
  if (type.min !== type.max) return new Refusal('bad-value', `${family} type range not supported`);
  return { type: type.min, codeMin: code.min, codeMax: code.max };
}

interface Pair {
  readonly min: number;
  readonly max: number;
  readonly end: number;
}

function readPair(text: string, start: number): Pair | null {
  const min = scanUint(text, start);
  if (min === null || min.value > 255) return null;
  if (text[min.end] !== ':') return { min: min.value, max: min.value, end: min.end };
  const max = scanUint(text, min.end + 1);
  return max === null || max.value > 255 ? null : { min: min.value, max: max.value, end: max.end };
}

/** As `iptables -L` shows it. */
export function listIcmpType(t: IcmpType, negated: boolean, list: readonly IcmpName[], numeric: boolean): string {
  const same = (n: IcmpName): boolean => n.type === t.type && n.codeMin === t.codeMin && n.codeMax === t.codeMax;
  const named = numeric ? undefined : list.find(same);
  if (named !== undefined) return ` ${negated ? '!' : ''}${named.name}`;
  let text = `${negated ? ' !' : ''}type ${t.type}`;
  if (t.codeMin === t.codeMax) text += ` code ${t.codeMin}`;
  else if (t.codeMin !== 0 || t.codeMax !== 255) text += ` codes ${t.codeMin}-${t.codeMax}`;
  return text;
}
