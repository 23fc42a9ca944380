import { defineTarget } from '../record';

export const TRACE = defineTarget({
  name: 'TRACE',
  title: 'Trace',
  help: 'Makes the kernel report every rule that the packet matches from here on. Here every packet is traced anyway.',
  verdict: 'continue',
  tables: ['raw'],
  options: {},
  parse: (): object => ({}),
  print: () => '',
  // Kernel: trace_tg(), net/netfilter/xt_TRACE.c
  act: () => 'continue',
});
