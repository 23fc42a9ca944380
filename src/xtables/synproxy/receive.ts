import type { Skb } from '../../model';
import { checkCookie } from './cookie';
import { fromTimestampCookie, type SynproxyOptions } from './options';
import { sendClientSynAck, sendServerSyn } from './segments';
import { type ProxyHost, synproxyStats } from './stats';

/** A client asks: it gets a cookie, and nothing is kept. `mss`: what it offers, 0 if nothing. */
export function recvClientSyn(host: ProxyHost, syn: Skb, options: SynproxyOptions, mss: number): void {
  synproxyStats(host).synReceived++;
  host.port.emit(syn, { type: 'note', note: 'synproxy-cookie' });
  sendClientSynAck(host, syn, options, mss);
}

/** A client brings a cookie back; false if it is none of this host's. Kernel: synproxy_recv_client_ack() */
export function recvClientAck(host: ProxyHost, ack: Skb, options: SynproxyOptions, seq: number): boolean {
  const mss = checkCookie(host, ack.packet);
  const stats = synproxyStats(host);
  if (mss === null) {
    stats.cookieInvalid++;
    host.port.emit(ack, { type: 'note', note: 'synproxy-no-cookie' });
    return false;
  }
  stats.cookieValid++;
  host.port.emit(ack, { type: 'note', note: 'synproxy-cookie-back', params: { mss } });
  sendServerSyn(host, ack, { ...fromTimestampCookie(options), mss }, seq);
  return true;
}
