import { uint } from '../read/kinds';
import { defineTarget, flag, option } from '../record';

interface SynproxyConfig {
  readonly sackPerm: boolean;
  readonly timestamp: boolean;
  readonly wscale: number | null;
  readonly mss: number | null;
  readonly ecn: boolean;
}

/** Kernel: synproxy_tg4(), net/ipv4/netfilter/ipt_SYNPROXY.c. Not modelled: it answers in the place of the server. */
export const SYNPROXY = defineTarget({
  name: 'SYNPROXY',
  title: 'Handshake by proxy',
  help: 'Answers a SYN with a cookie in the place of the server, and passes on only connections that come back with it.',
  verdict: 'stolen',
  hooks: ['INPUT', 'FORWARD'],
  protocols: [6],
  conntrack: true,
  options: {
    'sack-perm': flag('The server understands selective acknowledgements'),
    timestamp: flag('The server understands timestamps'),
    wscale: option(uint(32), "The server's window scale"),
    mss: option(uint(32), "The server's largest segment size"),
    ecn: flag('The server understands ECN'),
  },
  parse: (uses): SynproxyConfig => ({
    sackPerm: uses['sack-perm'] !== undefined,
    timestamp: uses.timestamp !== undefined,
    wscale: uses.wscale === undefined ? null : uses.wscale.value & 255,
    mss: uses.mss === undefined ? null : uses.mss.value & 65535,
    ecn: uses.ecn !== undefined,
  }),
  print: (c) => words(c).reduce((text, word) => `${text} --${word}`, ''),
  list: (c) => ` SYNPROXY ${words(c).reduce((text, word) => `${text}${word} `, '')}`,
});

function words(c: SynproxyConfig): string[] {
  const found: string[] = [];
  if (c.sackPerm) found.push('sack-perm');
  if (c.timestamp) found.push('timestamp');
  if (c.wscale !== null) found.push(`wscale ${c.wscale}`);
  if (c.mss !== null) found.push(`mss ${c.mss}`);
  if (c.ecn) found.push('ecn');
  return found;
}
