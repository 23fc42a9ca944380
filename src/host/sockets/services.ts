import { concat, latin1Bytes, putU16, u16 } from '../../wire';

const BODY = 'Hello from Hookline.\n';

/** What `"serves": "http"` answers to whatever comes. */
const HTTP_ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** One fixed answer; the connection stays open until the client closes it. */
export function answerHttp(_request: Uint8Array): Uint8Array {
  return latin1Bytes(HTTP_ANSWER);
}

/** What every name resolves to. RFC 5737, RFC 3849 */
const ADDRESS4 = Uint8Array.of(192, 0, 2, 1);
const ADDRESS6 = Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/**
 * Answers a DNS query: A is 192.0.2.1, AAAA is 2001:db8::1, anything else has no records. What is no query gets nothing.
 * RFC 1035 section 4
 */
export function answerDns(query: Uint8Array): Uint8Array | null {
  if (query.length < 17 || (query[2]! & 0x80) !== 0 || u16(query, 4) !== 1) return null;
  let end = 12;
  while (end < query.length && query[end] !== 0) end += query[end]! + 1;
  end += 5;
  if (end > query.length) return null;
  const type = u16(query, end - 4);
  const address = type === 1 ? ADDRESS4 : type === 28 ? ADDRESS6 : null;
  const head = query.slice(0, end);
  putU16(head, 2, 0x8400 | ((query[2]! & 1) << 8) | 0x80);
  putU16(head, 6, address ? 1 : 0);
  putU16(head, 8, 0);
  putU16(head, 10, 0);
  if (!address) return head;
  // A pointer to the name of the question, type, class IN, 300 seconds, length.
  const record = Uint8Array.of(0xc0, 12, type >> 8, type & 255, 0, 1, 0, 0, 1, 0x2c, 0, address.length);
  return concat(head, record, address);
}
