import { defineTarget, flag } from '../record';

export const CHECKSUM = defineTarget({
  name: 'CHECKSUM',
  title: 'Fill in checksums',
  help: 'Computes a checksum that would have been left to the network card. Here checksums are always filled in.',
  verdict: 'continue',
  tables: ['mangle'],
  options: {
    'checksum-fill': flag('Fills it in', { required: true }),
  },
  parse: (): object => ({}),
  print: () => ' --checksum-fill',
  list: () => ' CHECKSUM fill',
  // Kernel: checksum_tg(), net/netfilter/xt_CHECKSUM.c
  act: () => 'continue',
});
