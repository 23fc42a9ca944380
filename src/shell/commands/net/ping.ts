import { pathMtu, updatePmtu } from '../../../host';
import type { FlowKey } from '../../../model';
import { type Addr, type Family, familyOf, type LabPacket } from '../../../wire';
import type { Heard, NetReply, Talk } from '../../net';
import { fails } from '../../output';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { strerror } from './errno';
import { anyOwn, nameOf } from './names';
import { Printer } from './output';
import { type PingOptions, readPing } from './ping-options';
import { errorText, heading, mtuText, type PingCount, replyLine, statistics } from './ping-text';
import { echoReply, errorAbout, type IcmpError } from './probe';

/** iputils 20221126. The clock stands still while an answer is on its way: every round trip takes no time. */
export const ping: TalkCommand = {
  names: ['ping', 'ping4', 'ping6'],
  help: 'Sends echo requests, and says what came back',
  talk: runPing,
};

/** Without -c it would go on until it is stopped. */
const COUNT = 4;

function* runPing(input: CommandInput): Talk<CommandOutput> {
  const read = readPing(input);
  if ('output' in read) return read.output;
  const run = new PingRun(input, read);
  const refused = run.begin();
  if (refused) return refused;
  if (run.noRoute) {
    // Its socket gets no further than connect(); a request that is sent shows why.
    yield { kind: 'send', ...run.request(1) };
    return run.noRoute;
  }
  for (let seq = 1; seq <= run.total; seq++) {
    if (seq > 1 && read.interval > 0) yield { kind: 'wait', seconds: read.interval };
    run.waited = (seq - 1) * read.interval;
    run.outstanding(seq - 1);
    const reply: NetReply | null = run.tooLong() ? null : yield { kind: 'send', ...run.request(seq) };
    run.hear(seq, reply);
  }
  const linger = run.linger();
  if (linger > 0) yield { kind: 'wait', seconds: linger };
  return run.end(read.count === null);
}

/** One call of ping. */
class PingRun {
  readonly total: number;
  /** Seconds from the first request to the last. */
  waited = 0;
  noRoute: CommandOutput | null = null;
  private readonly count: PingCount = { sent: 0, received: 0, errors: 0 };
  /** The last request that was answered. */
  private heardOf = 0;
  private readonly say = new Printer();
  private src: Addr = '';
  private readonly to: Addr;
  private readonly family: Family;
  /** Random in a kernel; here it follows from the moment, so that two calls differ. */
  private readonly id: number;
  private readonly input: CommandInput;
  private readonly options: PingOptions;

  constructor(input: CommandInput, options: PingOptions) {
    this.input = input;
    this.options = options;
    this.to = options.to;
    this.family = familyOf(options.to);
    this.total = options.count ?? COUNT;
    this.id = ((input.host.world.step ?? 0) % 0xffff) + 1;
  }

  /** Why it does not even begin. */
  begin(): CommandOutput | null {
    const { host } = this.input;
    const { from, to } = this.options;
    const way = host.sourceFor(to);
    if (host.addrType(this.family, to) === 'BROADCAST') {
      if (!this.options.broadcast) {
        return fails(2, 'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules');
      }
      this.say.complain('WARNING: pinging broadcast address\n');
    }
    this.src = from?.addr ?? (way.ok ? way.src : anyOwn(host, this.family));
    if (!way.ok) {
      this.noRoute = fails(2, `ping: connect: ${strerror(way.errno)}`);
      return null;
    }
    this.say.print(heading(this.options));
    return null;
  }

  request(seq: number): { readonly packet: LabPacket; readonly mayFragment: boolean } {
    const { size, ttl, tos, discovery } = this.options;
    const body = { code: 0, id: this.id, seq, payload: pattern(size) };
    const head = { src: this.src, dst: this.to, ...(ttl === null ? {} : { ttl }), ...(tos === 0 ? {} : { tos }) };
    if (this.family === 6) return { packet: { ...head, icmpv6: { type: 128, ...body } }, mayFragment: true };
    const fits = size + 28 <= this.mtu();
    const df = discovery === 'do' || (discovery === 'want' && fits);
    const packet = { ...head, ...(df ? {} : { df: false }), icmp: { type: 8, ...body } };
    return { packet, mayFragment: !fits };
  }

  private mtu(): number {
    return pathMtu(this.input.host, this.flow());
  }

  private flow(): FlowKey {
    const { family, to, src } = this;
    return { family, dst: to, src, tos: this.options.tos & 0xfc, protocol: family === 4 ? 1 : 58 };
  }

  /** The socket itself refuses what may not be cut. Kernel: ip_append_data(), EMSGSIZE */
  tooLong(): boolean {
    const head = this.family === 4 ? 28 : 48;
    return this.options.discovery === 'do' && this.options.size + head > this.mtu();
  }

  /** `-O` */
  outstanding(seq: number): void {
    if (!this.options.outstanding || seq === 0 || this.heardOf === seq) return;
    this.say.print(`no answer yet for icmp_seq=${seq}\n`);
  }

  hear(seq: number, reply: NetReply | null): void {
    this.count.sent++;
    if (reply === null) {
      this.count.errors++;
      this.say.complain(`ping: local error: message too long, mtu${this.family === 4 ? '=' : ': '}${this.mtu()}\n`);
      return;
    }
    const error = errorAbout(reply.heard, { dst: this.to, protocol: this.family === 4 ? 1 : 58, id: this.id, seq });
    if (error) this.hearError(seq, error);
    this.hearAnswer(seq, reply.heard);
    // What a hook dropped is an error that ping keeps to itself, but for one that an ICMP error came with.
    if (reply.error && (reply.error !== 'EPERM' || error))
      this.say.complain(`ping: sendmsg: ${strerror(reply.error)}\n`);
  }

  private hearAnswer(seq: number, heard: readonly Heard[]): void {
    const answer = echoReply(heard, this.id, seq);
    if (!answer) return;
    this.count.received++;
    this.heardOf = seq;
    if (this.options.quiet) return;
    this.say.print(this.stamp() + replyLine(this.options.size, this.shownAs(answer.src), seq, answer.ttl));
  }

  private hearError(seq: number, error: IcmpError): void {
    this.count.errors++;
    const { host } = this.input;
    if (mtuText(error) !== null) updatePmtu(host, this.flow(), error.mtu);
    if (this.options.quiet) return;
    this.say.print(`${this.stamp()}From ${this.shownAs(error.from)} icmp_seq=${seq} ${errorText(error)}\n`);
  }

  /** `-D` */
  private stamp(): string {
    if (!this.options.stamp) return '';
    const { host } = this.input;
    return `[${(host.epoch + host.now() / 1_000_000).toFixed(6)}] `;
  }

  private shownAs(addr: Addr): string {
    const name = this.options.numeric ? null : nameOf(this.input.host, addr);
    return name === null ? addr : `${name} (${addr})`;
  }

  /** How long it waits for what has not come. iputils: __schedule_exit() */
  linger(): number {
    const { sent, received, errors } = this.count;
    if (received + errors >= sent) return 0;
    return received > 0 ? Math.max(this.options.interval, 0) : this.options.timeout;
  }

  end(endless: boolean): CommandOutput {
    this.say.print(statistics(this.options, this.count, Math.round(this.waited * 1000)));
    if (endless) this.say.complain(`hookline: without -c ping goes on until ^C; here it stops after ${COUNT}\n`);
    return this.say.end(this.count.received > 0 ? 0 : 1);
  }
}

/** As ping fills a request: where the time would stand there are zeros. */
function pattern(size: number): string {
  let text = '';
  for (let i = 0; i < size; i++) text += String.fromCharCode(i < 16 ? 0 : i & 255);
  return text;
}
