import type { Family } from '../../../wire';
import { getopt } from '../../getopt';
import type { NetReply, Talk } from '../../net';
import { fails, usagePage } from '../../output';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { strerror } from './errno';
import { parseResponse, parseUrl, type Url } from './http';
import { resolve, resolveText } from './names';
import { Printer } from './output';
import { hostPort, SYN_SECONDS, tcpOpen } from './tcp';

/** Wget 1.21.3, where it writes no file. */
export const wget: TalkCommand = {
  names: ['wget'],
  help: 'Asks an HTTP server (-O - or --spider: there are no files)',
  talk: runWget,
};

const LONG = {
  quiet: 'q',
  spider: 'spider',
  'output-document=': 'O',
  'timeout=': 'T',
  'tries=': 't',
  'inet4-only': '4',
  'inet6-only': '6',
};

const USAGE = usagePage(
  'wget',
  `usage: wget [OPTIONS] -O - URL
       wget [OPTIONS] --spider URL
  -O, --output-document -       prints what comes: there are no files
  --spider                      only asks whether it is there
  -q, --quiet                   prints nothing else
  -T, --timeout SECONDS         gives up after that
  -t, --tries COUNT             so often
  -4, --inet4-only, -6, --inet6-only   over this family
`,
);

function* runWget({ host, args }: CommandInput): Talk<CommandOutput> {
  const { options, rest, wrong } = getopt(args, 'qO:T:t:46', LONG);
  if (wrong?.kind === 'unknown' && wrong.option.length === 1) return { notModelled: `wget -${wrong.option}` };
  if (wrong) {
    const said =
      wrong.kind === 'unknown'
        ? `unrecognized option '${wrong.option}'`
        : `option '${wrong.option}' requires an argument`;
    return fails(2, `wget: ${said}\n${USAGE}`);
  }
  const value = (name: string) => options.findLast((o) => o.name === name)?.value;
  const has = (name: string) => value(name) !== undefined;
  const [word] = rest;
  if (word === undefined) return fails(1, `wget: missing URL\n${USAGE}`);
  const url = parseUrl(word);
  if (rest.length > 1 || url?.scheme !== 'http') return { notModelled: `wget ${rest.join(' ')}` };
  const target = value('O');
  const spider = has('spider');
  if (!spider && target !== '-' && target !== '/dev/null') return { notModelled: 'wget into a file' };
  if (!/^\d*\.?\d*$/.test(`${value('T') ?? ''}${value('t') ?? ''}`)) return { notModelled: 'wget with such a number' };
  const family: Family | undefined = has('6') ? 6 : has('4') ? 4 : undefined;
  const say = new Printer();
  const log = (text: string) => {
    if (!has('q')) say.complain(text);
  };
  const now = () => dateOf(host.epoch + Math.floor(host.now() / 1_000_000));
  const tries = Number(value('t') ?? 20) || 20;
  const patience = Math.min(Number(value('T') ?? 0) || SYN_SECONDS, SYN_SECONDS);
  if (spider) log('Spider mode enabled. Check if remote file exists.\n');
  for (let n = 1; n <= tries; n++) {
    log(`--${now()}--  ${n > 1 ? `(try:${String(n).padStart(2)})  ` : ''}${url.text}\n`);
    const found = resolve(host, url.host, family);
    const literal = found.ok && found.literal;
    if (!literal) log(`Resolving ${url.host} (${url.host})... `);
    if (!found.ok) {
      log(`failed: ${resolveText(found.why)}.\nwget: unable to resolve host address ‘${url.host}’\n`);
      return say.end(4);
    }
    if (!literal) log(`${found.addr}\n`);
    log(
      `Connecting to ${literal ? hostPort(found.addr, url.port) : `${url.host} (${url.host})|${found.addr}|:${url.port}`}... `,
    );
    const opened = yield* tcpOpen(host, found.addr, url.port);
    if (opened.kind === 'open') {
      log('connected.\nHTTP request sent, awaiting response... ');
      return yield* exchange(url, opened.client, { spider, keep: target === '-', say, log, now });
    }
    if (opened.kind === 'failed') {
      log(`failed: ${strerror(opened.errno)}.\n`);
      return say.end(4);
    }
    yield { kind: 'wait', seconds: patience };
    log(`failed: Connection timed out.\n${n < tries ? 'Retrying' : 'Giving up'}.\n\n`);
    if (n < tries) yield { kind: 'wait', seconds: Math.min(n, 10) };
  }
  return say.end(4);
}

interface Wish {
  readonly spider: boolean;
  /** The body is printed. */
  readonly keep: boolean;
  readonly say: Printer;
  readonly log: (text: string) => void;
  readonly now: () => string;
}

function* exchange(url: Url, client: number, { spider, keep, say, log, now }: Wish): Talk<CommandOutput> {
  const fields = 'User-Agent: Wget/1.21.3\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: Keep-Alive\r\n';
  const data = `${spider ? 'HEAD' : 'GET'} ${url.path} HTTP/1.1\r\nHost: ${url.authority}\r\n${fields}\r\n`;
  const reply: NetReply = yield { kind: 'more', client, data };
  yield { kind: 'more', client, close: true };
  const response = parseResponse(reply.received);
  if (!response) {
    log('\n');
    say.complain('hookline: no HTTP answer comes; what wget does then is not modelled\n');
    return say.end(127);
  }
  const { status, reason, body } = response;
  log(`${status} ${reason}\n`);
  const type = response.fields.get('content-type');
  log(`Length: ${response.fields.get('content-length') ?? 'unspecified'}${type ? ` [${type}]` : ''}\n`);
  if (spider) {
    log('Remote file exists.\n\n');
    return say.end(0);
  }
  log(`Saving to: ‘${keep ? 'STDOUT' : '/dev/null'}’\n\n`);
  if (keep) say.print(body);
  // What took no time counts as a microsecond.
  const speed = `${((body.length * 1e6) / 2 ** 20).toPrecision(3)}`;
  log(`     0K ${' '.repeat(53)} 100% ${speed}M=0s\n\n`);
  const size = `[${body.length}/${body.length}]`;
  log(`${now()} (${speed} MB/s) - ${keep ? `written to stdout ${size}` : `‘/dev/null’ saved ${size}`}\n\n`);
  return say.end(0);
}

/** `2025-01-01 00:00:00` */
function dateOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
