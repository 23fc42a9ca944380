import type { FrameId, TraceEvent } from '../model';
import type { Packet } from '../wire';
import type { TextReport } from './configure';
import type { RecordedEntry, RecordedRefusal } from './recording';
import type { Lab } from './types';

/** Everything that one run brought about. */
export interface Trace {
  readonly lab: Lab;
  readonly events: readonly TraceEvent[];
  /** Bytes of packets; events point here. */
  readonly frames: readonly Uint8Array[];
  /** The steps of the recording; those of the lab that are many for the kernel have several. */
  readonly steps: readonly TraceStep[];
  readonly userSteps: readonly UserStepRange[];
  /** What the real tools would refuse first. The run went on without the lines that are wrong. */
  readonly refused: RecordedRefusal | null;
  readonly texts: readonly TextReport[];
  /** By host. */
  readonly end: Readonly<Record<string, HostEnd>>;
}

/** One step as the kernel would be given it. Events from `from` to `to - 1` are what followed. */
export interface TraceStep {
  readonly userStep: number;
  readonly kind: 'send' | 'receive' | 'run' | 'wait';
  readonly from: number;
  readonly to: number;
  readonly error?: string;
  readonly exit?: number;
  readonly output?: string;
}

export interface UserStepRange {
  readonly from: number;
  readonly to: number;
  /** Steps of the recording. */
  readonly firstStep: number;
  readonly lastStep: number;
  readonly stopped: boolean;
}

/** The state of a host at the end, as a recording has it. */
export interface HostEnd {
  readonly conntrack: readonly RecordedEntry[];
  readonly counters: Readonly<Record<string, readonly [number, number]>>;
  readonly ipset: Readonly<Record<string, readonly string[]>>;
}

/** Where events go. It is no part of a world's state: a copy of a world gets a sink of its own. */
export interface TraceSink {
  /** The id that the next event gets. */
  nextId(): number;
  add(event: TraceEvent): void;
  frame(packet: Packet): FrameId;
}

/** The sink of a run: keeps all. */
export class Recorder implements TraceSink {
  readonly events: TraceEvent[] = [];
  readonly frames: Uint8Array[] = [];
  private readonly known = new Map<Packet, FrameId>();

  nextId(): number {
    return this.events.length;
  }

  add(event: TraceEvent): void {
    this.events.push(event);
  }

  frame(packet: Packet): FrameId {
    const known = this.known.get(packet);
    if (known !== undefined) return known;
    const id = this.frames.length;
    this.frames.push(packet.bytes);
    this.known.set(packet, id);
    return id;
  }

  /** What a run that goes on from a checkpoint begins with: the first events and frames, as they were. */
  fork(events: number, frames: number): Recorder {
    const copy = new Recorder();
    for (let i = 0; i < events; i++) copy.events.push(this.events[i]!);
    for (let i = 0; i < frames; i++) copy.frames.push(this.frames[i]!);
    for (const [packet, id] of this.known) if (id < frames) copy.known.set(packet, id);
    return copy;
  }
}

/** A sink that throws `ReplayStop` when the event with a given id has happened. Counts; keeps that event only. */
export class ReplaySink implements TraceSink {
  private next: number;
  readonly last: number;
  private readonly frames: (packet: Packet) => FrameId;

  constructor(from: number, last: number, frames: (packet: Packet) => FrameId = () => -1) {
    this.next = from;
    this.last = last;
    this.frames = frames;
  }

  nextId(): number {
    return this.next;
  }

  add(event: TraceEvent): void {
    this.next++;
    if (event.id >= this.last) throw new ReplayStop(event);
  }

  frame(packet: Packet): FrameId {
    return this.frames(packet);
  }
}

/** Not an error: the way out of a replay, in the middle of whatever the hosts do. */
export class ReplayStop extends Error {
  readonly event: TraceEvent;
  constructor(event: TraceEvent) {
    super('replay reached its event');
    this.event = event;
  }
}
