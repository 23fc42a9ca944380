import { familyOf, type LabPacket } from '../../../wire';
import type { NetReply, Talk } from '../../net';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { type SocketErrno, strerror } from './errno';
import { anyOwn, nameOf } from './names';
import { Printer } from './output';
import { datagramFrom, echoReply, errorAbout, type IcmpError, segmentFrom } from './probe';
import { readTraceroute, type TracerouteOptions } from './traceroute-options';

/** Modern traceroute 2.1.2. It sends what it may send at once, as -N says; but each answer is there before the next probe. */
export const traceroute: TalkCommand = {
  names: ['traceroute', 'traceroute6'],
  help: 'Shows the way to a host, hop by hop',
  talk: runTraceroute,
};

/** One probe: when it was sent, and what came back. */
interface Probe {
  sentAt: number | null;
  done: boolean;
  from: string | null;
  note: string;
  final: boolean;
}

function* runTraceroute(input: CommandInput): Talk<CommandOutput> {
  const options = readTraceroute(input);
  if ('output' in options) return options.output;
  const run = new Trace(input, options);
  const errno = yield* run.all();
  return run.end(errno);
}

class Trace {
  private readonly probes: Probe[];
  /** One past the last probe that counts. */
  private last: number;
  /** Seconds since it began. */
  private now = 0;
  private readonly input: CommandInput;
  private readonly options: TracerouteOptions;
  private readonly src: string;
  private readonly noRoute: SocketErrno | null;
  private readonly id: number;
  private readonly v4: boolean;

  constructor(input: CommandInput, options: TracerouteOptions) {
    const { host } = input;
    const way = host.sourceFor(options.to);
    this.input = input;
    this.options = options;
    this.v4 = familyOf(options.to) === 4;
    this.src = options.src ?? (way.ok ? way.src : anyOwn(host, familyOf(options.to)));
    this.noRoute = way.ok ? null : way.errno;
    this.id = ((host.world.step ?? 0) % 0xffff) + 1;
    this.last = options.hops * options.queries;
    const fresh = (): Probe => ({ sentAt: null, done: false, from: null, note: '', final: false });
    this.probes = Array.from({ length: this.last }, fresh);
  }

  private get begin(): number {
    return (this.options.first - 1) * this.options.queries;
  }

  /** Sends all probes and waits for their answers; or why it could not. */
  *all(): Talk<SocketErrno | null> {
    for (;;) {
      const errno = yield* this.sendAll();
      if (errno !== null) return errno;
      const pending = this.pending();
      if (pending.length === 0 && this.unsent() === null) return null;
      const due = Math.min(...pending.map((n) => this.probes[n]!.sentAt! + this.patience(n)));
      if (due > this.now) {
        yield { kind: 'wait', seconds: due - this.now };
        this.now = due;
      }
      for (const n of pending) if (this.probes[n]!.sentAt! + this.patience(n) <= this.now) this.probes[n]!.done = true;
    }
  }

  /** As many as may be under way at once. */
  private *sendAll(): Talk<SocketErrno | null> {
    for (let n = this.unsent(); n !== null; n = this.unsent()) {
      if (this.pending().length >= this.options.simultaneous) return null;
      this.probes[n]!.sentAt = this.now;
      const errno = yield* this.send(n);
      if (errno !== null) return errno;
    }
    return null;
  }

  private pending(): readonly number[] {
    const out: number[] = [];
    for (let n = this.begin; n < this.last; n++) {
      const { sentAt, done } = this.probes[n]!;
      if (sentAt !== null && !done) out.push(n);
    }
    return out;
  }

  private unsent(): number | null {
    for (let n = this.begin; n < this.last; n++) if (this.probes[n]!.sentAt === null) return n;
    return null;
  }

  /** How long a probe is waited for: no time at all, if its hop or a later one answered, as that took none. traceroute: get_timeout() */
  private patience(n: number): number {
    const hop = Math.floor(n / this.options.queries) * this.options.queries;
    const answered = this.probes.some((p, i) => i >= hop && i < this.last && p.from !== null);
    return answered ? 0 : this.options.wait[0];
  }

  private *send(n: number): Talk<SocketErrno | null> {
    const { host } = this.input;
    const { method, queries, to, port, dontFragment, tos, length } = this.options;
    const head = {
      src: this.src,
      dst: to,
      ttl: Math.floor(n / queries) + 1,
      ...(tos === 0 ? {} : { tos }),
      ...(this.v4 && !dontFragment ? { df: false } : {}),
    };
    const payload = filler(length - (this.v4 ? 28 : 48));
    if (method === 'icmp') {
      const seq = (port + n - this.begin) & 0xffff;
      const echo = { code: 0, id: this.id, seq, payload };
      const packet = this.v4 ? { ...head, icmp: { type: 8, ...echo } } : { ...head, icmpv6: { type: 128, ...echo } };
      const reply = yield* this.out(packet);
      const error = errorAbout(reply.heard, { dst: to, protocol: this.v4 ? 1 : 58, id: this.id, seq });
      return this.take(n, reply, error, echoReply(reply.heard, this.id, seq)?.src ?? null);
    }
    const sport = host.freePort(method);
    host.ownPort(method, this.src, sport);
    if (method === 'udp') {
      const dport = (port + n - this.begin) & 0xffff;
      const reply = yield* this.out({ ...head, udp: { sport, dport, payload } });
      const error = errorAbout(reply.heard, { dst: to, protocol: 17, sport, dport });
      return this.take(n, reply, error, datagramFrom(reply.heard, to, dport, sport)?.src ?? null);
    }
    const syn = { sport, dport: port, flags: 'S', mss: 1460, sackPermitted: true, wscale: 2 };
    const reply = yield* this.out({ ...head, tcp: syn });
    const error = errorAbout(reply.heard, { dst: to, protocol: 6, sport, dport: port });
    const answer = segmentFrom(reply.heard, to, port, sport);
    // No socket is there for an answer, so the kernel resets it.
    const reset = { src: this.src, dst: to, tcp: { sport, dport: port, flags: 'R' } };
    if (answer && !(answer.tcp!.flags & 4)) yield { kind: 'send', packet: reset };
    return this.take(n, reply, error, answer?.src ?? null);
  }

  private *out(packet: LabPacket): Talk<NetReply> {
    return yield { kind: 'send', packet, mayFragment: true };
  }

  private take(n: number, reply: NetReply, error: IcmpError | null, answered: string | null): SocketErrno | null {
    const probe = this.probes[n]!;
    if (this.noRoute) return this.noRoute;
    if (reply.error) return reply.error;
    if (answered === null && error === null) return null;
    probe.done = true;
    probe.from = answered ?? error!.from;
    probe.note = answered === null ? noteOf(error!) : '';
    probe.final = answered !== null || !isTimeExceeded(error!);
    const { queries } = this.options;
    if (probe.final) this.last = Math.min(this.last, (Math.floor(n / queries) + 1) * queries);
    return null;
  }

  end(errno: SocketErrno | null): CommandOutput {
    const { target, to, hops, length, queries } = this.options;
    const say = new Printer();
    say.print(`traceroute to ${target} (${to}), ${hops} hops max, ${length} byte packets`);
    if (errno !== null) {
      say.complain(`\n${this.noRoute ? 'connect' : 'send'}: ${strerror(errno)}\n`);
      return say.end(1);
    }
    for (let n = this.begin; n < this.last; n += queries) {
      say.print(`\n${String(n / queries + 1).padStart(2)} ${this.hop(this.probes.slice(n, n + queries))}`);
    }
    say.print('\n');
    return say.end(0);
  }

  private hop(probes: readonly Probe[]): string {
    let before: string | null = null;
    let line = '';
    for (const { from, note } of probes) {
      if (from === null) line += ' *';
      else line += `${from === before ? '' : ` ${this.shown(from)}`}  0.000 ms${note}`;
      before = from ?? before;
    }
    return line;
  }

  private shown(addr: string): string {
    return this.options.numeric ? addr : `${nameOf(this.input.host, addr) ?? addr} (${addr})`;
  }
}

function isTimeExceeded({ family, type, code }: IcmpError): boolean {
  return code === 0 && type === (family === 4 ? 11 : 3);
}

const NOTES4 = ['!N', '!H', '!P', '', '', '!S', '', '', '', '!X', '!X', '', '', '!X', '!V', '!C'];
const NOTES6 = ['!N', '!X', '!<2>', '!H', ''];

/** What is said of an error behind the time. */
function noteOf(error: IcmpError): string {
  const { family, type, code, mtu } = error;
  if (isTimeExceeded(error)) return '';
  if (mtu > 0) return ` !F-${mtu}`;
  if (type !== (family === 4 ? 3 : 1)) return ` !<${type}-${code}>`;
  if (code === (family === 4 ? 3 : 4)) return '';
  return ` ${(family === 4 ? NOTES4 : NOTES6)[code] || `!<${code}>`}`;
}

/** The bytes that it fills a probe with. */
function filler(length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(0x40 + (i & 0x3f));
  return text;
}
