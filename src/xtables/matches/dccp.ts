import { type DccpHeader, dccpHeader } from '../../wire';
import { uint } from '../read/kinds';
import type { PortRange } from '../read/port-kinds';
import { criterion, defineMatch, type Kind, not, option, type XtAction } from '../record';
import { Refusal } from '../refusal';
import type { Criterion } from '../types';
import { ANY_PORT, listPorts, PORT_OPTIONS, type PortTest, portMatches, saveGivenPorts } from './ports';

interface Negatable<T> {
  readonly value: T;
  readonly negated: boolean;
}

interface DccpConfig {
  readonly sport: PortTest | null;
  readonly dport: PortTest | null;
  /** Bits by packet type. */
  readonly types: Negatable<number> | null;
  readonly option: Negatable<number> | null;
}

const TYPES = [
  'REQUEST',
  'RESPONSE',
  'DATA',
  'ACK',
  'DATAACK',
  'CLOSEREQ',
  'CLOSE',
  'RESET',
  'SYNC',
  'SYNCACK',
  'INVALID',
];
const INVALID = TYPES.indexOf('INVALID');

const dccpTypes: Kind<number> = {
  name: 'dccp-types',
  values: TYPES,
  read: (list) => {
    let bits = 0;
    for (const word of list.split(',')) {
      if (word === '') continue;
      const type = TYPES.indexOf(word.toUpperCase());
      if (type < 0) return new Refusal('bad-value', `Unknown DCCP type \`${word}'`);
      bits |= type === INVALID ? 0xfc00 : 1 << type;
    }
    return bits;
  },
};

export const dccp = defineMatch({
  name: 'dccp',
  title: 'DCCP',
  help: 'Ports, packet type and options of DCCP.',
  protocols: [33],
  options: {
    ...PORT_OPTIONS,
    'dccp-types': option(dccpTypes, 'Packet types, with commas between', { negatable: true }),
    'dccp-option': option(uint(8, { min: 1 }), 'The packet has this option', { negatable: true }),
  },
  parse: (uses): DccpConfig => {
    const test = (use: { value: PortRange; negated: boolean } | undefined): PortTest | null =>
      use === undefined ? null : { ...use.value, negated: use.negated };
    const kept = (use: Negatable<number> | undefined): Negatable<number> | null =>
      use === undefined ? null : { value: use.value, negated: use.negated };
    return {
      sport: test(uses.sport),
      dport: test(uses.dport),
      types: kept(uses['dccp-types']),
      option: kept(uses['dccp-option']),
    };
  },
  print: (c) => {
    let out = saveGivenPorts('sport', c.sport) + saveGivenPorts('dport', c.dport);
    if (c.types !== null) out += `${not(c.types.negated)} --dccp-types ${typeNames(c.types.value, false)}`;
    return c.option === null ? out : `${out}${not(c.option.negated)} --dccp-option ${c.option.value}`;
  },
  list: (c, { numeric }) => {
    let out = ' dccp';
    out += listPorts('spt', c.sport ?? ANY_PORT, 'dccp', numeric);
    out += listPorts('dpt', c.dport ?? ANY_PORT, 'dccp', numeric);
    if (c.types !== null) out += `${not(c.types.negated)} ${typeNames(c.types.value, numeric)}`;
    return c.option === null ? out : `${out} option=${c.option.negated ? '!' : ''}${c.option.value}`;
  },
  // Kernel: dccp_mt(), net/netfilter/xt_dccp.c
  match: (c, action) => {
    if (action.fragoff !== 0) return false;
    const header = dccpHeader(action.skb.packet);
    if (header === null) {
      action.hotdrop = true;
      return false;
    }
    if (c.sport !== null && !portMatches(c.sport, header.sport)) return false;
    if (c.dport !== null && !portMatches(c.dport, header.dport)) return false;
    if (c.types !== null && hasType(c.types.value, header) === c.types.negated) return false;
    if (c.option === null) return true;
    const has = hasOption(c.option.value, header, action);
    if (has === null) action.hotdrop = true;
    return (has ?? false) !== c.option.negated;
  },
  explain: (c, action, matched) => {
    const header = action.fragoff === 0 ? dccpHeader(action.skb.packet) : null;
    if (header === null) return [criterion('-m dccp', matched ?? false, 'there is no DCCP header here')];
    const parts: Criterion[] = [];
    const add = (text: string, met: boolean, because: string): void => {
      parts.push(criterion(text.trim(), met, because));
    };
    if (c.sport !== null) {
      add(saveGivenPorts('sport', c.sport), portMatches(c.sport, header.sport), `the source port is ${header.sport}`);
    }
    if (c.dport !== null) {
      add(
        saveGivenPorts('dport', c.dport),
        portMatches(c.dport, header.dport),
        `the destination port is ${header.dport}`,
      );
    }
    if (c.types !== null) {
      const text = `${not(c.types.negated)} --dccp-types ${typeNames(c.types.value, false)}`;
      const name = TYPES[Math.min(header.type, INVALID)]!;
      add(text, hasType(c.types.value, header) !== c.types.negated, `the type is ${name}`);
    }
    if (c.option !== null) {
      const has = hasOption(c.option.value, header, action) ?? false;
      const text = `${not(c.option.negated)} --dccp-option ${c.option.value}`;
      add(text, has !== c.option.negated, has ? 'the packet has that option' : 'the packet does not have that option');
    }
    return parts.length === 0 ? [criterion('-m dccp', true, '')] : parts;
  },
});

function typeNames(bits: number, numeric: boolean): string {
  const types: string[] = [];
  for (let i = 0; i < 16; i++) {
    if ((bits & (1 << i)) === 0) continue;
    types.push(numeric ? `${i}` : TYPES[i]!);
    if (!numeric && i === INVALID) break;
  }
  return types.join(',');
}

function hasType(bits: number, { type }: DccpHeader): boolean {
  return (bits & (1 << type)) !== 0;
}

/** Bytes of what follows the generic header, by type; others are as long as a reset. Kernel: dccp_packet_hdr_len() */
const MORE: readonly number[] = [4, 12, 0, 8, 8, 8, 8, 12, 8, 8];

/** Whether the option is there; null if the header makes no sense. Kernel: dccp_find_option() */
function hasOption(kind: number, { headerLength, type }: DccpHeader, { skb, thoff }: XtAction): boolean | null {
  const { bytes } = skb.packet;
  const extended = (bytes[thoff + 8]! & 1) === 1 ? 4 : 0;
  const start = 12 + extended + (MORE[type] ?? 12);
  if (headerLength < start) return null;
  if (thoff + headerLength > bytes.length) return headerLength === start ? false : null;
  for (let i = thoff + start; i < thoff + headerLength; ) {
    if (bytes[i] === kind) return true;
    i += bytes[i]! < 2 ? 1 : bytes[i + 1]! || 1;
  }
  return false;
}
