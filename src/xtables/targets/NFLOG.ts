import { quoted } from '../print/rule';
import { uint } from '../read/kinds';
import { defineTarget, option } from '../record';
import { logPrefix } from './log-prefix';
import { logText } from './log-text';

interface NflogConfig {
  readonly group: number;
  readonly prefix: string;
  readonly size: { readonly bytes: number; readonly old: boolean } | null;
  readonly threshold: number;
}

const NO_FLAGS = { tcpSequence: false, tcpOptions: false, ipOptions: false, uid: false, macDecode: false };

export const NFLOG = defineTarget({
  name: 'NFLOG',
  title: 'Log to a program',
  help: 'Hands a copy of the packet to a logging program; the packet goes on to the next rule.',
  verdict: 'continue',
  options: {
    'nflog-group': option(uint(16), 'Group that the program listens to'),
    'nflog-prefix': option(logPrefix(63), 'Text that goes with the packet, up to 63 characters'),
    'nflog-range': option(uint(32), 'Without effect; see --nflog-size', {
      excludes: ['nflog-size'],
      remark: 'warn: --nflog-range has never worked and is no longer supported, please use --nflog-size instead',
    }),
    'nflog-size': option(uint(32), 'Bytes of the packet that are handed on', { excludes: ['nflog-range'] }),
    'nflog-threshold': option(uint(16), 'Packets that are collected before the program is told'),
  },
  parse: (uses): NflogConfig => {
    const size = uses['nflog-size']?.value;
    const range = uses['nflog-range']?.value;
    return {
      group: uses['nflog-group']?.value ?? 0,
      prefix: uses['nflog-prefix']?.value ?? '',
      size: size !== undefined ? { bytes: size, old: false } : range ? { bytes: range, old: true } : null,
      threshold: uses['nflog-threshold']?.value ?? 0,
    };
  },
  print: (c) => nflogText(c, '--'),
  list: (c) => nflogText(c, ''),
  // Kernel: nflog_tg(), net/netfilter/xt_NFLOG.c
  act: (c, action) => {
    const line = logText(action, NO_FLAGS);
    action.env.port.emit(action.skb, { type: 'log', target: 'NFLOG', prefix: c.prefix, text: line, level: 5 });
    return 'continue';
  },
});

function nflogText(c: NflogConfig, lead: string): string {
  let out = '';
  if (c.prefix !== '') out += ` ${lead}nflog-prefix${quoted(c.prefix)}`;
  if (c.group !== 0) out += ` ${lead}nflog-group ${c.group}`;
  if (c.size !== null) out += ` ${lead}nflog-${c.size.old ? 'range' : 'size'} ${c.size.bytes}`;
  if (c.threshold !== 0) out += ` ${lead}nflog-threshold ${c.threshold}`;
  return out;
}
