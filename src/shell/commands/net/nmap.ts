import { type Addr, familyOf, parseAddr } from '../../../wire';
import { dateText } from '../../date';
import type { Talk } from '../../net';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { anyOwn, nameOf, resolve } from './names';
import { type NmapOptions, readNmap } from './nmap-options';
import { portsText } from './nmap-report';
import { type PortFound, Scanner } from './nmap-scan';
import { Printer } from './output';

/** Nmap 7.93, as root: the ports that are named with -p. */
export const nmap: TalkCommand = {
  names: ['nmap'],
  help: 'Scans ports (-sS, -sT, -sU; -p says which)',
  talk: runNmap,
};

function* runNmap(input: CommandInput): Talk<CommandOutput> {
  const options = readNmap(input.args);
  const { host } = input;
  const say = new Printer();
  say.print(
    `Starting Nmap 7.93 ( https://nmap.org ) at ${dateOf(host.epoch + Math.floor(host.now() / 1_000_000))} UTC\n`,
  );
  if ('output' in options) {
    // What is wrong with its ports it says when it has begun.
    if (options.output.exit !== 1) return options.output;
    say.complain(options.output.stderr ?? '');
    return say.end(1);
  }
  const run = new NmapRun(input, options, say);
  for (const target of options.targets) yield* run.target(target);
  return run.end();
}

class NmapRun {
  private hosts = 0;
  private up = 0;
  private spent = 0;
  private warned = false;
  private readonly input: CommandInput;
  private readonly options: NmapOptions;
  private readonly say: Printer;

  constructor(input: CommandInput, options: NmapOptions, say: Printer) {
    this.input = input;
    this.options = options;
    this.say = say;
  }

  *target(word: string): Talk<void> {
    const to = this.address(word);
    if (to === null) return;
    const { host } = this.input;
    const way = host.sourceFor(to);
    if (!way.ok) {
      this.say.complain(`setup_target: failed to determine route to ${to}\n`);
      // Nothing is sent; a SYN that is shows why.
      const sport = host.freePort('tcp');
      const packet = { src: anyOwn(host, familyOf(to)), dst: to, tcp: { sport, dport: 80, flags: 'S' } };
      yield { kind: 'send', packet };
      return;
    }
    this.hosts++;
    const scanner = new Scanner(host, way.src, to);
    const there = yield* this.discover(scanner, to);
    if (there === null) {
      this.say.complain(scanner.complaints);
      this.say.print('Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn\n');
      this.spent += scanner.spent;
      return;
    }
    this.up++;
    const found = yield* this.scan(scanner);
    this.spent += scanner.spent;
    this.say.complain(scanner.complaints);
    this.report(word, to, there, scanner.answered, found);
  }

  private address(word: string): Addr | null {
    const { family } = this.options;
    if (family === 4 && parseAddr(word)?.includes(':')) {
      this.say.complain(`${word} looks like an IPv6 target specification -- you have to use the -6 option.\n`);
      return null;
    }
    const found = resolve(this.input.host, word, family);
    if (!found.ok) {
      this.say.complain(`Failed to resolve "${word}".\n`);
      return null;
    }
    return found.addr;
  }

  /** Why the host counts as up; null if it does not. */
  private *discover(scanner: Scanner, to: Addr): Talk<string | null> {
    const { host } = this.input;
    if (this.isOwn(to)) {
      scanner.answered = true;
      return this.options.assumeUp ? 'user-set' : 'localhost-response';
    }
    if (this.isOnLink(to)) {
      // Asked by ARP or neighbour discovery, which a lab does not play: who is there has answered already.
      scanner.answered = host.neighbours().some((n) => n.address === to && n.mac !== null);
      if (this.options.assumeUp) return 'user-set';
      return scanner.answered ? (familyOf(to) === 4 ? 'arp-response' : 'nd-response') : null;
    }
    if (this.options.assumeUp) return 'user-set';
    return yield* scanner.discover();
  }

  private isOwn(to: Addr): boolean {
    return this.input.host.addrType(familyOf(to), to) === 'LOCAL';
  }

  private isOnLink(to: Addr): boolean {
    const way = this.input.host.route({ family: familyOf(to), dst: to });
    return way.ok && !this.isOwn(to) && way.dst.gateway === null;
  }

  private *scan(scanner: Scanner): Talk<readonly PortFound[]> {
    const { scans, tcp, udp, discoverOnly } = this.options;
    const found: PortFound[] = [];
    if (discoverOnly) return found;
    for (const scan of scans) found.push(...(yield* scanner.ports(scan, scan === 'udp' ? udp : tcp)));
    return found;
  }

  private report(word: string, to: Addr, there: string, timed: boolean, found: readonly PortFound[]): void {
    const { host } = this.input;
    const { numeric, reason, discoverOnly } = this.options;
    const name = word === to ? (numeric ? null : nameOf(host, to)) : word;
    const target = name === null ? to : `${name} (${to})`;
    if (!numeric && !this.warned) {
      this.warned = true;
      this.say.complain(
        'mass_dns: warning: Unable to determine any DNS servers. Reverse DNS is disabled. Try using --system-dns or specify valid servers with --dns-servers\n',
      );
    }
    const ports = discoverOnly ? '' : portsText(found, target, this.options);
    if (ports === null) return;
    const because = reason ? `, received ${there}` : '';
    this.say.print(`Nmap scan report for ${target}\nHost is up${because}${timed ? ' (0.00s latency)' : ''}.\n${ports}`);
    const mac = host.neighbours().find((n) => n.address === to)?.mac;
    if (mac && this.isOnLink(to)) this.say.print(`MAC Address: ${mac.toUpperCase()} (Unknown)\n`);
    if (!discoverOnly) this.say.print('\n');
  }

  end(): CommandOutput {
    if (this.hosts === 0) this.say.complain('WARNING: No targets were specified, so 0 hosts scanned.\n');
    const many = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : /s$/.test(one) ? 'es' : 's'}`;
    const counts = `${many(this.hosts, 'IP address')} (${many(this.up, 'host')} up)`;
    this.say.print(`Nmap done: ${counts} scanned in ${this.spent.toFixed(2)} seconds\n`);
    return this.say.end(0);
  }
}

/** `2025-01-01 00:00` */
function dateOf(unixSeconds: number): string {
  const [, month = '', day = '', time = '', year = ''] = dateText(unixSeconds).split(/ +/);
  const number =
    ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month) + 1;
  return `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')} ${time.slice(0, 5)}`;
}
