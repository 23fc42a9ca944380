import type { Lab, LabStep, SendStep } from '../../src/engine';
import { type Address, addressesOf, freeAddress, parseAddress, parseTarget, type Target } from './addresses';
import { payloadOfText, payloadToText } from './payloadText';

export type LabPacket = SendStep['packet'];
export type Preset = 'ping' | 'tcp' | 'http' | 'dns' | 'custom' | 'command' | 'wait';
export type Protocol = 'tcp' | 'udp' | 'icmp' | 'icmpv6' | 'other';

/** What is in the composer's fields, as typed. An empty field means: as the system would choose. */
export interface Draft {
  readonly preset: Preset;
  readonly host: string;
  /** The interface that it arrives on from a machine outside of the lab; '' if a process of the host sends it. */
  readonly interface: string;
  readonly to: string;
  readonly src: string;
  readonly protocol: Protocol;
  readonly number: string;
  readonly sport: string;
  readonly ttl: string;
  readonly tos: string;
  readonly id: string;
  readonly df: boolean;
  /** Letters of FSRPAUEC. */
  readonly flags: string;
  readonly seq: string;
  readonly ack: string;
  readonly window: string;
  readonly mss: string;
  readonly payload: string;
  readonly type: string;
  readonly code: string;
  readonly icmpId: string;
  readonly icmpSeq: string;
  readonly offset: string;
  readonly length: string;
  readonly badChecksum: boolean;
  readonly count: string;
  readonly size: string;
  readonly close: boolean;
  readonly command: string;
  readonly seconds: string;
  /** The step that is edited: what the fields do not show is kept from it. */
  readonly base: LabStep | null;
}

export type Field = keyof Draft;
export type Problems = Partial<Record<Field, string>>;
export type Composed =
  | { readonly ok: true; readonly step: LabStep }
  | { readonly ok: false; readonly problems: Problems };

export const EMPTY_DRAFT: Draft = {
  preset: 'tcp',
  host: '',
  interface: '',
  to: '',
  src: '',
  protocol: 'tcp',
  number: '47',
  sport: '',
  ttl: '',
  tos: '',
  id: '',
  df: true,
  flags: 'S',
  seq: '',
  ack: '',
  window: '',
  mss: '',
  payload: '',
  type: '8',
  code: '0',
  icmpId: '',
  icmpSeq: '',
  offset: '',
  length: '',
  badChecksum: false,
  count: '',
  size: '',
  close: false,
  command: '',
  seconds: '10',
  base: null,
};

/** The port that a preset goes to if none is written. */
export function defaultPort(preset: Preset): number | null {
  switch (preset) {
    case 'tcp':
    case 'http':
    case 'custom':
      return 80;
    case 'dns':
      return 53;
    default:
      return null;
  }
}

/** The fields that the header section has for a draft, beside those that are always there. */
export function fieldsOf(draft: Draft): readonly Field[] {
  const { preset } = draft;
  if (preset === 'command' || preset === 'wait') return [];
  const custom = preset === 'custom';
  if (draft.interface === '' && !custom) {
    if (preset === 'ping') return ['src', 'ttl', 'count', 'size', 'icmpId'];
    if (preset === 'dns') return ['src', 'sport', 'payload'];
    return preset === 'http' ? ['src', 'sport', 'payload'] : ['src', 'sport', 'payload', 'close'];
  }
  const ip: readonly Field[] = ['src', 'ttl', 'tos', 'id', 'df'];
  const piece: readonly Field[] = ['offset', 'length', 'badChecksum'];
  const protocol = custom ? draft.protocol : preset === 'ping' ? 'icmp' : preset === 'dns' ? 'udp' : 'tcp';
  switch (protocol) {
    case 'tcp':
      return [...ip, 'sport', 'flags', 'seq', 'ack', 'window', 'mss', 'payload', ...piece];
    case 'udp':
      return [...ip, 'sport', 'payload', ...piece];
    case 'icmp':
    case 'icmpv6':
      return [...ip, 'type', 'code', 'icmpId', 'icmpSeq', 'payload', ...piece];
    case 'other':
      return [...ip, 'number', 'payload', 'offset', 'length'];
  }
}

/** A question for the A record of example.com. */
export const DNS_QUERY = '\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03com\0\0\x01\0\x01';
export const HTTP_QUERY = 'GET / HTTP/1.1\r\nHost: example\r\nConnection: close\r\n\r\n';

/** The step that the fields describe, or what is wrong with which of them. */
export function composeStep(draft: Draft, lab: Lab): Composed {
  const problems: Record<string, string> = {};
  const bad = (field: Field, sentence: string): void => {
    problems[field] ??= sentence;
  };
  const done = (step: LabStep): Composed =>
    Object.keys(problems).length > 0
      ? { ok: false, problems: problems as Problems }
      : { ok: true, step: withHead(step, draft) };

  const host = lab.hosts[draft.host];
  if (draft.preset === 'wait') {
    const seconds = Number(draft.seconds);
    if (draft.seconds.trim() === '' || !(seconds >= 0)) bad('seconds', 'A number of seconds is wanted.');
    else if (seconds > 1e9) bad('seconds', 'That is more than thirty years.');
    return done({ wait: { seconds } });
  }
  if (host === undefined) bad('host', 'Choose the host that sends it.');
  if (draft.preset === 'command') {
    if (draft.command.trim() === '') bad('command', 'Write a command, such as iptables -D FORWARD 1.');
    const before = draft.base !== null && 'run' in draft.base ? draft.base.run : null;
    return done({ run: { ...before, host: draft.host, command: draft.command } });
  }
  if (host !== undefined && draft.interface !== '') {
    const device = host.interfaces?.[draft.interface];
    if (device === undefined) bad('host', `${draft.host} has no interface ${draft.interface}.`);
    else if ((device.kind ?? 'segment') !== 'segment')
      bad('host', `Nothing can arrive on ${draft.interface}: it is on no segment.`);
  }

  const target = parseTarget(draft.to, lab);
  if (typeof target === 'string') {
    bad('to', target);
    return done({ wait: { seconds: 0 } });
  }
  const shown = new Set(fieldsOf(draft));
  const whole = (field: Field, low: number, high: number, what: string): number | undefined => {
    const text = String(draft[field]).trim();
    if (!shown.has(field) || text === '') return undefined;
    const value = /^0x[0-9a-f]+$/i.test(text)
      ? Number.parseInt(text, 16)
      : /^\d+$/.test(text)
        ? Number(text)
        : Number.NaN;
    if (Number.isNaN(value) || value < low || value > high)
      bad(field, `${what} is a whole number from ${low} to ${high}.`);
    return value;
  };
  const src = draft.src.trim();
  if (shown.has('src') && src !== '') {
    const address = parseAddress(src);
    if (address === null) bad('src', `“${src}” is not an address.`);
    else if (address.family !== target.family) bad('src', 'Source and destination must both be IPv4 or both be IPv6.');
  }
  const needPort = draft.preset !== 'ping' && !(draft.preset === 'custom' && !['tcp', 'udp'].includes(draft.protocol));
  if (!needPort && target.port !== null && draft.preset === 'ping') bad('to', 'A ping has no port.');
  const port = target.port ?? defaultPort(draft.preset) ?? 80;

  if (draft.interface === '' && draft.preset !== 'custom') return done(socketStep());
  const packet = packetOf();
  const where = draft.interface;
  if (where === '') {
    return done({
      send: { ...(draft.base !== null && 'send' in draft.base ? draft.base.send : {}), host: draft.host, packet },
    });
  }
  const before = draft.base !== null && 'receive' in draft.base ? draft.base.receive : {};
  return done({ receive: { ...before, host: draft.host, interface: where, packet } });

  /** A step of the lab's own client sockets. */
  function socketStep(): LabStep {
    const to = (target as Target).address;
    const head = { host: draft.host, to, ...(shown.has('src') && src !== '' ? { src } : {}) };
    if (draft.preset === 'ping') {
      return {
        ping: clean({
          ...head,
          ttl: whole('ttl', 1, 255, 'A TTL'),
          count: whole('count', 1, 100, 'The count'),
          size: whole('size', 0, 65507, 'The size'),
          id: whole('icmpId', 0, 65535, 'An ICMP id'),
        }),
      };
    }
    const data = payloadText('payload');
    const sport = whole('sport', 1, 65535, 'A port');
    if (draft.preset === 'dns') return { udp: clean({ ...head, port, sport, data: data ?? DNS_QUERY }) };
    if (draft.preset === 'http')
      return { connect: clean({ ...head, port, sport, data: data ?? HTTP_QUERY, close: true }) };
    return { connect: clean({ ...head, port, sport, data, close: draft.close ? true : undefined }) };
  }

  function payloadText(field: 'payload'): string | undefined {
    const read = payloadOfText(draft[field]);
    if (typeof read === 'object' && 'problem' in read) {
      bad(field, read.problem);
      return undefined;
    }
    if (typeof read === 'object') {
      const text = read.repeat.repeat(Math.ceil(read.count / read.repeat.length)).slice(0, read.count);
      return text;
    }
    return read === '' ? undefined : read;
  }

  function packetOf(): LabPacket {
    const { family } = target as Target;
    const old = oldPacket(draft.base);
    const read = shown.has('payload') ? payloadOfText(draft.payload) : '';
    if (typeof read === 'object' && 'problem' in read) bad('payload', read.problem);
    const payload = read === '' || (typeof read === 'object' && 'problem' in read) ? undefined : read;
    const offset = whole('offset', 0, 65528, 'The offset');
    const length = whole('length', 0, 65535, 'The length');
    if (offset !== undefined && offset % 8 !== 0) bad('offset', 'The offset of a fragment is a multiple of 8.');
    const fragment = offset === undefined && length === undefined ? undefined : clean({ offset: offset ?? 0, length });
    const source = src === '' ? sourceFor(draft, lab, target as Target) : src;
    if (source === null) bad('src', 'No source address can be guessed here. Write one.');
    const ip = {
      src: source ?? '',
      dst: (target as Target).address,
      ttl: whole('ttl', 0, 255, family === 4 ? 'A TTL' : 'A hop limit'),
      tos: whole('tos', 0, 255, 'A TOS'),
      id: whole('id', 0, family === 4 ? 65535 : 0xffffffff, 'An id'),
      df: family === 6 || draft.df === (fragment === undefined) ? undefined : draft.df,
      fragment,
      badChecksum: shown.has('badChecksum') && draft.badChecksum ? true : undefined,
    };
    const sport = whole('sport', 0, 65535, 'A port') ?? 40000 + lab.steps.length;
    switch (protocolOf(draft, family)) {
      case 'tcp':
        if (!/^(?!.*(.).*\1)[FSRPAUEC]*$/.test(draft.flags))
          bad('flags', 'Flags are letters of F S R P A U E C, each once.');
        return clean({
          ...ip,
          tcp: clean({
            ...old?.tcp,
            sport,
            dport: port,
            flags: 'FSRPAUEC'
              .split('')
              .filter((f) => draft.flags.includes(f))
              .join(''),
            seq: whole('seq', 0, 0xffffffff, 'A sequence number'),
            ack: whole('ack', 0, 0xffffffff, 'An acknowledgement number'),
            window: whole('window', 0, 65535, 'A window'),
            mss: whole('mss', 0, 65535, 'An MSS'),
            payload,
          }),
        });
      case 'udp': {
        const query = draft.preset === 'dns' ? DNS_QUERY : undefined;
        return clean({ ...ip, udp: clean({ sport, dport: port, payload: payload ?? query }) });
      }
      case 'icmp':
      case 'icmpv6': {
        const ping = draft.preset === 'ping';
        const six = family === 6;
        if (draft.protocol === 'icmpv6' && !six && !ping) bad('protocol', 'ICMPv6 goes to IPv6 addresses.');
        if (draft.protocol === 'icmp' && six && draft.preset === 'custom')
          bad('protocol', 'To an IPv6 address goes ICMPv6.');
        const message = clean({
          ...(six ? old?.icmpv6 : old?.icmp),
          type: ping ? (six ? 128 : 8) : (whole('type', 0, 255, 'A type') ?? 8),
          code: ping ? 0 : (whole('code', 0, 255, 'A code') ?? 0),
          id: whole('icmpId', 0, 65535, 'An ICMP id') ?? (ping ? 1 : undefined),
          seq: whole('icmpSeq', 0, 65535, 'A sequence number') ?? (ping ? 1 : undefined),
          payload,
        });
        return clean(six ? { ...ip, icmpv6: message } : { ...ip, icmp: message });
      }
      case 'other': {
        const protocol = whole('number', 0, 255, 'A protocol number') ?? 47;
        return clean({ ...ip, badChecksum: undefined, protocol, payload });
      }
    }
  }
}

function protocolOf(draft: Draft, family: 4 | 6): Protocol {
  if (draft.preset === 'custom') return draft.protocol;
  if (draft.preset === 'ping') return family === 6 ? 'icmpv6' : 'icmp';
  return draft.preset === 'dns' ? 'udp' : 'tcp';
}

/** The source that a packet gets if none is written: the host's own, or that of a machine on the wire. */
export function sourceFor(
  draft: Pick<Draft, 'host' | 'interface'>,
  lab: Lab,
  target: Pick<Target, 'family'>,
): string | null {
  const host = lab.hosts[draft.host];
  if (host === undefined) return null;
  const fitting = addressesOf(host).filter((a) => a.net.family === target.family);
  if (draft.interface === '') return fitting[0]?.text ?? null;
  const here = fitting.find((a) => a.interface === draft.interface) ?? fitting[0];
  return here === undefined ? null : freeAddress(lab, here.net);
}

/** Title and notes of the step that is edited stay with it. */
function withHead(step: LabStep, { base }: Draft): LabStep {
  if (base === null) return step;
  return {
    ...step,
    ...(base.title === undefined ? {} : { title: base.title }),
    ...(base.notes === undefined ? {} : { notes: base.notes }),
  };
}

function oldPacket(base: LabStep | null): LabPacket | null {
  if (base === null) return null;
  if ('send' in base) return base.send.packet;
  return 'receive' in base ? base.receive.packet : null;
}

/** Without the members that are undefined. */
function clean<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

const text = (value: number | string | undefined): string => (value === undefined ? '' : String(value));
const pair = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** A step as fields, so that it can be edited. */
export function draftOfStep(step: LabStep): Draft {
  const base: Draft = { ...EMPTY_DRAFT, base: step };
  if ('wait' in step) return { ...base, preset: 'wait', seconds: String(step.wait.seconds) };
  if ('run' in step) return { ...base, preset: 'command', host: step.run.host, command: step.run.command };
  if ('ping' in step) {
    const { host, to, src, ttl, count, size, id } = step.ping;
    const more = { src: text(src), ttl: text(ttl), count: text(count), size: text(size), icmpId: text(id) };
    return { ...base, preset: 'ping', host, to, ...more };
  }
  if ('connect' in step) {
    const { host, to, port, data, close, src, sport } = step.connect;
    const http = data === HTTP_QUERY && close === true;
    const more = {
      src: text(src),
      sport: text(sport),
      payload: http ? '' : payloadToText(data),
      close: !http && close === true,
    };
    return { ...base, preset: http ? 'http' : 'tcp', host, to: pair(to, port), ...more };
  }
  if ('udp' in step) {
    const { host, to, port, data, src, sport } = step.udp;
    if (port !== 53 && data !== DNS_QUERY && data === undefined) {
      // A datagram without data is a packet of one's own: the DNS preset would put a question into it.
      return {
        ...base,
        preset: 'custom',
        protocol: 'udp',
        host,
        to: pair(to, port),
        src: text(src),
        sport: text(sport),
        base: null,
      };
    }
    const more = { src: text(src), sport: text(sport), payload: data === DNS_QUERY ? '' : payloadToText(data) };
    return { ...base, preset: 'dns', host, to: pair(to, port), ...more };
  }
  const where =
    'send' in step
      ? { host: step.send.host, interface: '' }
      : { host: step.receive.host, interface: step.receive.interface };
  const packet = 'send' in step ? step.send.packet : step.receive.packet;
  const { tcp, udp, fragment } = packet;
  const icmp = packet.icmp ?? packet.icmpv6;
  const ports = tcp ?? udp;
  return {
    ...base,
    ...where,
    preset: 'custom',
    to: ports === undefined ? packet.dst : pair(packet.dst, ports.dport),
    src: packet.src,
    ttl: text(packet.ttl),
    tos: text(packet.tos),
    id: text(packet.id),
    df: packet.df ?? fragment === undefined,
    protocol: tcp ? 'tcp' : udp ? 'udp' : packet.icmp ? 'icmp' : packet.icmpv6 ? 'icmpv6' : 'other',
    number: text(packet.protocol),
    sport: text(ports?.sport),
    flags: tcp === undefined ? 'S' : (tcp.flags ?? ''),
    seq: text(tcp?.seq),
    ack: text(tcp?.ack),
    window: text(tcp?.window),
    mss: text(tcp?.mss),
    payload: payloadToText(tcp?.payload ?? udp?.payload ?? icmp?.payload ?? packet.payload),
    type: text(icmp?.type ?? 8),
    code: text(icmp?.code ?? 0),
    icmpId: text(icmp?.id),
    icmpSeq: text(icmp?.seq),
    offset: text(fragment?.offset),
    length: text(fragment?.length),
    badChecksum: packet.badChecksum ?? false,
  };
}

export type { Address };
