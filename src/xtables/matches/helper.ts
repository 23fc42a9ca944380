import { quoted } from '../print/rule';
import { text } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface HelperConfig {
  /** '': any helper. */
  readonly name: string;
  readonly negated: boolean;
}

export const helper = defineMatch({
  name: 'helper',
  title: 'Expected by a helper',
  help: 'The connection was expected by a helper: the data of an FTP session, say. The session itself does not match.',
  conntrack: true,
  options: {
    helper: option(text({ cut: 29 }), 'Name of the helper, `ftp`', { required: true, negatable: true }),
  },
  parse: (uses): HelperConfig => ({ name: uses.helper!.value, negated: uses.helper!.negated }),
  print: (c) => `${not(c.negated)} --helper${quoted(c.name)}`,
  compared: () => '',
  list: (c) => ` helper match ${c.negated ? '! ' : ''}"${c.name}"`,
  // Kernel: helper_mt(), net/netfilter/xt_helper.c
  match: (c, { skb }) => {
    const name = skb.ct?.master?.helper ?? null;
    // Only as many characters are compared as the helper's own name has.
    const same = name !== null && (c.name === '' || c.name.startsWith(name));
    return same !== c.negated;
  },
  because: (_, { skb }) => {
    if (skb.ct === null) return 'the packet has no connection';
    if (skb.ct.master === null) return 'no helper expected the connection';
    return `the connection was expected by the helper ${skb.ct.master.helper ?? 'of a connection that has none'}`;
  },
});
