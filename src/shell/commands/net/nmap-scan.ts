import type { Host } from '../../../host';
import { type Addr, familyOf, type LabPacket } from '../../../wire';
import type { NetReply, Talk } from '../../net';
import { strerror } from './errno';
import type { Scan } from './nmap-options';
import { datagramFrom, echoReply, errorAbout, type IcmpError, segmentFrom } from './probe';
import { tcpOpen } from './tcp';

/** What was found of one port. */
export interface PortFound {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly state: 'open' | 'closed' | 'filtered' | 'open|filtered';
  /** `syn-ack`; and where it came from, ` ttl 62`. */
  readonly reason: string;
  readonly detail: string;
}

/** nmap draws a TTL from 37 to 59. */
const TTL = 48;

/** Sends nmap's probes at one host. */
export class Scanner {
  /** Seconds that it waited. */
  spent = 0;
  /** Something came back: then it does not wait as long for the rest. */
  answered = false;
  /** What went wrong where a probe was sent. */
  complaints = '';
  private sport = 0;
  private readonly host: Host;
  private readonly src: Addr;
  private readonly to: Addr;
  private readonly v4: boolean;
  private readonly id: number;

  constructor(host: Host, src: Addr, to: Addr) {
    this.host = host;
    this.src = src;
    this.to = to;
    this.v4 = familyOf(to) === 4;
    this.id = ((host.world.step ?? 0) % 0xffff) + 1;
  }

  private get head() {
    return { src: this.src, dst: this.to, ttl: TTL, ...(this.v4 ? { df: false } : {}) };
  }

  /** Each round of probes has a port of its own. */
  private takePort(protocol: 'tcp' | 'udp'): void {
    this.sport = this.host.freePort(protocol);
    this.host.ownPort(protocol, this.src, this.sport);
  }

  *wait(seconds: number): Talk<void> {
    yield { kind: 'wait', seconds };
    this.spent += seconds;
  }

  private *send(packet: LabPacket): Talk<NetReply> {
    return yield { kind: 'send', packet, mayFragment: true };
  }

  /** Is it there? Two rounds of an echo request, a SYN to 443, an ACK to 80, and of IPv4 a timestamp request. */
  *discover(): Talk<string | null> {
    for (const pause of [1, 2]) {
      const reasons: string[] = [];
      this.takePort('tcp');
      for (const probe of ['echo', 'syn', 'ack', 'timestamp'] as const) {
        const reason = yield* this.knock(probe);
        if (reason !== null) reasons.push(reason);
      }
      if (reasons.length > 0) {
        this.answered = true;
        return reasons[0]!;
      }
      yield* this.wait(pause);
    }
    return null;
  }

  private *knock(probe: 'echo' | 'syn' | 'ack' | 'timestamp'): Talk<string | null> {
    if (probe === 'syn' || probe === 'ack') {
      const dport = probe === 'syn' ? 443 : 80;
      const answer = yield* this.segment(dport, probe === 'syn' ? 'S' : 'A');
      return answer && answer.flags !== 0 ? `${answer.flags & 2 ? 'syn-ack' : 'reset'} ttl ${answer.ttl}` : null;
    }
    if (probe === 'echo') {
      const echo = { code: 0, id: this.id, seq: 0 };
      const packet = this.v4 ? { icmp: { type: 8, ...echo } } : { icmpv6: { type: 128, ...echo } };
      const { heard } = yield* this.send({ ...this.head, ...packet });
      const answer = echoReply(heard, this.id, 0);
      return answer && `echo-reply ttl ${answer.ttl}`;
    }
    if (!this.v4) return null;
    const id = this.id ^ 0x5555;
    const { heard } = yield* this.send({
      ...this.head,
      icmp: { type: 13, code: 0, id, seq: 0, payload: { repeat: '\0', count: 12 } },
    });
    const answer = heard.find(({ packet }) => packet.icmp?.type === 14 && packet.icmp.id === id);
    return answer ? `timestamp-reply ttl ${answer.packet.ttl}` : null;
  }

  /** One TCP segment and what answers it. An answer to a SYN is reset by the kernel, which knows of no socket. */
  private *segment(dport: number, flags: 'S' | 'A') {
    const { sport } = this;
    const tcp = { sport, dport, flags, window: 1024, ...(flags === 'S' ? { mss: 1460 } : {}) };
    const reply = yield* this.send({ ...this.head, tcp });
    if (reply.error !== null) {
      const offending = `TCP ${this.src}:${sport} > ${this.to}:${dport} ${flags} ttl=${TTL} id=0 iplen=44  seq=1000 win=1024 <mss 1460>`;
      const where = `sendto in send_ip_packet_sd: sendto(3, packet, 44, 0, ${this.to}, 16)`;
      this.complaints += `${where} => ${strerror(reply.error)}\nOffending packet: ${offending}\n`;
    }
    const answer = segmentFrom(reply.heard, this.to, dport, sport);
    const error = errorAbout(reply.heard, { dst: this.to, protocol: 6, sport, dport });
    if (answer?.tcp && answer.tcp.flags & 2) {
      yield* this.send({ src: this.src, dst: this.to, tcp: { sport, dport, flags: 'R' } });
    }
    return answer?.tcp ? { flags: answer.tcp.flags, ttl: answer.ttl, error } : error && { flags: 0, ttl: 0, error };
  }

  /** All ports of one scan; what does not answer is asked once more. */
  *ports(scan: Scan, ports: readonly number[]): Talk<readonly PortFound[]> {
    const found = new Map<number, PortFound>();
    for (let round = 0; round < 2; round++) {
      const left = ports.filter((p) => !found.has(p));
      if (left.length === 0) break;
      if (scan !== 'connect') this.takePort(scan === 'udp' ? 'udp' : 'tcp');
      for (const port of left) {
        const one = yield* this.port(scan, port);
        if (one) found.set(port, one);
        this.answered ||= one !== null;
      }
      if (found.size < ports.length) yield* this.wait(round === 0 || !this.answered ? 1 : 0.1);
    }
    const protocol = scan === 'udp' ? 'udp' : 'tcp';
    const state = scan === 'udp' ? 'open|filtered' : 'filtered';
    return ports.map((port) => found.get(port) ?? { port, protocol, state, reason: 'no-response', detail: '' });
  }

  private *port(scan: Scan, port: number): Talk<PortFound | null> {
    if (scan === 'connect') return yield* this.connect(port);
    if (scan === 'udp') return yield* this.datagram(port);
    const answer = yield* this.segment(port, 'S');
    if (!answer) return null;
    if (answer.flags === 0) return this.byError('tcp', port, answer.error!, 'filtered');
    const open = (answer.flags & 2) !== 0;
    const reason = open ? 'syn-ack' : 'reset';
    return { port, protocol: 'tcp', state: open ? 'open' : 'closed', reason, detail: ` ttl ${answer.ttl}` };
  }

  private *connect(port: number): Talk<PortFound | null> {
    const opened = yield* tcpOpen(this.host, this.to, port);
    if (opened.kind === 'silent') return null;
    const head = { port, protocol: 'tcp', detail: '' } as const;
    if (opened.kind === 'open') {
      // Its sockets do not linger: they are closed with a reset.
      const { src, sport, ack } = opened;
      yield { kind: 'send', packet: { src, dst: this.to, tcp: { sport, dport: port, flags: 'RA', ack } } };
      return { ...head, state: 'open', reason: 'syn-ack' };
    }
    if (opened.errno === 'ECONNREFUSED') return { ...head, state: 'closed', reason: 'conn-refused' };
    const reasons: Readonly<Record<string, string>> = {
      EHOSTUNREACH: 'host-unreach',
      ENETUNREACH: 'net-unreach',
      EACCES: 'admin-prohibited',
      ENOPROTOOPT: 'proto-unreach',
    };
    return { ...head, state: 'filtered', reason: reasons[opened.errno] ?? 'no-response' };
  }

  private *datagram(port: number): Talk<PortFound | null> {
    const { sport } = this;
    for (const payload of port === 53 ? DNS_PAYLOADS : ['']) {
      const { heard } = yield* this.send({ ...this.head, udp: { sport, dport: port, payload } });
      const answer = datagramFrom(heard, this.to, port, sport);
      if (answer) return { port, protocol: 'udp', state: 'open', reason: 'udp-response', detail: ` ttl ${answer.ttl}` };
      const error = errorAbout(heard, { dst: this.to, protocol: 17, sport, dport: port });
      const closed = error !== null && error.from === this.to && nameOfError(error) === 'port-unreach';
      if (error) return this.byError('udp', port, error, closed ? 'closed' : 'filtered');
    }
    return null;
  }

  private byError(protocol: 'tcp' | 'udp', port: number, error: IcmpError, state: 'closed' | 'filtered'): PortFound {
    const from = error.from === this.to ? '' : ` from ${error.from}`;
    return { port, protocol, state, reason: nameOfError(error), detail: `${from} ttl ${error.ttl}` };
  }
}

/** What it asks a name server: its status, and its version. */
const DNS_PAYLOADS = ['\0\0\x10\0\0\0\0\0\0\0\0\0', '\0\x06\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03'];

const ERRORS4 = ['net', 'host', 'proto', 'port', '', '', 'net', 'host', '', '', '', '', '', ''].map(
  (n) => `${n}-unreach`,
);
const PROHIBITED: Readonly<Record<number, string>> = {
  9: 'net-prohibited',
  10: 'host-prohibited',
  13: 'admin-prohibited',
};
const ERRORS6 = [
  'no-route',
  'admin-prohibited',
  'beyond-scope',
  'host-unreach',
  'port-unreach',
  'ingress-policy',
  'reject-route',
];

function nameOfError({ family, type, code }: IcmpError): string {
  if (family === 6) return type === 1 ? (ERRORS6[code] ?? 'unknown') : type === 3 ? 'time-exceeded' : 'unknown';
  if (type === 11) return 'time-exceeded';
  return PROHIBITED[code] ?? ERRORS4[code] ?? 'unknown';
}
