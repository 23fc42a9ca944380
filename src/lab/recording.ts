import type { ConnSnapshot } from '../model';
import type { RecordedPacket } from '../wire';

/** What came of a lab, in the form in which a kernel's run can be compared with it (`recording/1`). */
export interface Recording {
  readonly format: 'recording/1';
  readonly lab: string;
  readonly by: string;
  readonly refused?: RecordedRefusal;
  readonly steps?: readonly RecordedStep[];
  readonly end?: Readonly<Record<string, RecordedEnd>>;
  readonly notModelled?: readonly NotModelled[];
}

export interface RecordedRefusal {
  readonly host: string;
  readonly tool: string;
  readonly line: number;
  readonly message: string;
}

/** Step numbers count from 1. */
export interface NotModelled {
  readonly step: number;
  readonly host: string;
  readonly what: string;
}

export interface RecordedStep {
  readonly error?: string;
  readonly exit?: number;
  readonly output?: string;
  readonly hosts?: Readonly<Record<string, RecordedHost>>;
}

export interface RecordedHost {
  readonly trace?: readonly RecordedTrace[];
  readonly wire?: readonly RecordedWire[];
  readonly conntrack?: readonly { readonly event: string; readonly entry: RecordedEntry }[];
}

export interface RecordedTrace {
  readonly tool?: 'nft';
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly rule: number | 'policy' | 'return';
  readonly in: string;
  readonly out: string;
  readonly mark: number;
  readonly verdict?: string;
  readonly packet: RecordedPacket;
}

export interface RecordedWire {
  readonly interface: string;
  readonly direction: 'in' | 'out';
  readonly packet: RecordedPacket;
}

/** Ports and ids that NAT chose at random are "random1", "random2" …. */
export interface RecordedTuple {
  readonly src: string;
  readonly dst: string;
  readonly sport?: number | string;
  readonly dport?: number | string;
  readonly type?: number;
  readonly code?: number;
  readonly id?: number | string;
}

export interface RecordedEntry {
  readonly protocol: ConnSnapshot['protocol'];
  readonly state?: string;
  readonly original: RecordedTuple;
  readonly reply: RecordedTuple;
  readonly status: readonly string[];
  readonly mark: number;
  readonly zone: number;
  readonly zoneOriginal?: number;
  readonly zoneReply?: number;
  readonly helper?: string;
}

export interface RecordedEnd {
  readonly conntrack?: readonly RecordedEntry[];
  readonly counters?: Readonly<Record<string, readonly [number, number]>>;
  readonly ipset?: Readonly<Record<string, readonly string[]>>;
  readonly ipvs?: readonly string[];
}
