import { quoted } from '../print/rule';
import { syslogLevel } from '../read/kinds';
import { defineTarget, flag, option } from '../record';
import { logPrefix } from './log-prefix';
import { logText } from './log-text';

interface LogConfig {
  readonly level: number;
  readonly prefix: string;
  readonly tcpSequence: boolean;
  readonly tcpOptions: boolean;
  readonly ipOptions: boolean;
  readonly uid: boolean;
  readonly macDecode: boolean;
}

const WARNING = 4;
const LEVEL_NAMES = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

export const LOG = defineTarget({
  name: 'LOG',
  title: 'Log',
  help: 'Writes a line about the packet into the kernel log; the packet goes on to the next rule.',
  verdict: 'continue',
  options: {
    'log-level': option(syslogLevel, 'Level by number or name; warning if absent'),
    'log-prefix': option(logPrefix(29), 'Text in front of the line, up to 29 characters'),
    'log-tcp-sequence': flag('With TCP sequence numbers'),
    'log-tcp-options': flag('With TCP options'),
    'log-ip-options': flag('With IP options'),
    'log-uid': flag('With the user of the process that sent it'),
    'log-macdecode': flag('With the MAC header in readable form'),
  },
  parse: (uses): LogConfig => ({
    level: uses['log-level']?.value ?? WARNING,
    prefix: uses['log-prefix']?.value ?? '',
    tcpSequence: uses['log-tcp-sequence'] !== undefined,
    tcpOptions: uses['log-tcp-options'] !== undefined,
    ipOptions: uses['log-ip-options'] !== undefined,
    uid: uses['log-uid'] !== undefined,
    macDecode: uses['log-macdecode'] !== undefined,
  }),
  print: (c) => {
    let out = '';
    if (c.prefix !== '') out += ` --log-prefix${quoted(c.prefix)}`;
    if (c.level !== WARNING) out += ` --log-level ${c.level}`;
    if (c.tcpSequence) out += ' --log-tcp-sequence';
    if (c.tcpOptions) out += ' --log-tcp-options';
    if (c.ipOptions) out += ' --log-ip-options';
    if (c.uid) out += ' --log-uid';
    if (c.macDecode) out += ' --log-macdecode';
    return out;
  },
  list: (c, { numeric }) => {
    const prefixText = c.prefix === '' ? '' : ` prefix "${c.prefix}"`;
    if (numeric) {
      const flags = [c.tcpSequence, c.tcpOptions, c.ipOptions, c.uid, false, c.macDecode];
      const bits = flags.reduce((sum, on, i) => sum | (on ? 1 << i : 0), 0);
      return ` LOG flags ${bits} level ${c.level}${prefixText}`;
    }
    let out = ` LOG level ${LEVEL_NAMES[c.level]}`;
    if (c.tcpSequence) out += ' tcp-sequence';
    if (c.tcpOptions) out += ' tcp-options';
    if (c.ipOptions) out += ' ip-options';
    if (c.uid) out += ' uid';
    if (c.macDecode) out += ' macdecode';
    return out + prefixText;
  },
  // Kernel: log_tg(), net/netfilter/xt_LOG.c
  act: (c, action) => {
    const line = logText(action, c);
    action.env.port.emit(action.skb, { type: 'log', target: 'LOG', prefix: c.prefix, text: line, level: c.level });
    return 'continue';
  },
});
