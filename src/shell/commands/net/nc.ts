import { type Addr, familyOf, latin1Text, payloadOf, serviceByPort } from '../../../wire';
import type { NetReply, Talk } from '../../net';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { strerror } from './errno';
import { anyOwn, resolve, resolveText } from './names';
import { ncListen } from './nc-listen';
import { destination, NC_USAGE, type NcOptions, portsOf, readNc, refuse } from './nc-options';
import { Printer } from './output';
import { datagramFrom, errorAbout, socketErrorOf } from './probe';
import { SYN_SECONDS, tcpOpen } from './tcp';

/** netcat-openbsd 1.219, as Debian has it. */
export const nc: TalkCommand = {
  names: ['nc', 'netcat', 'nc.openbsd'],
  help: 'Connects to ports, or listens on one (-l)',
  talk: runNc,
};

/** Ports in one call: each is a connection of its own in the story. */
const PORTS = 256;

function* runNc(input: CommandInput): Talk<CommandOutput> {
  const options = readNc(input);
  if ('output' in options) return options.output;
  if (options.listen) return ncListen(input, options);
  const [word, ...rest] = options.words;
  if (word === undefined) return refuse(NC_USAGE).output;
  if (rest.length === 0) return refuse('nc: missing port number').output;
  const ports: number[] = [];
  for (const range of rest) {
    const some = portsOf(range, options.udp);
    if ('output' in some) return some.output;
    ports.push(...some);
  }
  if (ports.length > PORTS) return { notModelled: `nc to more than ${PORTS} ports` };
  const to = destination(input, options, word, rest[0]!);
  if (typeof to !== 'string') return to.output;
  const source = sourceOf(input, options, to);
  if (source !== null && typeof source !== 'string') return source.output;
  const run = new NcRun(input, options, word, to, source);
  for (const port of ports) {
    const goOn = yield* options.udp ? run.udp(port) : run.tcp(port);
    if (!goOn) break;
  }
  return run.end();
}

function sourceOf({ host }: CommandInput, { source }: NcOptions, to: Addr) {
  if (source === null) return null;
  const found = resolve(host, source, familyOf(to));
  if (!found.ok) return refuse(`nc: getaddrinfo: ${resolveText(found.why)}`);
  const own = host.addrType(familyOf(to), found.addr) === 'LOCAL';
  return own ? found.addr : refuse('nc: bind failed: Cannot assign requested address');
}

class NcRun {
  private readonly say = new Printer();
  private exit = 1;
  private readonly input: CommandInput;
  private readonly options: NcOptions;
  private readonly word: string;
  private readonly to: Addr;
  private readonly from: { readonly src?: Addr; readonly sport?: number };

  constructor(input: CommandInput, options: NcOptions, word: string, to: Addr, source: Addr | null) {
    this.input = input;
    this.options = options;
    this.word = word;
    this.to = to;
    this.from = {
      ...(source === null ? {} : { src: source }),
      ...(options.sport === null ? {} : { sport: options.sport }),
    };
  }

  end(): CommandOutput {
    return this.say.end(this.exit);
  }

  private get shown(): string {
    return this.word === this.to ? this.word : `${this.word} (${this.to})`;
  }

  private get data(): string {
    const { stdin } = this.input;
    return this.options.crlf ? stdin.replaceAll('\n', '\r\n') : stdin;
  }

  private succeeded(port: number): void {
    this.exit = 0;
    if (!this.options.verbose) return;
    const protocol = this.options.udp ? 'udp' : 'tcp';
    const service = this.options.numeric ? '*' : (serviceByPort(port, protocol) ?? '*');
    this.say.complain(`Connection to ${this.shown} ${port} port [${protocol}/${service}] succeeded!\n`);
  }

  private failed(port: number, why: string): void {
    if (!this.options.verbose) return;
    this.say.complain(`nc: connect to ${this.shown} port ${port} (tcp) ${why}\n`);
  }

  /** One port; false if no other is tried. */
  *tcp(port: number): Talk<boolean> {
    const { timeout, scan } = this.options;
    const opened = yield* tcpOpen(this.input.host, this.to, port, this.from);
    if (opened.kind === 'failed') {
      this.failed(port, `failed: ${strerror(opened.errno)}`);
      return true;
    }
    if (opened.kind === 'silent') {
      yield { kind: 'wait', seconds: timeout ?? SYN_SECONDS };
      this.failed(port, timeout === null ? 'failed: Connection timed out' : 'timed out: Operation now in progress');
      return true;
    }
    this.succeeded(port);
    if (scan) yield { kind: 'more', client: opened.client, close: true };
    else yield* this.readWrite(opened.client);
    return true;
  }

  /** What comes in goes out, and the other way, until one side ends. */
  private *readWrite(client: number): Talk<void> {
    const { timeout, quit, shutdown } = this.options;
    let reply: NetReply = yield { kind: 'more', client, data: this.data };
    if (shutdown && reply.phase !== 'reset') reply = yield { kind: 'more', client, close: true };
    this.say.print(reply.received);
    if (reply.phase === 'closed' || reply.phase === 'reset') return;
    yield* this.idle(timeout ?? quit);
    if (!shutdown) yield { kind: 'more', client, close: true };
  }

  private *idle(seconds: number | null): Talk<void> {
    if (seconds === null) this.say.complain('hookline: nc goes on until ^C; here it ends now\n');
    else if (seconds > 0) yield { kind: 'wait', seconds };
  }

  *udp(port: number): Talk<boolean> {
    const socket = new UdpSocket(this.input, this.to, port, this.from);
    if (this.options.verbose || this.options.scan) {
      if (!(yield* this.udpTest(socket))) {
        this.exit = 1;
        return false;
      }
      this.succeeded(port);
      if (this.options.scan) return true;
    }
    this.exit = 0;
    if (this.data !== '' && !(yield* socket.write(this.data))) this.exit = 1;
    this.say.print(socket.received);
    // What is waiting to be read is told of before the next read: a refusal ends it.
    if (socket.pending !== null) this.exit = 1;
    if (this.exit === 0) yield* this.idle(this.options.timeout ?? this.options.quit);
    return this.exit === 0;
  }

  /** Two datagrams at once, and one more each second: one that is refused says that nobody listens. netcat: udptest() */
  private *udpTest(socket: UdpSocket): Talk<boolean> {
    const seconds = this.options.timeout ?? 3;
    for (let n = 0; n < 2 + seconds; n++) {
      if (n >= 2) yield { kind: 'wait', seconds: 1 };
      const written = yield* socket.write('X');
      if (!written && socket.fatal) return false;
    }
    return true;
  }
}

/** A connected UDP socket. */
class UdpSocket {
  received = '';
  /** An error that the next call is told. */
  pending: string | null = null;
  /** The last write failed for good. */
  fatal = false;
  private readonly src: Addr;
  private readonly sport: number;
  private readonly to: Addr;
  private readonly port: number;

  constructor({ host }: CommandInput, to: Addr, port: number, from: { readonly src?: Addr; readonly sport?: number }) {
    const way = host.sourceFor(to);
    this.src = from.src ?? (way.ok ? way.src : anyOwn(host, familyOf(to)));
    this.sport = from.sport ?? host.freePort('udp');
    this.to = to;
    this.port = port;
    host.ownPort('udp', this.src, this.sport);
  }

  /** False if it is told of an error in place of sending. */
  *write(payload: string): Talk<boolean> {
    if (this.pending !== null) {
      this.fatal = this.pending === 'ECONNREFUSED';
      this.pending = null;
      return false;
    }
    const { src, sport, to, port } = this;
    const packet = { src, dst: to, udp: { sport, dport: port, payload } };
    const { heard, error }: NetReply = yield { kind: 'send', packet, mayFragment: true };
    const told = socketErrorOf(errorAbout(heard, { dst: to, protocol: 17, sport, dport: port }));
    if (told?.hard) this.pending = told.errno;
    const answer = datagramFrom(heard, to, port, sport);
    if (answer) this.received += latin1Text(payloadOf(answer));
    this.fatal = error !== null;
    return error === null;
  }
}
