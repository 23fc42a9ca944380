import { uint } from '../read/kinds';
import { defineMatch, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { byteText } from './tos';

interface DscpConfig {
  readonly dscp: number;
  readonly negated: boolean;
}

/** RFC 2474, RFC 2597, RFC 3246. */
const DSCP_CLASSES: readonly (readonly [string, number])[] = [
  ['CS0', 0x00],
  ['CS1', 0x08],
  ['CS2', 0x10],
  ['CS3', 0x18],
  ['CS4', 0x20],
  ['CS5', 0x28],
  ['CS6', 0x30],
  ['CS7', 0x38],
  ['BE', 0x00],
  ['AF11', 0x0a],
  ['AF12', 0x0c],
  ['AF13', 0x0e],
  ['AF21', 0x12],
  ['AF22', 0x14],
  ['AF23', 0x16],
  ['AF31', 0x1a],
  ['AF32', 0x1c],
  ['AF33', 0x1e],
  ['AF41', 0x22],
  ['AF42', 0x24],
  ['AF43', 0x26],
  ['EF', 0x2e],
];

export const dscpClass: Kind<number> = {
  name: 'dscp-class',
  values: DSCP_CLASSES.map(([name]) => name),
  read: (text) => {
    const found = DSCP_CLASSES.find(([name]) => text.toUpperCase().startsWith(name));
    return found === undefined ? new Refusal('bad-value', `Invalid DSCP value \`${text}'`) : found[1];
  },
};

export const dscp = defineMatch({
  name: 'dscp',
  title: 'DSCP',
  help: 'The six upper bits of the TOS or traffic class byte.',
  options: {
    dscp: option(uint(8, { max: 63 }), 'Value from 0 to 63', { negatable: true, excludes: ['dscp-class'] }),
    'dscp-class': option(dscpClass, 'By the name of a class', { negatable: true, excludes: ['dscp'] }),
  },
  parse: (uses): Read<DscpConfig> => {
    const use = uses.dscp ?? uses['dscp-class'];
    if (use === undefined) return new Refusal('option-missing', 'DSCP match: Parameter --dscp is required');
    return { dscp: use.value, negated: use.negated };
  },
  print: (c) => `${not(c.negated)} --dscp ${byteText(c.dscp)}`,
  list: (c) => ` DSCP match ${c.negated ? '!' : ''}${byteText(c.dscp)}`,
  // Kernel: dscp_mt(), dscp_mt6(), net/netfilter/xt_dscp.c
  match: (c, { skb }) => (skb.packet.tos >> 2 === c.dscp) !== c.negated,
  because: (_, { skb }) => `the DSCP is ${byteText(skb.packet.tos >> 2)}`,
});
