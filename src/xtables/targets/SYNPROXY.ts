import { MILLISECOND } from '../../base';
import { checksumHolds, type Skb } from '../../model';
import { TCP_ACK, TCP_CWR, TCP_ECE, TCP_FIN, TCP_RST, TCP_SYN } from '../../wire';
import { uint } from '../read/kinds';
import { defineTarget, flag, option, type TargetAnswer, type XtAction } from '../record';
import { SYNPROXY_HOOKS } from '../synproxy/hook';
import { parseOptions, type SynproxyOptions, timestampCookie } from '../synproxy/options';
import { recvClientAck, recvClientSyn } from '../synproxy/receive';
import type { XtEnv } from '../types';

const ECN = TCP_ECE | TCP_CWR;

interface SynproxyConfig {
  readonly sackPerm: boolean;
  readonly timestamp: boolean;
  readonly wscale: number | null;
  readonly mss: number | null;
  readonly ecn: boolean;
}

export const SYNPROXY = defineTarget({
  name: 'SYNPROXY',
  title: 'Handshake by proxy',
  help: 'Answers a SYN with a cookie in the place of the server, and passes on only connections that come back with it.',
  verdict: 'stolen',
  hooks: ['INPUT', 'FORWARD'],
  protocols: [6],
  conntrack: true,
  functions: SYNPROXY_HOOKS,
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
  act: actSynproxy,
});

/** Kernel: synproxy_tg4(), net/ipv4/netfilter/ipt_SYNPROXY.c; synproxy_tg6() */
function actSynproxy(c: SynproxyConfig, { skb, env }: XtAction): TargetAnswer {
  const host = { port: env.port, ct: env.ct! };
  const { tcp } = skb.packet;
  const options = tcp !== undefined && checksumHolds(skb) ? parseOptions(skb.packet) : null;
  if (tcp === undefined || options === null) {
    env.port.emit(skb, { type: 'note', note: 'synproxy-broken' });
    return 'drop';
  }
  const flags = tcp.flags & (TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST);
  if (flags === TCP_SYN) {
    recvClientSyn(host, skb, offered(c, skb, env, options), options.mss ?? 0);
    return 'stolen';
  }
  if (flags === TCP_ACK) return recvClientAck(host, skb, options, tcp.seq) ? 'stolen' : 'drop';
  env.port.emit(skb, { type: 'note', note: 'synproxy-passes' });
  return 'continue';
}

/** What is offered to a client: what it asks for and the rule says of the server; without timestamps no more than the MSS. */
function offered(c: SynproxyConfig, { packet }: Skb, { port }: XtEnv, asked: SynproxyOptions): SynproxyOptions {
  const mss = asked.mss === null ? null : c.mss;
  if (asked.timestamps === null || !c.timestamp) {
    return { mss, wscale: null, sackPermitted: false, timestamps: null, ecn: false };
  }
  const both = {
    mss,
    wscale: c.wscale === null ? null : asked.wscale,
    sackPermitted: c.sackPerm && asked.sackPermitted,
    ecn: c.ecn && (packet.tcp!.flags & ECN) === ECN,
    timestamps: asked.timestamps,
  };
  const value = timestampCookie(both, Math.floor(port.now() / MILLISECOND));
  return {
    ...both,
    wscale: both.wscale === null ? null : c.wscale,
    timestamps: { value, echo: asked.timestamps.value },
  };
}

function words(c: SynproxyConfig): string[] {
  const found: string[] = [];
  if (c.sackPerm) found.push('sack-perm');
  if (c.timestamp) found.push('timestamp');
  if (c.wscale !== null) found.push(`wscale ${c.wscale}`);
  if (c.mss !== null) found.push(`mss ${c.mss}`);
  if (c.ecn) found.push('ecn');
  return found;
}
