import { text, uint } from '../read/kinds';
import { defineTarget, flag, option } from '../record';

interface IdleConfig {
  readonly timeout: number;
  readonly label: string;
  readonly alarm: boolean;
}

/** Names that a directory of sysfs has already. Kernel: idletimer_check_sysfs_name() */
const TAKEN: readonly string[] = ['', 'power', 'subsystem', 'uevent'];

export const IDLETIMER = defineTarget({
  name: 'IDLETIMER',
  title: 'Idle timer',
  help: 'Starts a timer anew for each packet; a program is told when it runs out. The packet goes on to the next rule.',
  verdict: 'continue',
  options: {
    timeout: option(uint(32), 'Seconds without a packet', { required: true }),
    label: option(text({ cut: 27 }), 'Name of the timer', { required: true }),
    alarm: flag('The timer wakes a sleeping machine'),
  },
  parse: (uses): IdleConfig => ({
    timeout: uses.timeout!.value,
    label: uses.label!.value,
    alarm: uses.alarm !== undefined,
  }),
  print: (c) => ` --timeout ${c.timeout} --label ${c.label}${c.alarm ? ' --alarm' : ''}`,
  list: (c) => ` timeout:${c.timeout} label:${c.label}${c.alarm ? ' alarm' : ''}`,
  // Kernel: idletimer_tg_checkentry_v1(), net/netfilter/xt_IDLETIMER.c
  check: ({ timeout, label }) =>
    timeout === 0 || timeout >= 2_147_483 || TAKEN.includes(label) || label.includes('/') ? 'EINVAL' : null,
  // Kernel: idletimer_tg_target_v1()
  act: () => 'continue',
});
