import { pskbMayPull } from '../../model';
import { stripTcpOption } from '../../wire';
import { readUint } from '../read/numbers';
import { defineTarget, type Kind, option } from '../record';
import { Refusal } from '../refusal';
import { replacePacket } from './change';

interface StripConfig {
  /** Option kinds, in order. */
  readonly kinds: readonly number[];
}

const NAMES: readonly (readonly [string, number])[] = [
  ['wscale', 3],
  ['mss', 2],
  ['sack-permitted', 4],
  ['sack', 5],
  ['timestamp', 8],
  ['md5', 19],
];

const optionList: Kind<readonly number[]> = {
  name: 'tcp-option-list',
  values: NAMES.map(([name]) => name),
  read: (list) => {
    const kinds: number[] = [];
    for (const word of list.split(',')) {
      const kind = NAMES.find(([name]) => name === word)?.[1] ?? readUint(word, 0, 255);
      if (kind === null) return new Refusal('bad-value', `Bad TCP option value "${word}"`);
      if (kind < 2) return new Refusal('bad-value', 'Option value may not be 0 or 1');
      if (kinds.includes(kind)) return new Refusal('bad-value', `Option "${word}" already specified`);
      kinds.push(kind);
    }
    return kinds.sort((a, b) => a - b);
  },
};

export const TCPOPTSTRIP = defineTarget({
  name: 'TCPOPTSTRIP',
  title: 'Strip TCP options',
  help: 'Overwrites options of a TCP header with padding.',
  verdict: 'continue',
  tables: ['mangle'],
  protocols: [6],
  options: {
    'strip-options': option(optionList, 'Options by name or number, with commas between'),
  },
  parse: (uses): StripConfig => ({ kinds: uses['strip-options']?.value ?? [] }),
  print: (c) => (c.kinds.length === 0 ? '' : ` --strip-options ${c.kinds.join(',')}`),
  list: (c, { numeric }) => {
    if (c.kinds.length === 0) return '';
    const name = (kind: number): string => NAMES.find(([, k]) => k === kind)?.[0] ?? `${kind}`;
    return ` TCPOPTSTRIP options ${c.kinds.map((kind) => (numeric ? `${kind}` : name(kind))).join(',')}`;
  },
  // Kernel: tcpoptstrip_mangle_packet(), net/netfilter/xt_TCPOPTSTRIP.c
  act: (c, action) => {
    const { packet } = action.skb;
    if (action.fragoff !== 0) return 'continue';
    const stripped = stripTcpOption(packet, new Set(c.kinds));
    if (stripped === null) return 'drop';
    const at = packet.l4Offset;
    pskbMayPull(action.skb, at + (packet.bytes[at + 12]! >> 4) * 4);
    const words = (options: readonly number[] | undefined): string => options?.join(',') || 'none';
    replacePacket(
      action,
      stripped,
      'tcp-options',
      words(packet.tcp?.options),
      words(stripped.tcp?.options),
      'TCPOPTSTRIP',
    );
    return 'continue';
  },
});
