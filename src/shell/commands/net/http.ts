import { parseAddr } from '../../../wire';

export interface Url {
  readonly text: string;
  readonly scheme: string;
  /** As it is written, without brackets. */
  readonly host: string;
  readonly port: number;
  /** With what stands behind `?`. */
  readonly path: string;
  /** For `Host:`. */
  readonly authority: string;
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Takes an address of the web apart; null if it is none. RFC 3986 */
export function parseUrl(text: string): Url | null {
  const found =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[0-9a-f:.]+\]|[^\s/?#:[\]@]+)(?::(\d+))?([/?][^\s#]*)?(?:#.*)?$/i.exec(text);
  if (!found) return null;
  const scheme = (found[1] ?? 'http').toLowerCase();
  const literal = found[2]!.startsWith('[');
  const host = literal ? found[2]!.slice(1, -1) : found[2]!;
  if (literal && parseAddr(host) === null) return null;
  const usual = PORTS[scheme] ?? 0;
  const port = found[3] ? Number(found[3]) : usual;
  if (port > 65535) return null;
  const path = found[4] ?? '/';
  const full = found[1] === undefined ? `http://${text}` : text;
  return {
    text: found[4] === undefined ? `${full}/` : full,
    scheme,
    host,
    port,
    path: path.startsWith('/') ? path : `/${path}`,
    authority: `${found[2]}${port === usual ? '' : `:${port}`}`,
  };
}

/** What came back, taken apart. */
export interface HttpResponse {
  /** With its last empty line. */
  readonly head: string;
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** An HTTP/1 response, as far as it came; null if it is none. RFC 9112 */
export function parseResponse(text: string): HttpResponse | null {
  const end = text.indexOf('\r\n\r\n');
  const line = /^HTTP\/(\d\.\d) (\d{3})(?: ([^\r\n]*))?\r\n/.exec(text);
  if (!line || end < 0) return null;
  const head = text.slice(0, end + 4);
  const fields = new Map<string, string>();
  for (const field of head.split('\r\n').slice(1)) {
    const colon = field.indexOf(':');
    if (colon > 0) fields.set(field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim());
  }
  const length = Number(fields.get('content-length') ?? Number.POSITIVE_INFINITY);
  const body = text.slice(end + 4, end + 4 + length);
  return { head, version: line[1]!, status: Number(line[2]), reason: line[3] ?? '', fields, body };
}
