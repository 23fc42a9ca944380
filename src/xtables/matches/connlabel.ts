import { ctLabel, ctSetLabel } from '../../conntrack';
import { scanUint64 } from '../read/numbers';
import { defineMatch, flag, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';

interface ConnlabelConfig {
  readonly bit: number;
  readonly negated: boolean;
  readonly set: boolean;
}

/** Names would stand in /etc/xtables/connlabel.conf, which hosts of a lab do not have. */
const label: Kind<number> = {
  name: 'label',
  read: (word) => {
    if (word === '') return new Refusal('bad-value', 'Argument must have a minimum length of 1 characters\n');
    const scanned = scanUint64(word);
    // The tool keeps it in an int, the rule in 16 bits.
    const value = scanned !== null && scanned.end === word.length ? Number(BigInt.asIntN(32, scanned.value)) : -1;
    if (value >= 0) return value & 0xffff;
    return new Refusal('bad-value', `label '${word}' not found or invalid value`);
  },
};

export const connlabel = defineMatch({
  name: 'connlabel',
  title: 'Connection label',
  help: 'One of 128 labels of the connection.',
  conntrack: true,
  sideEffect: true,
  options: {
    label: option(label, 'Number of the label, 0 to 127', { negatable: true, required: true }),
    set: flag('Put the label on the connection'),
  },
  parse: (uses): ConnlabelConfig => ({
    bit: uses.label!.value,
    negated: uses.label!.negated,
    set: uses.set !== undefined,
  }),
  print: (c) => `${not(c.negated)} --label "${c.bit}"${c.set ? ' --set' : ''}`,
  compared: () => '',
  list: (c) => ` connlabel${c.negated ? ' !' : ''} ${c.bit}${c.set ? ' set' : ''}`,
  // Kernel: connlabel_mt_check(), net/netfilter/xt_connlabel.c; nf_connlabels_get()
  check: (c) => (c.bit > 127 ? 'ERANGE' : null),
  // Kernel: connlabel_mt()
  match: (c, { skb, env }) => {
    if (skb.ct === null) return c.negated;
    if (ctLabel(skb.ct, c.bit)) return !c.negated;
    if (!c.set || env.ct === null) return c.negated;
    return ctSetLabel(env.ct, env.port, skb, c.bit, true) !== c.negated;
  },
  because: (c, { skb }) => {
    if (skb.ct === null) return 'the packet has no connection';
    return `the connection ${ctLabel(skb.ct, c.bit) ? 'has' : 'does not have'} it`;
  },
});
