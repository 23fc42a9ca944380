import type { Family } from '../../../wire';
import { fails } from '../../output';
import type { CommandOutput } from '../../types';

export interface CurlOptions {
  readonly url: string;
  readonly verbose: boolean;
  readonly silent: boolean;
  readonly showError: boolean;
  /** `-I` */
  readonly head: boolean;
  /** `-i` */
  readonly include: boolean;
  readonly fail: boolean;
  /** `-o /dev/null` */
  readonly discard: boolean;
  readonly writeOut: string;
  readonly method: string | null;
  readonly data: string | null;
  readonly headers: readonly string[];
  readonly agent: string;
  readonly connectTimeout: number | null;
  readonly maxTime: number | null;
  readonly family: Family | undefined;
  readonly source: string | null;
  readonly proxy: string | null;
}

interface Option {
  readonly name: keyof typeof TAKES;
}

/** What each option that is modelled takes. */
const TAKES = {
  verbose: '',
  silent: '',
  'show-error': '',
  head: '',
  include: '',
  fail: '',
  ipv4: '',
  ipv6: '',
  location: '',
  insecure: '',
  'no-buffer': '',
  'http1.1': '',
  'progress-bar': '',
  output: 'text',
  'write-out': 'text',
  request: 'text',
  data: 'text',
  header: 'text',
  'user-agent': 'text',
  interface: 'text',
  proxy: 'text',
  noproxy: 'text',
  'connect-timeout': 'number',
  'max-time': 'number',
} as const;

const LETTERS: Readonly<Record<string, keyof typeof TAKES>> = {
  v: 'verbose',
  s: 'silent',
  S: 'show-error',
  I: 'head',
  i: 'include',
  f: 'fail',
  '4': 'ipv4',
  '6': 'ipv6',
  L: 'location',
  k: 'insecure',
  N: 'no-buffer',
  '#': 'progress-bar',
  o: 'output',
  w: 'write-out',
  X: 'request',
  d: 'data',
  H: 'header',
  A: 'user-agent',
  x: 'proxy',
  m: 'max-time',
};

/** Letters and words that the real one knows, and this one does not. */
const OTHER_LETTERS = '0123abBcCDeEFgGhjJKlMnOpPqQrRtTuUVyYzZ:';
const OTHER_WORDS =
  /^(anyauth|basic|cacert|capath|cert|ciphers|compressed|config|cookie|cookie-jar|create-dirs|data-.*|digest|dns-.*|doh-url|dump-header|form|get|haproxy-protocol|happy-eyeballs.*|help|http.*|json|keepalive.*|key|limit-rate|local-port|manual|max-.*|netrc.*|no-.*|parallel.*|post30.|proto.*|proxy.*|range|referer|remote-.*|resolve|connect-to|retry.*|socks.*|speed-.*|stderr|styled-output|tcp-.*|tls.*|trace.*|unix-socket|upload-file|url|url-query|user|version|xattr|disable.*|globoff|rate|request-target|raw|ssl.*|path-as-is|expect100-timeout|etag-.*)$/;

type Refused = { readonly output: CommandOutput };

/** Reads the words of a call; or what curl says to them. */
export function readCurl(args: readonly string[]): CurlOptions | Refused {
  const given: (Option & { readonly value: string })[] = [];
  const urls: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!word.startsWith('-') || word === '-') {
      urls.push(word);
      continue;
    }
    const long = word.startsWith('--');
    for (let at = 1; at < (long ? 2 : word.length); at++) {
      const shown = long ? word : `-${word[at]}`;
      const name = long ? longName(word.slice(2)) : LETTERS[word[at]!];
      if (!name) {
        const known = long ? OTHER_WORDS.test(word.slice(2)) : OTHER_LETTERS.includes(word[at]!);
        if (known) return { output: { notModelled: `curl ${shown}` } };
        return wrong(`curl: option ${long ? word : word}: is unknown`);
      }
      if (TAKES[name] === '') {
        given.push({ name, value: '' });
        continue;
      }
      const value = !long && at + 1 < word.length ? word.slice(at + 1) : args[++i];
      if (value === undefined) return wrong(`curl: option ${shown}: requires parameter`);
      if (TAKES[name] === 'number' && !/^\d+(\.\d+)?$/.test(value)) {
        return wrong(`curl: option ${shown}: expected a proper numerical parameter`);
      }
      given.push({ name, value });
      break;
    }
  }
  return collect(given, urls);
}

const wrong = (text: string): Refused => ({
  output: fails(2, `${text}\ncurl: try 'curl --help' or 'curl --manual' for more information`),
});

function longName(word: string): keyof typeof TAKES | undefined {
  if (word in TAKES) return word as keyof typeof TAKES;
  return undefined;
}

function collect(
  given: readonly (Option & { readonly value: string })[],
  urls: readonly string[],
): CurlOptions | Refused {
  const has = (name: keyof typeof TAKES) => given.some((o) => o.name === name);
  const all = (name: keyof typeof TAKES) => given.filter((o) => o.name === name).map((o) => o.value);
  const last = (name: keyof typeof TAKES) => all(name).at(-1) ?? null;
  const [url] = urls;
  if (url === undefined) return { output: fails(2, "curl: try 'curl --help' or 'curl --manual' for more information") };
  if (urls.length > 1) return { output: { notModelled: 'curl with more than one URL' } };
  const output = last('output');
  if (output !== null && output !== '/dev/null' && output !== '-')
    return { output: { notModelled: `curl -o ${output}` } };
  const number = (name: keyof typeof TAKES) => (last(name) === null ? null : Number(last(name)));
  const data = all('data');
  const format = last('write-out') ?? '';
  if (data.some((d) => d.startsWith('@')) || format.startsWith('@'))
    return { output: { notModelled: 'curl with a file (@)' } };
  return {
    url,
    verbose: has('verbose'),
    silent: has('silent'),
    showError: has('show-error'),
    head: has('head'),
    include: has('include'),
    fail: has('fail'),
    discard: output === '/dev/null',
    writeOut: format,
    method: last('request'),
    data: data.length === 0 ? null : data.join('&'),
    headers: all('header'),
    agent: last('user-agent') ?? 'curl/7.88.1',
    connectTimeout: number('connect-timeout') || null,
    maxTime: number('max-time') || null,
    family: has('ipv6') ? 6 : has('ipv4') ? 4 : undefined,
    source: last('interface'),
    proxy: last('proxy') || null,
  };
}
