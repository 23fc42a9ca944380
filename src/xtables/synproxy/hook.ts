import { dirOf, type Synproxy, seqadjInit, synproxyChanged, synproxyOf } from '../../conntrack';
import { type Conn, type HookAnswer, type HookState, PRIORITY, type Skb } from '../../model';
import { IPPROTO, putU32, TCP_ACK, TCP_RST, TCP_SYN, tcpTimestampAt, u32, withTransportBytes } from '../../wire';
import type { ExtensionHook, HookHost } from '../record';
import { parseOptions, type SynproxyOptions } from './options';
import { recvClientAck } from './receive';
import { sendClientAck, sendServerAck } from './segments';
import { type ProxyHost, synproxyStats } from './stats';

/** What is registered as long as there is a rule with SYNPROXY. Kernel: ipv4_synproxy_ops, ipv6_synproxy_ops */
export const SYNPROXY_HOOKS: readonly ExtensionHook[] = (['INPUT', 'POSTROUTING'] as const).map((hook) =>
  Object.freeze({
    name: 'synproxy',
    hook,
    priority: PRIORITY.confirm - 1,
    subsystem: 'synproxy' as const,
    fn: synproxyHook,
  }),
);

/**
 * Looks at every packet of a connection that the proxy answered for: takes the server's answer for itself, and makes the
 * two halves fit each other. Kernel: ipv4_synproxy_hook(), ipv6_synproxy_hook(), net/netfilter/nf_synproxy_core.c
 */
function synproxyHook(port: HookHost, skb: Skb, state: HookState): HookAnswer {
  const host = { port, ct: port.ct };
  const { ct, packet } = skb;
  const proxy = ct === null ? null : synproxyOf(ct);
  const fromLo = state.hook === 'INPUT' && skb.iif === 'lo';
  if (ct === null || proxy === null || fromLo || packet.protocol !== IPPROTO.tcp) return 'accept';
  const { tcp } = packet;
  if (tcp === undefined) return 'drop';
  const original = dirOf(skb.ctinfo) === 0;
  const has = (flag: number): boolean => (tcp.flags & flag) !== 0;
  switch (ct.proto.state) {
    case 'CLOSE':
      if (has(TCP_RST) && !original) {
        port.emit(skb, { type: 'note', note: 'synproxy-refused' });
        seqadjInit(ct, skb.ctinfo, (proxy.isn - tcp.seq + 1) | 0);
        break;
      }
      if (!has(TCP_SYN) || has(TCP_ACK) || !original) break;
      proxy.tsoff = 0;
      synproxyStats(host).connReopened++;
      return beforeAnswer(host, skb, ct, proxy, original);
    case 'SYN_SENT':
      return beforeAnswer(host, skb, ct, proxy, original);
    case 'SYN_RECV':
      if (has(TCP_SYN) && has(TCP_ACK)) return serverAnswered(host, skb, ct, proxy);
  }
  return adjustTimestamp(skb, proxy, original);
}

/** The server was not heard of yet: the SYN to it, or a client that asks what became of its ACK. */
function beforeAnswer(host: ProxyHost, skb: Skb, ct: Conn, proxy: Synproxy, original: boolean): HookAnswer {
  const options = parseOptions(skb.packet);
  if (options === null) return 'drop';
  const { flags, seq, ack } = skb.packet.tcp!;
  if ((flags & TCP_SYN) === 0 && (flags & TCP_ACK) !== 0 && original) {
    if (!recvClientAck(host, skb, options, (seq + 1) >>> 0)) return 'drop';
    synproxyStats(host).cookieRetrans++;
    return 'stolen';
  }
  proxy.isn = ack;
  if (options.timestamps !== null) proxy.its = options.timestamps.echo;
  synproxyChanged(ct, 'synproxy');
  host.port.emit(skb, { type: 'note', note: 'synproxy-remembers', params: { isn: ack } });
  return adjustTimestamp(skb, proxy, original);
}

/** The server has answered: both sides get an ACK, and the answer itself ends here. */
function serverAnswered(host: ProxyHost, skb: Skb, ct: Conn, proxy: Synproxy): HookAnswer {
  const options = parseOptions(skb.packet);
  if (options === null) return 'drop';
  const { seq } = skb.packet.tcp!;
  const { timestamps } = options;
  if (timestamps !== null) {
    proxy.tsoff = (timestamps.value - proxy.its) | 0;
    synproxyChanged(ct, 'synproxy');
  }
  const told: SynproxyOptions = { ...options, mss: null, wscale: null, sackPermitted: false };
  const swapped = timestamps === null ? null : { value: timestamps.echo, echo: timestamps.value };
  host.port.emit(skb, {
    type: 'note',
    note: 'synproxy-answered',
    params: { server: seq, client: proxy.isn, offset: (proxy.isn - seq) | 0 },
  });
  sendServerAck(host, skb, { ...told, timestamps: swapped });
  seqadjInit(ct, skb.ctinfo, (proxy.isn - seq) | 0);
  synproxyChanged(ct, 'natseqinfo');
  sendClientAck(host, skb, told, options.wscale ?? 0);
  return 'stolen';
}

/** The timestamps of one side become those that the other side knows. Kernel: synproxy_tstamp_adjust() */
function adjustTimestamp(skb: Skb, { tsoff }: Synproxy, original: boolean): HookAnswer {
  const at = tsoff === 0 ? null : tcpTimestampAt(skb.packet);
  if (at === null) return 'accept';
  const place = at + (original ? 6 : 2);
  const value = new Uint8Array(4);
  putU32(value, 0, (u32(skb.packet.bytes, place) + (original ? tsoff : -tsoff)) >>> 0);
  skb.packet = withTransportBytes(skb.packet, place, value);
  return 'accept';
}
