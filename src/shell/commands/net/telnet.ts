import { type Family, serviceByName } from '../../../wire';
import { getopt, getoptText } from '../../getopt';
import type { NetReply, Talk } from '../../net';
import { fails } from '../../output';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { strerror } from './errno';
import { resolve, resolveText } from './names';
import { Printer } from './output';
import { SYN_SECONDS, tcpOpen } from './tcp';

/** inetutils 2.4. Nobody types: it sends what is piped into it, and ends. */
export const telnet: TalkCommand = {
  names: ['telnet'],
  help: 'Connects to a port, port 23 by itself',
  talk: runTelnet,
};

function* runTelnet({ host, args, stdin }: CommandInput): Talk<CommandOutput> {
  const { options, rest, wrong } = getopt(args, '468acdEKLrb:e:l:n:S:X:');
  if (wrong)
    return fails(64, `${getoptText('telnet', wrong)}Try 'telnet --help' or 'telnet --usage' for more information.`);
  const odd = options.find((o) => o.name !== '4' && o.name !== '6');
  if (odd) return { notModelled: `telnet -${odd.name}` };
  if (rest.length === 0) return { notModelled: 'telnet without a host' };
  const [name = '', word = 'telnet'] = rest;
  const wanted = options.findLast((o) => o.name === '4' || o.name === '6');
  const family: Family | undefined = wanted ? (wanted.name === '4' ? 4 : 6) : undefined;
  const found = resolve(host, name, family);
  const port = /^\d+$/.test(word) && Number(word) <= 65535 ? Number(word) : serviceByName(word, 'tcp');
  if (!found.ok || port === null) {
    const why = found.ok ? 'Servname not supported for ai_socktype' : resolveText(found.why);
    return { stdout: `Server lookup failure:  ${name}:${word}, ${why}\n`, exit: 1 };
  }
  const say = new Printer();
  say.print(`Trying ${found.addr}...\n`);
  const opened = yield* tcpOpen(host, found.addr, port);
  if (opened.kind === 'silent') yield { kind: 'wait', seconds: SYN_SECONDS };
  if (opened.kind !== 'open') {
    const errno = opened.kind === 'silent' ? 'ETIMEDOUT' : opened.errno;
    say.complain(`telnet: Unable to connect to remote host: ${strerror(errno)}\n`);
    return say.end(1);
  }
  say.print(`Connected to ${name}.\nEscape character is '^]'.\n`);
  if (stdin !== '') {
    const reply: NetReply = yield { kind: 'more', client: opened.client, data: stdin.replaceAll('\n', '\r\n') };
    say.print(reply.received.replaceAll('\r\n', '\n'));
  }
  yield { kind: 'more', client: opened.client, close: true };
  say.complain('Connection closed by foreign host.\n');
  return say.end(0);
}
