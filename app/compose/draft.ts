import type { LabStep } from '../../src/engine';

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
/** A request for the first page of example. */
export const HTTP_QUERY = 'GET / HTTP/1.1\r\nHost: example\r\nConnection: close\r\n\r\n';
