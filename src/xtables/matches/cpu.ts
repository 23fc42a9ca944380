import { uint } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface CpuConfig {
  readonly cpu: number;
  readonly negated: boolean;
}

export const cpu = defineMatch({
  name: 'cpu',
  title: 'Processor',
  help: 'Number of the processor that handles the packet. Which one that is, a lab does not say.',
  options: { cpu: option(uint(32), 'Number, from 0', { negatable: true, required: true }) },
  parse: (uses): CpuConfig => ({ cpu: uses.cpu!.value, negated: uses.cpu!.negated }),
  print: (c) => `${not(c.negated)} --cpu ${c.cpu}`,
  list: (c) => ` cpu ${c.negated ? '! ' : ''}${c.cpu}`,
});
