import type { LabStep } from '../../src/engine';
import { DNS_QUERY, type Draft, EMPTY_DRAFT, HTTP_QUERY } from './draft';
import { payloadToText } from './payloadText';

const text = (value: number | string | undefined): string => (value === undefined ? '' : String(value));
const pair = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** A step as fields, so that it can be edited. */
export function draftOfStep(step: LabStep): Draft {
  const base: Draft = { ...EMPTY_DRAFT, base: step };
  if ('wait' in step) return { ...base, preset: 'wait', seconds: String(step.wait.seconds) };
  if ('run' in step) return { ...base, preset: 'command', host: step.run.host, command: step.run.command };
  if ('ping' in step) {
    const { host, to, src, ttl, count, size, id } = step.ping;
    const more = { src: text(src), ttl: text(ttl), count: text(count), size: text(size), icmpId: text(id) };
    return { ...base, preset: 'ping', host, to, ...more };
  }
  if ('connect' in step) {
    const { host, to, port, data, close, src, sport } = step.connect;
    const http = close === true && typeof data === 'string' && data.startsWith('GET ');
    const more = {
      src: text(src),
      sport: text(sport),
      payload: data === HTTP_QUERY && http ? '' : payloadToText(data),
      close: !http && close === true,
    };
    return { ...base, preset: http ? 'http' : 'tcp', host, to: pair(to, port), ...more };
  }
  if ('udp' in step) {
    const { host, to, port, data, src, sport } = step.udp;
    if (port !== 53 && data !== DNS_QUERY && data === undefined) {
      // A datagram without data is a packet of one's own: the DNS preset would put a question into it.
      return {
        ...base,
        preset: 'custom',
        protocol: 'udp',
        host,
        to: pair(to, port),
        src: text(src),
        sport: text(sport),
        base: null,
      };
    }
    const more = { src: text(src), sport: text(sport), payload: data === DNS_QUERY ? '' : payloadToText(data) };
    return { ...base, preset: 'dns', host, to: pair(to, port), ...more };
  }
  const where =
    'send' in step
      ? { host: step.send.host, interface: '' }
      : { host: step.receive.host, interface: step.receive.interface };
  const packet = 'send' in step ? step.send.packet : step.receive.packet;
  const { tcp, udp, fragment } = packet;
  const icmp = packet.icmp ?? packet.icmpv6;
  const ports = tcp ?? udp;
  return {
    ...base,
    ...where,
    preset: 'custom',
    to: ports === undefined ? packet.dst : pair(packet.dst, ports.dport),
    src: packet.src,
    ttl: text(packet.ttl),
    tos: text(packet.tos),
    id: text(packet.id),
    df: packet.df ?? fragment === undefined,
    protocol: tcp ? 'tcp' : udp ? 'udp' : packet.icmp ? 'icmp' : packet.icmpv6 ? 'icmpv6' : 'other',
    number: text(packet.protocol),
    sport: text(ports?.sport),
    flags: tcp === undefined ? 'S' : (tcp.flags ?? ''),
    seq: text(tcp?.seq),
    ack: text(tcp?.ack),
    window: text(tcp?.window),
    mss: text(tcp?.mss),
    payload: payloadToText(tcp?.payload ?? udp?.payload ?? icmp?.payload ?? packet.payload),
    type: text(icmp?.type ?? 8),
    code: text(icmp?.code ?? 0),
    icmpId: text(icmp?.id),
    icmpSeq: text(icmp?.seq),
    offset: text(fragment?.offset),
    length: text(fragment?.length),
    badChecksum: packet.badChecksum ?? false,
  };
}
