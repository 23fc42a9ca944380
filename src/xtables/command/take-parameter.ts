import { protocolByName, weirdInterface } from '../read/names';
import { scanCounter } from '../read/numbers';
import { unknownProtocol } from '../read/port-kinds';
import { Refusal } from '../refusal';
import type { IfaceTest } from '../rule';
import type { XtFamily } from '../types';
import { programOf } from './errors';
import { type LineState, letterBit } from './line';

/** The options of iptables itself that are no commands, and neither `-m` nor `-j`. Kernel side: do_parse() */

/** Tests of interfaces, by text: lines share them. */
export type IfaceCache = Map<string, IfaceTest>;

const [S, D, P, I, O, F, V, N, X, NUMBERS, C] = [...'sdpiofvnx0c'].map(letterBit) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** `'ignore'`: the line is for the other family. */
export function takeParameter(
  line: LineState,
  letter: string,
  argument: string,
  invert: boolean,
  family: XtFamily,
  ifaces: IfaceCache,
): Refusal | 'ignore' | null {
  switch (letter) {
    case 'p':
      if (invert) line.protocolNegated = true;
      return line.mark('p', P, invert) ?? takeProtocol(line, argument, family);
    case 's':
      line.srcText = argument;
      line.srcAt = line.at;
      return line.mark('s', S, invert);
    case 'd':
      line.dstText = argument;
      line.dstAt = line.at;
      return line.mark('d', D, invert);
    case 'i':
    case 'o':
      return takeInterface(line, letter, argument, invert, ifaces);
    case 'f':
      if (family === 'ip6') return new Refusal('not-in-ipv6', "`-f' is not supported in IPv6, use -m frag instead");
      return line.mark('f', F, invert);
    case 'v':
      line.verbose++;
      return line.verbose === 1 ? line.mark('v', V, invert) : null;
    case 'n':
      return line.mark('n', N, invert);
    case 'x':
      return line.mark('x', X, invert);
    case '0':
      return line.mark('0', NUMBERS, invert);
    case 'c':
      return line.mark('c', C, invert) ?? takeCounters(line, argument);
    case 't':
      return takeTable(line, argument, invert, family);
    case '4':
    case '6':
      if ((letter === '4') === (family === 'ip')) return null;
      return line.restore ? 'ignore' : new Refusal('wrong-family', '', { bare: true });
    case 'V':
      line.command = invert ? 'not-version' : 'version';
      return null;
    case 'h':
      line.command = 'help';
      return null;
    default:
      return null;
  }
}

function takeTable(line: LineState, argument: string, invert: boolean, family: XtFamily): Refusal | null {
  if (invert) return new Refusal('misplaced-not', 'unexpected ! flag before --table');
  if (line.restore) {
    const program = programOf(family);
    return new Refusal('no-table', `The -t option cannot be used in ${program}-restore.\n`);
  }
  line.table = argument;
  return null;
}

function takeInterface(
  line: LineState,
  letter: 'i' | 'o',
  argument: string,
  invert: boolean,
  ifaces: IfaceCache,
): Refusal | null {
  if (argument === '') return new Refusal('bad-interface', 'Empty interface is likely to be undesired');
  const twice = line.mark(letter, letter === 'i' ? I : O, invert);
  if (twice !== null) return twice;
  const iface = interfaceTest(line, argument, invert, ifaces);
  if (iface instanceof Refusal) return iface;
  if (letter === 'i') line.iif = iface;
  else line.oif = iface;
  return null;
}

/** Kernel side: xtables_parse_interface() */
function interfaceTest(line: LineState, text: string, negated: boolean, ifaces: IfaceCache): IfaceTest | Refusal {
  const key = negated ? `!${text}` : text;
  const known = ifaces.get(key);
  if (known !== undefined) return known;
  if (text.length > 15) {
    return new Refusal('bad-interface', `interface name \`${text}' must be shorter than IFNAMSIZ (15)`);
  }
  const weird = weirdInterface(text);
  if (weird !== null) line.warn(weird);
  const wild = text.endsWith('+');
  const test = Object.freeze({ text, name: wild ? text.slice(0, -1) : text, wild, negated });
  ifaces.set(key, test);
  return test;
}

function takeProtocol(line: LineState, argument: string, family: XtFamily): Refusal | null {
  const word = argument.toLowerCase();
  const number = protocolByName(word);
  if (number === null) return unknownProtocol(word);
  if (number === 0 && line.protocolNegated) return new Refusal('never-matches', 'rule would never match protocol');
  line.protocol = number;
  line.protocolWord = word;
  if (family === 'ip6' && !line.protocolNegated && [43, 44, 51, 60].includes(number)) {
    line.warn(`Warning: never matched protocol: ${word}. use extension match instead.`);
  }
  return null;
}

function takeCounters(line: LineState, argument: string): Refusal | null {
  const comma = argument.indexOf(',', 1);
  const bytesWord = comma >= 0 ? argument.slice(comma + 1) : line.spare();
  if (bytesWord === null) return new Refusal('argument-missing', '-c requires packet and byte counter');
  const packets = scanCounter(argument);
  if (packets === null) return new Refusal('bad-value', '-c packet counter not numeric');
  const bytes = scanCounter(bytesWord);
  if (bytes === null) return new Refusal('bad-value', '-c byte counter not numeric');
  line.counters = [packets, bytes];
  return null;
}

/** -w and -W, whose value may be left out. Kernel side: parse_wait_time(), parse_wait_interval() */
export function takeWait(line: LineState, letter: 'w' | 'W', argument: string | null): Refusal | null {
  if (line.restore) return new Refusal('no-wait', `You cannot use \`-${letter}' from iptables-restore`);
  const word = argument ?? line.spare();
  if (letter === 'w') {
    line.wait = true;
    if (word !== null && !/^\s*[+-]?\d/.test(word)) return new Refusal('bad-value', 'wait seconds not numeric');
    return null;
  }
  if (word === null) return new Refusal('argument-missing', 'wait interval value required');
  const span = /^\s*\+?(\d+)/.exec(word);
  if (span === null) return new Refusal('bad-value', 'wait interval not numeric');
  if (Number(span[1]) > 999_999) {
    return new Refusal('bad-value', `too long usec wait ${Number(span[1])} > 999999 usec`);
  }
  line.waitInterval = true;
  line.warn('Ignoring deprecated --wait-interval option.');
  return null;
}
