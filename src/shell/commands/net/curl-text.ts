import type { Addr } from '../../../wire';
import type { CurlOptions } from './curl-options';
import type { HttpResponse } from './http';

/** What is known when a transfer is over. */
export interface CurlFacts {
  readonly url: string;
  readonly scheme: string;
  readonly method: string;
  readonly connected?: {
    readonly remote: Addr;
    readonly port: number;
    readonly local: Addr;
    readonly localPort: number;
  };
  readonly response?: HttpResponse;
  readonly exit?: number;
  readonly message?: string;
  readonly spent?: number;
}

/** The head of the progress meter, and what it says first. */
export const METER =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
  '                                 Dload  Upload   Total   Spent    Left  Speed\n' +
  '\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';

/** The last line of the meter. What took no time counts as a microsecond. */
export function meterLine(bytes: number, length: number): string {
  const speed = size(bytes * 1_000_000);
  const total = size(length);
  return `\r100 ${total}  100 ${size(bytes)}    0     0  ${speed}      0 --:--:-- --:--:-- --:--:-- ${speed}\n`;
}

/** Five characters. curl: max5data() */
function size(bytes: number): string {
  if (bytes < 100_000) return String(bytes).padStart(5);
  if (bytes < 10_000 * 1024) return `${String(Math.floor(bytes / 1024)).padStart(4)}k`;
  if (bytes < 100 * 1024 ** 2) {
    const tenths = Math.floor((bytes % 1024 ** 2) / (1024 ** 2 / 10));
    return `${String(Math.floor(bytes / 1024 ** 2)).padStart(2)}.${tenths}M`;
  }
  return `${String(Math.floor(bytes / 1024 ** 2)).padStart(4)}M`;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** `-w`: what a format says of a transfer. */
export function writeOut(options: CurlOptions, facts: CurlFacts): { readonly out: string; readonly err: string } {
  const known = values(options, facts);
  let err = '';
  const out = options.writeOut.replace(
    /%%|%\{([^}]*)\}|\\(.)/g,
    (piece, name: string | undefined, letter: string | undefined) => {
      if (piece === '%%') return '%';
      if (letter !== undefined) return ESCAPES[letter] ?? piece;
      const value = known[name ?? ''];
      if (value !== undefined) return value;
      err += `curl: unknown --write-out variable: '${name}'\n`;
      return '';
    },
  );
  return { out, err };
}

function values(options: CurlOptions, facts: CurlFacts): Readonly<Record<string, string>> {
  const { connected, response } = facts;
  const code = String(response?.status ?? 0).padStart(3, '0');
  const total = (facts.spent ?? 0).toFixed(6);
  const none = '0.000000';
  const bytes = options.head ? 0 : (response?.body.length ?? 0);
  return {
    content_type: response?.fields.get('content-type') ?? '',
    errormsg: facts.message ?? '',
    exitcode: String(facts.exit ?? 0),
    http_code: code,
    http_connect: '000',
    http_version: response ? response.version : '0',
    local_ip: connected?.local ?? '',
    local_port: String(connected?.localPort ?? 0),
    method: facts.method,
    num_connects: connected ? '1' : '0',
    num_redirects: '0',
    redirect_url: '',
    remote_ip: connected?.remote ?? '',
    remote_port: String(connected?.port ?? 0),
    response_code: code,
    scheme: response ? facts.scheme.toUpperCase() : '',
    size_download: String(bytes),
    size_header: String(response?.head.length ?? 0),
    size_upload: String(options.data?.length ?? 0),
    speed_download: String(bytes * 1_000_000),
    speed_upload: '0',
    ssl_verify_result: '0',
    time_appconnect: none,
    time_connect: none,
    time_namelookup: none,
    time_pretransfer: none,
    time_redirect: none,
    time_starttransfer: none,
    time_total: total,
    url: options.url,
    url_effective: facts.url,
  };
}
