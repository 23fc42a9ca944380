import { text, uint } from '../read/kinds';
import { defineTarget, flag, option } from '../record';

interface IdleConfig {
  readonly timeout: number;
  readonly label: string;
  readonly alarm: boolean;
  readonly netlink: boolean;
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
    send_nl_msg: flag('Without effect'),
  },
  parse: (uses): IdleConfig => ({
    timeout: uses.timeout!.value,
    label: uses.label!.value,
    alarm: uses.alarm !== undefined,
    netlink: uses.send_nl_msg !== undefined,
  }),
  print: (c) =>
    ` --timeout ${c.timeout} --label ${c.label}${c.alarm ? ' --alarm' : ''}${c.netlink ? ' --send_nl_msg' : ''}`,
  list: (c) => ` timeout:${c.timeout} label:${c.label}${c.alarm ? ' alarm' : ''}${c.netlink ? ' send_nl_msg' : ''}`,
  // Kernel: idletimer_tg_checkentry_v1(), net/netfilter/xt_IDLETIMER.c
  check: (c) => {
    if (c.netlink) return 'EOPNOTSUPP';
    return c.timeout === 0 || c.timeout >= 2_147_483 || TAKEN.includes(c.label) ? 'EINVAL' : null;
  },
  // Kernel: idletimer_tg_target_v1()
  act: () => 'continue',
});
