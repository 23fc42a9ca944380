import { quoted } from '../print/rule';
import { uint, uint64 } from '../read/kinds';
import { defineTarget, option } from '../record';
import { logPrefix } from './log-prefix';

interface UlogConfig {
  readonly group: number;
  readonly prefix: string;
  readonly range: number;
  readonly threshold: number;
}

export const ULOG = defineTarget({
  name: 'ULOG',
  title: 'Log to a program (old)',
  help: 'What NFLOG does now. It has left the kernel: a ruleset with it does not load.',
  verdict: 'continue',
  families: ['ip'],
  absent: true,
  options: {
    'ulog-nlgroup': option(uint(8, { min: 1, max: 32 }), 'Group that the program listens to; 1 if absent'),
    'ulog-prefix': option(logPrefix(31, 'ulog-prefix'), 'Text that goes with the packet, up to 31 characters'),
    'ulog-cprange': option(uint64, 'Bytes of the packet that are handed on; 0: all'),
    'ulog-qthreshold': option(uint(8, { min: 1, max: 50 }), 'Packets that are collected before the program is told'),
  },
  parse: (uses): UlogConfig => ({
    group: uses['ulog-nlgroup']?.value ?? 1,
    prefix: uses['ulog-prefix']?.value ?? '',
    range: Number(BigInt.asUintN(32, uses['ulog-cprange']?.value ?? 0n)),
    threshold: uses['ulog-qthreshold']?.value ?? 1,
  }),
  print: (c) => {
    let out = c.prefix === '' ? '' : ` --ulog-prefix${quoted(c.prefix)}`;
    if (c.group !== 1) out += ` --ulog-nlgroup ${c.group}`;
    if (c.range !== 0) out += ` --ulog-cprange ${c.range}`;
    if (c.threshold !== 1) out += ` --ulog-qthreshold ${c.threshold}`;
    return out;
  },
  list: (c) => {
    const prefix = c.prefix === '' ? '' : ` prefix "${c.prefix}"`;
    return ` ULOG copy_range ${c.range} nlgroup ${c.group}${prefix} queue_threshold ${c.threshold}`;
  },
});
