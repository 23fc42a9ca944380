import type { LabStep } from '../lab';

type Client = Extract<LabStep, { readonly connect: unknown } | { readonly ping: unknown } | { readonly udp: unknown }>;

/** What a client's step is called by what it sends: `TCP connect`, `HTTP request`, `Ping`, `UDP request`, `DNS query`. */
export function kindTitle(step: Client): string {
  if ('connect' in step) return isHttp(step.connect.data ?? '') ? 'HTTP request' : 'TCP connect';
  if ('ping' in step) return 'Ping';
  return asksDns(step) ? 'DNS query' : 'UDP request';
}

/** RFC 9112 section 3: a request begins with method, target and version. */
const isHttp = (data: string): boolean => /^[A-Z]+ \S+ HTTP\/1\.[01]\r?\n/.test(data);

/** To the port of DNS, or in its form: RFC 1035 section 4.1, a header of 12 bytes that asks one question and answers none. */
export function asksDns(step: LabStep): boolean {
  if (!('udp' in step)) return false;
  const { port, data = '' } = step.udp;
  if (port === 53) return true;
  const bytes = [...data].map((c) => c.charCodeAt(0));
  return bytes.length > 16 && (bytes[2] ?? 0) < 0x80 && bytes.slice(4, 12).join() === '0,1,0,0,0,0,0,0';
}
