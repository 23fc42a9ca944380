import type { FrameId, Skb, TraceEvent } from '../model';
import type { Packet } from '../wire';
import type { TextReport } from './configure';
import type { RecordedEntry, RecordedRefusal } from './recording';
import type { Lab } from './types';

/** Everything that one run brought about. */
export interface Trace extends Story {
  /** By host. */
  readonly end: Readonly<Record<string, HostEnd>>;
}

/** A run without the state at its end. */
export interface Story {
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
  /** `skb`: the packet that it happened to, as it stands now. */
  add(event: TraceEvent, skb: Skb | null): void;
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

/** Sees a replay go by. */
export interface ReplayWatch {
  /** Before the event is counted. Throws to end the replay. */
  event(event: TraceEvent, skb: Skb | null): void;
}

/** The sink of a replay: keeps nothing, numbers events as the run did, and tells a watch. */
export class ReplaySink implements TraceSink {
  private next: number;
  private readonly watch: ReplayWatch;

  constructor(from: number, watch: ReplayWatch) {
    this.next = from;
    this.watch = watch;
  }

  nextId(): number {
    return this.next;
  }

  add(event: TraceEvent, skb: Skb | null): void {
    this.next++;
    this.watch.event(event, skb);
  }

  frame(): FrameId {
    return -1;
  }
}

/** Not an error: the way out of a replay, in the middle of whatever the hosts do. */
export class ReplayStop extends Error {
  readonly skb: Skb | null;
  constructor(skb: Skb | null) {
    super('replay reached its event');
    this.skb = skb;
  }
}
