import { nearest } from '../../base';
import type { Packet } from '../../wire';
import { readUint } from '../read/numbers';
import { oldPort } from '../read/port-kinds';
import { criterion, defineMatch, flag, type Kind, not, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import type { Criterion } from '../types';
import { ANY_PORT, listPorts, type PortTest, portMatches, savePorts } from './ports';

interface TcpConfig {
  readonly sport: PortTest;
  readonly dport: PortTest;
  readonly flags: { readonly mask: number; readonly compare: number; readonly negated: boolean } | null;
  readonly option: { readonly kind: number; readonly negated: boolean } | null;
}

const FLAGS: readonly (readonly [string, number])[] = [
  ['FIN', 1],
  ['SYN', 2],
  ['RST', 4],
  ['PSH', 8],
  ['ACK', 16],
  ['URG', 32],
  ['ALL', 63],
  ['NONE', 0],
];

const FLAG_WORDS = FLAGS.map(([name]) => name);

function readFlags(text: string): Read<number> {
  let bits = 0;
  for (const word of text.split(',')) {
    if (word === '') continue;
    const found = FLAGS.find(([name]) => name === word.toUpperCase());
    if (found === undefined) {
      const suggestion = nearest(word, FLAG_WORDS);
      return new Refusal('bad-value', `Unknown TCP flag \`${word}'`, { suggestion });
    }
    bits |= found[1];
  }
  return bits;
}

function flagNames(bits: number): string {
  const names = FLAGS.filter(([name, bit]) => name !== 'ALL' && (bits & bit) !== 0).map(([name]) => name);
  return names.length === 0 ? 'NONE' : names.join(',');
}

interface FlagPair {
  readonly mask: number;
  readonly compare: number;
}

const tcpFlags: Kind<FlagPair> = {
  name: 'tcp-flags',
  values: FLAG_WORDS,
  second: '--tcp-flags requires two args.',
  read: (text, call) => {
    const mask = readFlags(text);
    if (mask instanceof Refusal) return mask;
    const compare = readFlags(call.second);
    return compare instanceof Refusal ? compare : { mask, compare };
  },
};

/** `PORT[:PORT]`, where min must not be over max. */
export function oldPortRange(protocol: string): Kind<{ readonly min: number; readonly max: number }> {
  return {
    name: 'ports',
    read: (text) => {
      const colon = text.indexOf(':');
      if (colon < 0) {
        const port = oldPort(text, protocol);
        return port instanceof Refusal ? port : { min: port, max: port };
      }
      const min = colon === 0 ? 0 : oldPort(text.slice(0, colon), protocol);
      if (min instanceof Refusal) return min;
      const max = colon === text.length - 1 ? 65535 : oldPort(text.slice(colon + 1), protocol);
      if (max instanceof Refusal) return max;
      return min > max ? new Refusal('bad-value', 'invalid portrange (min > max)') : { min, max };
    },
  };
}

const tcpOption: Kind<number> = {
  name: 'uint8',
  read: (text) => readUint(text, 1, 255) ?? new Refusal('bad-value', `Bad TCP option "${text}"`),
};

const SYN: FlagPair = { mask: 0x17, compare: 2 };
const ONE_FLAGS = "Only one of `--syn' or `--tcp-flags'  allowed";

export const tcp = defineMatch({
  name: 'tcp',
  title: 'TCP',
  help: 'Ports, flags and options of a TCP segment.',
  protocols: [6],
  options: {
    sport: option(oldPortRange('tcp'), 'Source port, or a range of ports', {
      aliases: ['source-port'],
      negatable: true,
      twice: "Only one `--source-port' allowed",
    }),
    dport: option(oldPortRange('tcp'), 'Destination port, or a range of ports', {
      aliases: ['destination-port'],
      negatable: true,
      twice: "Only one `--destination-port' allowed",
    }),
    'tcp-flags': option(tcpFlags, 'Flags that are looked at, then those of them that must be set', {
      negatable: true,
      twice: ONE_FLAGS,
      rivals: ['syn'],
    }),
    syn: flag('Only SYN of SYN, RST, ACK and FIN is set: the segment that opens a connection', {
      negatable: true,
      twice: ONE_FLAGS,
      rivals: ['tcp-flags'],
    }),
    'tcp-option': option(tcpOption, 'The segment has this TCP option', {
      negatable: true,
      twice: "Only one `--tcp-option' allowed",
    }),
  },
  parse: (uses): TcpConfig => {
    const flags =
      uses.syn !== undefined
        ? { ...SYN, negated: uses.syn.negated }
        : uses['tcp-flags'] !== undefined
          ? { ...uses['tcp-flags'].value, negated: uses['tcp-flags'].negated }
          : null;
    return {
      sport: uses.sport === undefined ? ANY_PORT : { ...uses.sport.value, negated: uses.sport.negated },
      dport: uses.dport === undefined ? ANY_PORT : { ...uses.dport.value, negated: uses.dport.negated },
      flags,
      option:
        uses['tcp-option'] === undefined
          ? null
          : { kind: uses['tcp-option'].value, negated: uses['tcp-option'].negated },
    };
  },
  print: (c) => {
    let text = savePorts('sport', c.sport) + savePorts('dport', c.dport);
    if (c.option !== null) text += `${not(c.option.negated)} --tcp-option ${c.option.kind}`;
    if (c.flags !== null && (c.flags.mask !== 0 || c.flags.negated)) text += printFlags(c.flags);
    return text;
  },
  list: (c, { numeric }) => {
    let text = ` tcp${listPorts('spt', c.sport, 'tcp', numeric)}${listPorts('dpt', c.dport, 'tcp', numeric)}`;
    if (c.option !== null) text += ` option=${c.option.negated ? '!' : ''}${c.option.kind}`;
    if (c.flags !== null && (c.flags.mask !== 0 || c.flags.negated)) {
      const byte = (n: number): string => `0x${n.toString(16).toUpperCase().padStart(2, '0')}`;
      const show = numeric ? byte : flagNames;
      text += ` flags:${c.flags.negated ? '!' : ''}${show(c.flags.mask)}/${show(c.flags.compare)}`;
    }
    return text;
  },
  onlyPort: (c) => (c.dport.min === c.dport.max && !c.dport.negated ? c.dport.min : null),
  // Kernel: tcp_mt(), net/netfilter/xt_tcpudp.c
  match: (c, action) => {
    const header = headerOf(action);
    if (header === null) return false;
    if (!portMatches(c.sport, header.sport) || !portMatches(c.dport, header.dport)) return false;
    if (c.flags !== null && ((header.flags & c.flags.mask) === c.flags.compare) === c.flags.negated) return false;
    if (c.option === null) return true;
    const { packet } = action.skb;
    if (header.headerLength < 20 || packet.l4Offset + header.headerLength > packet.bytes.length) {
      action.hotdrop = true;
      return false;
    }
    return hasOption(packet, c.option.kind) !== c.option.negated;
  },
  explain: (c, action, matched) => {
    const header = action.skb.packet.tcp;
    if (header === undefined || action.fragoff !== 0) {
      return [criterion('-m tcp', matched ?? false, 'there is no TCP header here')];
    }
    const parts: Criterion[] = [];
    const add = (text: string, met: boolean, because: string): void => {
      if (text !== '') parts.push(criterion(text.trim(), met, because));
    };
    add(savePorts('sport', c.sport), portMatches(c.sport, header.sport), `the source port is ${header.sport}`);
    add(savePorts('dport', c.dport), portMatches(c.dport, header.dport), `the destination port is ${header.dport}`);
    if (c.option !== null) {
      const has = hasOption(action.skb.packet, c.option.kind);
      add(`${not(c.option.negated)} --tcp-option ${c.option.kind}`, has !== c.option.negated, optionSays(has));
    }
    if (c.flags !== null) {
      const met = ((header.flags & c.flags.mask) === c.flags.compare) !== c.flags.negated;
      add(printFlags(c.flags), met, `the flags are ${flagNames(header.flags & 63)}`);
    }
    return parts.length === 0 ? [criterion('-m tcp', true, '')] : parts;
  },
});

/** Padding counts as an option, too. Kernel: tcp_find_option(), net/netfilter/xt_tcpudp.c */
function hasOption({ bytes, l4Offset, tcp }: Packet, kind: number): boolean {
  const end = l4Offset + tcp!.headerLength;
  for (let i = l4Offset + 20; i < end; ) {
    if (bytes[i] === kind) return true;
    i += bytes[i]! < 2 ? 1 : bytes[i + 1] || 1;
  }
  return false;
}

function optionSays(has: boolean): string {
  return has ? 'the segment has that option' : 'the segment does not have that option';
}

function printFlags(flags: FlagPair & { readonly negated: boolean }): string {
  return `${not(flags.negated)} --tcp-flags ${flagNames(flags.mask)} ${flagNames(flags.compare)}`;
}

function headerOf(action: XtAction) {
  if (action.fragoff !== 0) {
    // A fragment that begins inside the header is an attack on filters.
    if (action.fragoff === 1) action.hotdrop = true;
    return null;
  }
  const header = action.skb.packet.tcp;
  if (header === undefined) {
    action.hotdrop = true;
    return null;
  }
  return header;
}
