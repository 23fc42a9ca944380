import {
  type Addr,
  latin1Bytes,
  latin1Text,
  makeTcp,
  type Packet,
  payloadOf,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
} from '../../wire';
import type { ClientPhase } from '../types';
import { segmentLength } from './output';
import { add32, after, before } from './types';

/** What a client is to do. */
interface ClientOptions {
  readonly src: Addr;
  readonly dst: Addr;
  readonly sport: number;
  readonly dport: number;
  readonly data: string;
  readonly close: boolean;
  readonly mss: number;
}

/**
 * The client side of one TCP connection. It answers nothing by itself: what it has to say next is asked for when all is
 * quiet, so that each of its segments is a plain send. Nothing is repeated.
 */
export class TcpClient {
  options: ClientOptions;
  phase: ClientPhase = 'connecting';
  private syn: 'unsent' | 'sent' | 'acked' = 'unsent';
  private sndNxt = FIRST_SEQ;
  private sndUna = FIRST_SEQ;
  private rcvNxt = 0;
  private ackDue = false;
  /** Characters of the data that were sent. */
  private sent = 0;
  /** What the other side takes in one segment. */
  private peerMss = 536;
  private finSent = false;
  private finSeen = false;
  private readonly got: string[] = [];

  constructor(options: ClientOptions) {
    this.options = options;
  }

  received(): string {
    return this.got.join('');
  }

  /** A segment reached it. */
  receive(packet: Packet): void {
    const { tcp } = packet;
    if (!tcp || packet.src !== this.options.dst || tcp.sport !== this.options.dport || this.isOver()) return;
    if (this.syn !== 'acked') this.receiveSynAck(packet);
    else this.receiveLater(packet);
  }

  private receiveSynAck(packet: Packet): void {
    const tcp = packet.tcp!;
    const acks = (tcp.flags & TCP_ACK) !== 0 && tcp.ack === this.sndNxt;
    if ((tcp.flags & TCP_RST) !== 0) {
      if (acks) this.phase = 'refused';
      return;
    }
    if ((tcp.flags & (TCP_SYN | TCP_ACK)) !== (TCP_SYN | TCP_ACK) || !acks) return;
    this.syn = 'acked';
    this.peerMss = tcp.mss ?? 536;
    this.sndUna = tcp.ack;
    this.rcvNxt = add32(tcp.seq, 1);
    this.ackDue = true;
    this.phase = 'connected';
  }

  private receiveLater(packet: Packet): void {
    const tcp = packet.tcp!;
    if ((tcp.flags & TCP_RST) !== 0) {
      if (tcp.seq === this.rcvNxt) this.phase = 'reset';
      return;
    }
    if ((tcp.flags & TCP_ACK) !== 0 && !before(tcp.ack, this.sndUna) && !after(tcp.ack, this.sndNxt))
      this.sndUna = tcp.ack;
    if (segmentLength(packet) === 0) {
      this.closeIfDone();
      return;
    }
    this.ackDue = true;
    if (tcp.seq !== this.rcvNxt) return;
    const data = payloadOf(packet);
    if (data.length > 0) {
      this.got.push(latin1Text(data));
      this.phase = 'answered';
    }
    if ((tcp.flags & TCP_FIN) !== 0) this.finSeen = true;
    this.rcvNxt = add32(tcp.seq, segmentLength(packet));
  }

  private closeIfDone(): void {
    if (this.finSent && this.finSeen && this.sndUna === this.sndNxt) this.phase = 'closed';
  }

  private isOver(): boolean {
    return this.phase === 'refused' || this.phase === 'reset' || this.phase === 'unreachable';
  }

  /** The program says something more, or closes. */
  say(data: string, close: boolean): void {
    this.options = { ...this.options, data, close };
    this.sent = 0;
  }

  /** An ICMP error says that there is no way. */
  unreachable(): void {
    if (this.phase === 'connecting') this.phase = 'unreachable';
  }

  /** What it sends now; null if it waits for something that does not come, or is done. */
  next(): Packet | null {
    if (this.isOver()) return null;
    if (this.syn === 'unsent') {
      this.syn = 'sent';
      return this.segment(TCP_SYN, '');
    }
    if (this.syn !== 'acked') return null;
    if (this.ackDue) {
      this.ackDue = false;
      const ack = this.segment(TCP_ACK, '');
      this.closeIfDone();
      return ack;
    }
    // Data that was not acknowledged would be repeated, not followed by more or by a FIN.
    const quiet = this.sndUna === this.sndNxt;
    const { data, mss } = this.options;
    if (this.sent < data.length && (this.sent === 0 || quiet)) {
      const piece = data.slice(this.sent, this.sent + Math.min(mss, this.peerMss));
      this.sent += piece.length;
      return this.segment(this.sent < data.length ? TCP_ACK : TCP_PSH | TCP_ACK, piece);
    }
    if ((this.options.close || this.finSeen) && !this.finSent && quiet) {
      this.finSent = true;
      return this.segment(TCP_FIN | TCP_ACK, '');
    }
    return null;
  }

  private segment(flags: number, data: string): Packet {
    const { src, dst, sport, dport, mss } = this.options;
    const syn = (flags & TCP_SYN) !== 0;
    const packet = makeTcp({
      src,
      dst,
      sport,
      dport,
      flags,
      seq: this.sndNxt,
      ack: this.rcvNxt,
      window: 64240,
      payload: latin1Bytes(data),
      ...(syn ? { options: { mss } } : null),
    });
    this.sndNxt = add32(this.sndNxt, segmentLength(packet));
    return packet;
  }
}

/** As the first packet of a conversation in a lab has it. */
const FIRST_SEQ = 1000;
