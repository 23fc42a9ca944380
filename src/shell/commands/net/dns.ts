import { addrFromBytes, concat, latin1Bytes, parseAddr, putU16, u16, u32 } from '../../../wire';

/** Types of records by name. RFC 1035 and others */
export const DNS_TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  DNSKEY: 48,
  HTTPS: 65,
  ANY: 255,
  CAA: 257,
};

const OPT = 41;

interface DnsQuery {
  readonly id: number;
  /** With its last dot. */
  readonly name: string;
  readonly type: number;
  readonly recursion: boolean;
  readonly edns: boolean;
}

/** Bytes of a query as dig asks it: AD is set, and with EDNS a cookie. RFC 1035 section 4, RFC 6891, RFC 7873 */
export function dnsQuery({ id, name, type, recursion, edns }: DnsQuery): Uint8Array {
  const head = new Uint8Array(12);
  putU16(head, 0, id);
  putU16(head, 2, 0x20 | (recursion ? 0x100 : 0));
  putU16(head, 4, 1);
  putU16(head, 10, edns ? 1 : 0);
  const labels = name.split('.').filter((l) => l !== '');
  const question = concat(
    ...labels.flatMap((l) => [Uint8Array.of(l.length), latin1Bytes(l)]),
    Uint8Array.of(0, type >> 8, type & 255, 0, 1),
  );
  if (!edns) return concat(head, question);
  const cookie = Uint8Array.from({ length: 8 }, (_, i) => (id * (2 * i + 3) + 17 * i) & 255);
  const opt = Uint8Array.of(0, 0, OPT, 1232 >> 8, 1232 & 255, 0, 0, 0, 0, 0, 12, 0, 10, 0, 8);
  return concat(head, question, opt, cookie);
}

/** The name that an address is looked up by backwards; null if it is no address. RFC 1035 section 3.5, RFC 3596 */
export function reverseName(word: string): string | null {
  const addr = parseAddr(word);
  if (addr === null) return null;
  if (!addr.includes(':')) return `${addr.split('.').reverse().join('.')}.in-addr.arpa.`;
  const [left = '', right] = addr.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':'));
  const before = words(left);
  const after = right === undefined ? [] : words(right);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = right === undefined ? before : [...before, ...zeros, ...after];
  const digits = all.map((w) => w.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
}

export interface DnsRecord {
  readonly name: string;
  readonly ttl: number;
  readonly type: number;
  readonly class: number;
  /** As it is written in a zone file; what is not known, as RFC 3597 has it. */
  readonly data: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly flags: number;
  readonly questions: readonly { readonly name: string; readonly type: number }[];
  readonly answers: readonly DnsRecord[];
  readonly counts: readonly [question: number, answer: number, authority: number, additional: number];
  /** The EDNS record: its size, and a cookie in hexadecimal. */
  readonly opt: { readonly size: number; readonly cookie: string } | null;
}

/** Reads a message; null if it is cut short or malformed. */
export function readDns(bytes: Uint8Array): DnsMessage | null {
  try {
    return new Reader(bytes).message();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

class Reader {
  private at = 12;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  message(): DnsMessage {
    this.need(0, 12);
    const count = (i: number) => u16(this.bytes, 4 + 2 * i);
    const counts = [count(0), count(1), count(2), count(3)] as const;
    const questions = Array.from({ length: counts[0] }, () => {
      const name = this.name();
      const type = this.u16();
      this.u16();
      return { name, type };
    });
    const answers = Array.from({ length: counts[1] }, () => this.record().record);
    for (let i = 0; i < counts[2]; i++) this.record();
    let opt: DnsMessage['opt'] = null;
    for (let i = 0; i < counts[3]; i++) {
      const { record, raw } = this.record();
      const cookie = raw.length >= 12 && u16(raw, 0) === 10 ? raw.slice(4, 4 + u16(raw, 2)) : new Uint8Array(0);
      if (record.type === OPT) opt = { size: record.class, cookie: hex(cookie) };
    }
    return { id: u16(this.bytes, 0), flags: u16(this.bytes, 2), questions, answers, counts, opt };
  }

  private need(at: number, length: number): void {
    if (at + length > this.bytes.length) throw new RangeError('cut short');
  }

  private u16(): number {
    this.need(this.at, 2);
    this.at += 2;
    return u16(this.bytes, this.at - 2);
  }

  private name(): string {
    let text = '';
    let end: number | null = null;
    for (let hops = 0; hops < 128; hops++) {
      this.need(this.at, 1);
      const length = this.bytes[this.at]!;
      if (length >= 0xc0) {
        this.need(this.at, 2);
        end ??= this.at + 2;
        this.at = u16(this.bytes, this.at) & 0x3fff;
        continue;
      }
      this.at++;
      if (length === 0) {
        this.at = end ?? this.at;
        return text === '' ? '.' : text;
      }
      this.need(this.at, length);
      text += `${String.fromCharCode(...this.bytes.subarray(this.at, this.at + length))}.`;
      this.at += length;
    }
    throw new RangeError('names in a circle');
  }

  private record(): { readonly record: DnsRecord; readonly raw: Uint8Array } {
    const name = this.name();
    const type = this.u16();
    const klass = this.u16();
    this.need(this.at, 6);
    const ttl = u32(this.bytes, this.at);
    const length = u16(this.bytes, this.at + 4);
    this.at += 6;
    this.need(this.at, length);
    const raw = this.bytes.slice(this.at, this.at + length);
    this.at += length;
    return { record: { name, ttl, type, class: klass, data: dataText(type, raw) }, raw };
  }
}

function dataText(type: number, raw: Uint8Array): string {
  if ((type === 1 && raw.length === 4) || (type === 28 && raw.length === 16))
    return addrFromBytes(raw, 0, raw.length === 4 ? 4 : 6);
  return `\\# ${raw.length} ${hex(raw).toUpperCase()}`;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export function dnsTypeName(type: number): string {
  return Object.keys(DNS_TYPES).find((name) => DNS_TYPES[name] === type) ?? `TYPE${type}`;
}
