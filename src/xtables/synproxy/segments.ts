import { largestWindow, synproxyTemplate } from '../../conntrack';
import type { SendOptions, Skb } from '../../model';
import { type MakeTcp, makeTcp, TCP_ACK, TCP_CWR, TCP_ECE, TCP_SYN, type TcpOptions } from '../../wire';
import { makeCookie } from './cookie';
import type { SynproxyOptions } from './options';
import type { ProxyHost } from './stats';

/** The segments that a SYN proxy makes. Kernel: net/netfilter/nf_synproxy_core.c */

type Fields = Pick<MakeTcp, 'flags' | 'seq' | 'ack' | 'window'>;

/** `back`: to who sent `skb`. */
function send(
  host: ProxyHost,
  skb: Skb,
  back: boolean,
  fields: Fields,
  options: SynproxyOptions,
  how: SendOptions,
): void {
  const { packet } = skb;
  const { src, dst, tcp, family } = packet;
  const hops = family === 4 ? 'net.ipv4.ip_default_ttl' : 'net.ipv6.conf.all.hop_limit';
  const made = makeTcp({
    ...fields,
    src: back ? dst : src,
    dst: back ? src : dst,
    sport: back ? tcp!.dport : tcp!.sport,
    dport: back ? tcp!.sport : tcp!.dport,
    ttl: Number(host.port.sysctl(hops) ?? 64),
    options: optionsOf(options),
  });
  host.port.sendLocal(made, skb, 'synproxy', { ...how, asIs: true });
}

function optionsOf({ mss, wscale, sackPermitted, timestamps }: SynproxyOptions): TcpOptions {
  return {
    sackPermitted,
    ...(mss === null ? null : { mss }),
    ...(wscale === null ? null : { wscale }),
    ...(timestamps === null ? null : { timestamps }),
  };
}

/** It belongs to the flow of `skb`, as a reply. */
function asReply({ ct }: Skb): SendOptions {
  return ct === null ? {} : { flow: { ct, ctinfo: 'ESTABLISHED_REPLY' } };
}

/** Answers a SYN in the place of the server; window 0 holds the client's data back. Kernel: synproxy_send_client_synack() */
export function sendClientSynAck(host: ProxyHost, syn: Skb, options: SynproxyOptions, mss: number): void {
  const { seq } = syn.packet.tcp!;
  const fields = {
    flags: TCP_SYN | TCP_ACK | (options.ecn ? TCP_ECE : 0),
    seq: makeCookie(host, syn.packet, mss),
    ack: (seq + 1) >>> 0,
    window: 0,
  };
  send(host, syn, true, fields, options, asReply(syn));
}

/** Opens the connection to the server, with the number that the client began with. Kernel: synproxy_send_server_syn() */
export function sendServerSyn(host: ProxyHost, ack: Skb, options: SynproxyOptions, seq: number): void {
  const { tcp } = ack.packet;
  const fields = {
    flags: TCP_SYN | (options.ecn ? TCP_ECE | TCP_CWR : 0),
    seq: (seq - 1) >>> 0,
    // Acknowledges nothing, for there is no flag: the hook function reads from it what the client was answered with.
    ack: (tcp!.ack - 1) >>> 0,
    window: tcp!.window,
  };
  send(host, ack, false, fields, options, { flow: { template: synproxyTemplate } });
}

/** Kernel: synproxy_send_server_ack() */
export function sendServerAck(host: ProxyHost, synAck: Skb, options: SynproxyOptions): void {
  const { seq, ack } = synAck.packet.tcp!;
  const window = largestWindow(synAck.ct!, 0) & 0xffff;
  send(host, synAck, true, { flags: TCP_ACK, seq: ack, ack: (seq + 1) >>> 0, window }, options, {});
}

/** Opens the window that the client was shut with. Kernel: synproxy_send_client_ack() */
export function sendClientAck(host: ProxyHost, synAck: Skb, options: SynproxyOptions, wscale: number): void {
  const { seq, ack, window } = synAck.packet.tcp!;
  const fields = { flags: TCP_ACK, seq: (seq + 1) >>> 0, ack, window: window >> wscale };
  send(host, synAck, false, fields, options, asReply(synAck));
}
