import { quoted } from '../print/rule';
import { text } from '../read/kinds';
import { defineMatch, type Kind, option } from '../record';
import { Refusal } from '../refusal';

interface NfacctConfig {
  readonly name: string;
}

const accountName: Kind<string> = {
  name: 'text',
  read: (word, call) =>
    word.includes('\n')
      ? new Refusal('bad-value', 'Newlines not allowed in --nfacct-name')
      : text({ min: 1, cut: 31 }).read(word, call),
};

export const nfacct = defineMatch({
  name: 'nfacct',
  title: 'Accounting',
  help: 'Counts the packet on an accounting object of the tool nfacct, and matches always.',
  sideEffect: true,
  contextual: true,
  options: {
    'nfacct-name': option(accountName, 'Name of the object', { required: true }),
  },
  parse: (uses): NfacctConfig => ({ name: uses['nfacct-name']!.value }),
  print: (c) => ` --nfacct-name${quoted(c.name)}`,
  list: (c) => ` nfacct-name ${quoted(c.name)}`,
  // Kernel: nfacct_mt_checkentry(), net/netfilter/xt_nfacct.c
  check: (c, { context }) => (context.nfacct?.includes(c.name) ? null : 'ENOENT'),
  // Kernel: nfacct_mt(); objects here have no quota, and one without a quota always matches
  match: () => true,
  because: () => 'an accounting object without a quota always matches',
});
