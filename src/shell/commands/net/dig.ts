import { type Addr, familyOf, latin1Text, payloadOf } from '../../../wire';
import { dateText } from '../../date';
import type { NetReply, Talk } from '../../net';
import { fails } from '../../output';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { DIG_VERSION, type DigOptions, readDig } from './dig-options';
import { type DnsMessage, type DnsRecord, dnsQuery, dnsTypeName, readDns } from './dns';
import { anyOwn, resolve } from './names';
import { datagramFrom, errorAbout, socketErrorOf } from './probe';

/** DiG of BIND 9.18. */
export const dig: TalkCommand = {
  names: ['dig'],
  help: 'Asks a name server (dig @SERVER NAME)',
  talk: runDig,
};

const TROUBLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EACCES: 'permission denied',
};

function* runDig({ host, args }: CommandInput): Talk<CommandOutput> {
  const options = readDig(args);
  if ('output' in options) return options.output;
  const found = resolve(host, options.server, options.family);
  if (!found.ok) return fails(1, `dig: couldn't get address for '${options.server}': not found`);
  const to = found.addr;
  const way = host.sourceFor(to);
  const src = way.ok ? way.src : anyOwn(host, familyOf(to));
  const { port, tries, time, name } = options;
  let said = '';
  for (let n = 0; n < tries; n++) {
    const sport = host.freePort('udp');
    host.ownPort('udp', src, sport);
    // Random in a kernel; here it follows from the port.
    const id = (sport * 40503) & 0xffff;
    const query = dnsQuery({ ...options, id });
    const packet = { src, dst: to, df: familyOf(to) === 6, udp: { sport, dport: port, payload: latin1Text(query) } };
    const reply: NetReply = yield { kind: 'send', packet, mayFragment: true };
    if (!way.ok) {
      const why = TROUBLE[way.errno] ?? 'host unreachable';
      const line = `;; UDP setup with ${to}#${port}(${options.server}) for ${name.replace(/(.)\.$/, '$1')} failed: ${why}.\n`;
      return { stdout: `${line};; no servers could be reached\n`.repeat(tries), exit: 9 };
    }
    const answer = datagramFrom(reply.heard, to, port, sport);
    const message = answer && readDns(payloadOf(answer));
    if (answer && message?.id === id)
      return { stdout: told(options, args, to, message, payloadOf(answer).length, now()) };
    const error = socketErrorOf(errorAbout(reply.heard, { dst: to, protocol: 17, sport, dport: port }));
    const why = error?.hard ? TROUBLE[error.errno] : undefined;
    if (why === undefined) yield { kind: 'wait', seconds: time };
    said += `;; communications error to ${to}#${port}: ${why ?? 'timed out'}\n`;
  }
  return { stdout: `${said}${banner(args)};; no servers could be reached\n`, exit: 9 };

  function now(): number {
    return host.epoch + Math.floor(host.now() / 1_000_000);
  }
}

function banner(args: readonly string[]): string {
  return `\n; <<>> DiG ${DIG_VERSION} <<>> ${args.join(' ')}\n; (1 server found)\n;; global options: +cmd\n`;
}

function told(
  options: DigOptions,
  args: readonly string[],
  to: Addr,
  message: DnsMessage,
  size: number,
  time: number,
): string {
  const odd = message.flags & 0x8000 ? '' : ';; Warning: query response not set\n';
  if (options.short) return odd + message.answers.map((r) => `${r.data}\n`).join('');
  const { comments } = options;
  const end = comments ? '\n' : '';
  let out = odd + (options.cmd ? banner(args) : '');
  if (comments) out += headText(message);
  if (options.question && message.questions.length > 0) {
    if (comments) out += ';; QUESTION SECTION:\n';
    for (const { name, type } of message.questions) {
      out += `;${name}${indent(name.length, 32)}IN\t${dnsTypeName(type)}\n`;
    }
    out += end;
  }
  if (options.answer && message.answers.length > 0) {
    if (comments) out += ';; ANSWER SECTION:\n';
    out += message.answers.map(recordLine).join('') + end;
  }
  if (!options.stats) return out;
  return (
    `${out};; Query time: 0 msec\n` +
    `;; SERVER: ${to}#${options.port}(${options.server}) (UDP)\n` +
    `;; WHEN: ${dateText(time).replace(/ (\d+)$/, ' UTC $1')}\n` +
    `;; MSG SIZE  rcvd: ${size}\n\n`
  );
}

const OPCODES = ['QUERY', 'IQUERY', 'STATUS', 'RESERVED3', 'NOTIFY', 'UPDATE'];
const STATUS = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x8000, 'qr'],
  [0x0400, 'aa'],
  [0x0200, 'tc'],
  [0x0100, 'rd'],
  [0x0080, 'ra'],
  [0x0020, 'ad'],
  [0x0010, 'cd'],
];

function headText({ id, flags, counts, opt }: DnsMessage): string {
  const opcode = OPCODES[(flags >> 11) & 15] ?? 'RESERVED';
  const status = STATUS[flags & 15] ?? `RESERVED${flags & 15}`;
  const names = FLAGS.filter(([bit]) => flags & bit).map(([, name]) => ` ${name}`);
  const alone = (flags & 0x180) === 0x100;
  return (
    `;; Got answer:\n;; ->>HEADER<<- opcode: ${opcode}, status: ${status}, id: ${id}\n` +
    `;; flags:${names.join('')}; QUERY: ${counts[0]}, ANSWER: ${counts[1]}, AUTHORITY: ${counts[2]}, ADDITIONAL: ${counts[3]}\n` +
    `${alone ? ';; WARNING: recursion requested but not available\n' : ''}\n` +
    (opt ? `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${opt.size}\n${cookieLine(opt.cookie)}` : '')
  );
}

function cookieLine(cookie: string): string {
  return cookie === '' ? '' : `; COOKIE: ${cookie} (echoed)\n`;
}

function recordLine({ name, ttl, type, data }: DnsRecord): string {
  return `${name}${indent(name.length, 24)}${ttl}\tIN\t${dnsTypeName(type)}\t${data}\n`;
}

/** Tabs and spaces from one column to another, at least one. BIND: indent(), lib/dns/masterdump.c */
function indent(from: number, wanted: number): string {
  const to = Math.max(wanted, from + 1);
  const tabs = Math.floor(to / 8) - Math.floor(from / 8);
  const at = tabs > 0 ? Math.floor(to / 8) * 8 : from;
  return '\t'.repeat(tabs) + ' '.repeat(to - at);
}
