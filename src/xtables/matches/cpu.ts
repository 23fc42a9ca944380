import { uint } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface CpuConfig {
  readonly cpu: number;
  readonly negated: boolean;
}

/** The one processor of a lab's host. */
const PROCESSOR = 0;

/** Kernel: cpu_mt(), net/netfilter/xt_cpu.c */
export const cpu = defineMatch({
  name: 'cpu',
  title: 'Processor',
  help: 'Number of the processor that handles the packet. A host of a lab has one, processor 0.',
  options: { cpu: option(uint(32), 'Number, from 0', { negatable: true, required: true }) },
  parse: (uses): CpuConfig => ({ cpu: uses.cpu!.value, negated: uses.cpu!.negated }),
  print: (c) => `${not(c.negated)} --cpu ${c.cpu}`,
  list: (c) => ` cpu ${c.negated ? '! ' : ''}${c.cpu}`,
  match: (c) => (c.cpu === PROCESSOR) !== c.negated,
  because: () => `processor ${PROCESSOR} handles it: a host of a lab has no other`,
});
