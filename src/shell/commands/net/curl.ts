import { type Addr, familyOf, parseAddr } from '../../../wire';
import type { NetReply, Talk } from '../../net';
import type { CommandInput, CommandOutput, TalkCommand } from '../../types';
import { type CurlOptions, readCurl } from './curl-options';
import { type CurlFacts, METER, meterLine, writeOut } from './curl-text';
import { strerror } from './errno';
import { type HttpResponse, parseResponse, parseUrl, type Url } from './http';
import { resolve } from './names';
import { Printer } from './output';
import { bracketed, type Opened, SYN_SECONDS, tcpOpen } from './tcp';

/** curl 7.88.1, for HTTP. */
export const curl: TalkCommand = {
  names: ['curl'],
  help: 'Asks an HTTP server',
  talk: runCurl,
};

function* runCurl(input: CommandInput): Talk<CommandOutput> {
  const options = readCurl(input.args);
  if ('output' in options) return options.output;
  const url = parseUrl(options.url);
  const run = new CurlRun(input, options, url);
  const unfit = run.unfit();
  if (unfit) return unfit;
  const failed = yield* run.transfer(url!);
  return run.end(failed);
}

/** An exit code with its message; '' if nothing is said. */
type Failure = readonly [exit: number, message: string];

class CurlRun {
  private readonly say = new Printer();
  private readonly input: CommandInput;
  private readonly options: CurlOptions;
  private readonly url: Url | null;
  private facts: CurlFacts;
  /** Seconds that it waited. */
  private spent = 0;

  constructor(input: CommandInput, options: CurlOptions, url: Url | null) {
    this.input = input;
    this.options = options;
    this.url = url;
    this.facts = { url: url?.text ?? options.url, scheme: url?.scheme ?? '', method: this.method };
  }

  private get method(): string {
    const { method, head, data } = this.options;
    return method ?? (head ? 'HEAD' : data === null ? 'GET' : 'POST');
  }

  /** What does not even begin. */
  unfit(): CommandOutput | null {
    const { url } = this;
    if (!url) return this.end([3, 'URL using bad/illegal format or missing URL']);
    if (url.scheme === 'http' || url.scheme === 'https') return null;
    if (
      /^(dict|file|ftps?|gophers?|imaps?|ldaps?|mqtt|pop3s?|rtmp|rtsp|scp|sftp|smbs?|smtps?|telnet|tftp)$/.test(
        url.scheme,
      )
    ) {
      return { notModelled: `curl ${url.scheme}://` };
    }
    return this.end([1, `Protocol "${url.scheme}" not supported or disabled in libcurl`]);
  }

  private note(text: string): void {
    if (this.options.verbose) this.say.complain(`* ${text}\n`);
  }

  *transfer(url: Url): Talk<Failure | null> {
    const { host } = this.input;
    const { proxy, family } = this.options;
    if (proxy !== null) {
      const word = proxy.replace(/^http:\/\//, '').replace(/:\d+$/, '');
      if (!resolve(host, word).ok) return [5, `Could not resolve proxy: ${word}`];
      return [127, '']; // told at the end as not modelled
    }
    const found = resolve(host, url.host, family);
    if (!found.ok) {
      if (parseAddr(url.host) !== null) return [7, "Couldn't connect to server"];
      this.note(`Could not resolve host: ${url.host}`);
      this.note(`Could not resolve host: ${url.host}`);
      this.note('Closing connection 0');
      return [6, `Could not resolve host: ${url.host}`];
    }
    const from = this.source(found.addr);
    if ('failed' in from) return from.failed;
    this.note(`  Trying ${bracketed(found.addr)}:${url.port}...`);
    const opened = yield* tcpOpen(host, found.addr, url.port, from);
    if (opened.kind !== 'open') return yield* this.notOpened(url, found.addr, opened);
    this.note(`Connected to ${url.host} (${found.addr}) port ${url.port} (#0)`);
    const { src, sport } = opened;
    this.facts = { ...this.facts, connected: { remote: found.addr, port: url.port, local: src, localPort: sport } };
    if (url.scheme === 'https') {
      yield { kind: 'more', client: opened.client, close: true };
      this.say.complain('hookline: TLS is not modelled beyond the TCP handshake\n');
      return [35, ''];
    }
    return yield* this.exchange(url, opened.client);
  }

  private source(to: Addr): { readonly src?: Addr } | { readonly failed: Failure } {
    const { source } = this.options;
    if (source === null) return {};
    const family = familyOf(to);
    const addr = parseAddr(source) ?? this.input.host.iface(source)?.addresses.find((a) => a.family === family)?.addr;
    if (addr && this.input.host.addrType(family, addr) === 'LOCAL') return { src: addr };
    if (!addr) return { failed: [45, `Couldn't bind to '${source}'`] };
    return { failed: [45, 'bind failed with errno 99: Cannot assign requested address'] };
  }

  private *notOpened(url: Url, addr: Addr, opened: Opened): Talk<Failure> {
    const { connectTimeout, maxTime } = this.options;
    const limit = Math.min(connectTimeout ?? SYN_SECONDS, maxTime ?? SYN_SECONDS, SYN_SECONDS);
    if (opened.kind === 'silent') {
      yield { kind: 'wait', seconds: limit };
      this.spent += limit;
    }
    const ms = Math.round(this.spent * 1000);
    const cannot = (why: string) => `Failed to connect to ${url.host} port ${url.port} after ${ms} ms: ${why}`;
    let failure: Failure;
    if (opened.kind === 'silent' && limit === maxTime) failure = [28, `Connection timed out after ${ms} milliseconds`];
    else if (opened.kind === 'silent' && limit === connectTimeout) {
      this.note(`ipv${familyOf(addr)} connect timeout after ${ms}ms, move on!`);
      failure = [28, cannot('Timeout was reached')];
    } else {
      const why = strerror(opened.kind === 'failed' ? opened.errno : 'ETIMEDOUT');
      const immediate = opened.kind === 'failed' && opened.immediate;
      if (immediate) this.note(`Immediate connect fail for ${addr}: ${why}`);
      else this.note(`connect to ${addr} port ${url.port} failed: ${why}`);
      failure = [opened.kind === 'silent' ? 28 : 7, cannot("Couldn't connect to server")];
    }
    this.note(failure[1]);
    this.note('Closing connection 0');
    return failure;
  }

  private request(url: Url): { readonly head: string; readonly body: string } {
    const { headers, agent, data } = this.options;
    const own = (name: string) => headers.some((h) => h.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    const lines = [`${this.method} ${url.path} HTTP/1.1`];
    const add = (name: string, value: string) => {
      if (!own(name)) lines.push(`${name}: ${value}`);
    };
    const named = headers.find((h) => /^host:/i.test(h));
    lines.push(named ?? `Host: ${url.authority}`);
    add('User-Agent', agent);
    add('Accept', '*/*');
    lines.push(...headers.filter((h) => h !== named && /^[^:]+:\s*\S/.test(h)));
    if (data !== null) {
      add('Content-Length', String(data.length));
      add('Content-Type', 'application/x-www-form-urlencoded');
    }
    return { head: `${lines.join('\r\n')}\r\n\r\n`, body: data ?? '' };
  }

  private *exchange(url: Url, client: number): Talk<Failure | null> {
    const { head, body } = this.request(url);
    this.trace('>', head);
    const reply: NetReply = yield { kind: 'more', client, data: head + body };
    const { received, phase } = reply;
    if (received === '') return yield* this.noAnswer(client, phase === 'reset');
    const response = parseResponse(received);
    if (!response) {
      yield { kind: 'more', client, close: true };
      this.note('Received HTTP/0.9 when not allowed');
      this.note('Closing connection 0');
      return [1, 'Received HTTP/0.9 when not allowed'];
    }
    this.trace('<', response.head);
    this.facts = { ...this.facts, response };
    if (this.options.fail && response.status >= 400) {
      yield { kind: 'more', client, close: true };
      return [22, `The requested URL returned error: ${response.status}`];
    }
    this.show(response, url);
    this.note(`Connection #0 to host ${url.host} left intact`);
    yield { kind: 'more', client, close: true };
    return null;
  }

  private *noAnswer(client: number, reset: boolean): Talk<Failure> {
    const { maxTime } = this.options;
    let failure: Failure;
    if (reset) failure = [56, 'Recv failure: Connection reset by peer'];
    else if (maxTime === null) {
      this.say.complain('hookline: no answer comes; curl would wait until ^C\n');
      failure = [130, ''];
    } else {
      yield { kind: 'wait', seconds: maxTime };
      this.spent += maxTime;
      failure = [28, `Operation timed out after ${maxTime * 1000} milliseconds with 0 bytes received`];
    }
    if (!reset) yield { kind: 'more', client, close: true };
    if (failure[1] !== '') this.note(failure[1]);
    this.note('Closing connection 0');
    return failure;
  }

  private trace(mark: '<' | '>', head: string): void {
    if (!this.options.verbose) return;
    for (const line of head.slice(0, -2).split('\r\n')) this.say.complain(`${mark} ${line}\r\n`);
  }

  private show({ head, body, fields }: HttpResponse, url: Url): void {
    const { include, head: only, discard, silent } = this.options;
    if (discard && !silent) this.say.complain(METER);
    if (!discard && (include || only)) this.say.print(head);
    if (only && body !== '') this.note(`Excess found: excess = ${body.length} url = ${url.path} (zero-length body)`);
    if (!only && !discard) this.say.print(body);
    if (discard && !silent)
      this.say.complain(meterLine(only ? 0 : body.length, Number(fields.get('content-length') ?? 0)));
  }

  end(failed: Failure | null): CommandOutput {
    if (failed?.[0] === 127) return { notModelled: 'curl through a proxy' };
    const { silent, showError } = this.options;
    const [exit, message] = failed ?? [0, ''];
    if (this.options.writeOut !== '') {
      const { out, err } = writeOut(this.options, { ...this.facts, exit, message, spent: this.spent });
      this.say.complain(err);
      this.say.print(out);
    }
    if (message !== '' && (!silent || showError)) this.say.complain(`curl: (${exit}) ${message}\n`);
    return this.say.end(exit);
  }
}
