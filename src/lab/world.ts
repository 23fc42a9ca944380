import { cloneStateCounted, Rng, type SimTime } from '../base';
import type { Host } from '../host';
import type { EventBody, Frame, PacketId, Skb, TraceEvent, VerboseWalk, WorldPort } from '../model';
import type { Heard } from '../shell';
import { type Addr, type Packet, payloadOf, TCP_FIN, TCP_SYN } from '../wire';
import { forward, type Segment } from './segments';
import type { TraceSink } from './trace';

/** Events that one step may bring about: a loop of bridges has no spanning tree here that would stop it. */
export const STEP_BUDGET = 1_000_000;

/** What waits in the backlog, as on one processor. */
type Work =
  /** A frame on its segment's switch. */
  | { readonly kind: 'segment'; readonly host: string; readonly dev: string; readonly frame: Frame }
  | { readonly kind: 'receive'; readonly host: string; readonly dev: string; readonly frame: Frame }
  | { readonly kind: 'loopback'; readonly host: string; readonly skb: Skb };

/** What was delivered on a host. */
export interface Ear {
  readonly host: string;
  readonly heard: Heard[];
}

/** Thrown where a step has used up its budget; caught where the step was begun. */
export class BudgetSpent extends Error {}

/**
 * All hosts of a lab and the wires between them, at one moment. Everything in it that changes is plain state, so that
 * `copyOf` can make a checkpoint; the sink of events and the listener are not part of it.
 */
export class World implements WorldPort {
  readonly hosts = new Map<string, Host>();
  readonly rng: Rng;
  readonly epoch: number;
  readonly segments: Map<string, Segment>;
  /** Segment by host and interface. */
  readonly wires: ReadonlyMap<string, string>;
  time: SimTime = 0;
  /** Steps from 0: that of the recording and that of the lab. */
  step = 0;
  userStep = 0;
  budget = STEP_BUDGET;
  sink: TraceSink | null;
  verbose: VerboseWalk | null = null;
  /** Hears what is delivered on a host, while a command there waits for answers. */
  ear: Ear | null = null;
  /** The sequence number that the lab's side of a conversation goes on with, and what it has to acknowledge. */
  readonly nextSeq = new Map<string, number>();
  readonly seen = new Map<string, number>();
  private backlog: Work[] = [];
  private head = 0;
  private inSoftirq = false;
  private programs: { readonly host: string; readonly task: unknown }[] = [];
  private readonly ordinals = new Map<string, number>();

  constructor(options: {
    readonly seed: number;
    readonly epoch: number;
    readonly segments: Map<string, Segment>;
    readonly wires: ReadonlyMap<string, string>;
    readonly sink: TraceSink;
  }) {
    this.rng = new Rng(options.seed);
    this.epoch = options.epoch;
    this.segments = options.segments;
    this.wires = options.wires;
    this.sink = options.sink;
  }

  now(): SimTime {
    return this.time;
  }

  host(name: string): Host {
    const host = this.hosts.get(name);
    if (!host) throw new Error(`no host ${name}`);
    return host;
  }

  names(): ReadonlyMap<string, readonly Addr[]> {
    const of = (host: Host) => host.interfaces().flatMap((i) => (i.kind === 'loopback' ? [] : i.addresses));
    return new Map([...this.hosts].map(([name, host]) => [name, of(host).map((a) => a.addr)]));
  }

  emit(host: string, skb: Skb | null, body: EventBody): void {
    const { sink } = this;
    if (!sink) return;
    if (--this.budget < 0) throw new BudgetSpent();
    if (skb && body.type === 'not-modelled') skb.uncertain = true;
    const event: TraceEvent = {
      id: sink.nextId(),
      step: this.step,
      userStep: this.userStep,
      at: this.time,
      host,
      packet: skb ? skb.id : '',
      frame: skb ? sink.frame(skb.packet) : -1,
      mark: skb ? skb.mark : 0,
      ...(skb?.uncertain ? { uncertain: true as const } : null),
      ...body,
    };
    if (skb) this.notice(host, skb.packet, body);
    if (skb && body.type === 'deliver' && this.ear?.host === host)
      this.ear.heard.push({ packet: skb.packet, at: this.time });
    sink.add(event, skb);
  }

  /** An event about a packet that no host has yet. */
  emitPacket(host: string, id: PacketId, packet: Packet, body: EventBody): void {
    const { sink } = this;
    if (!sink) return;
    if (--this.budget < 0) throw new BudgetSpent();
    const { step, userStep, time: at } = this;
    sink.add(
      { id: sink.nextId(), step, userStep, at, host, packet: id, frame: sink.frame(packet), mark: 0, ...body },
      null,
    );
  }

  /** Remembers what the lab's own side of a TCP conversation got: it acknowledges that when it sends again. */
  private notice(host: string, packet: Packet, body: EventBody): void {
    if (!packet.tcp) return;
    if (body.type === 'wire' && body.direction === 'out') this.saw(host, body.interface, packet);
    else if (body.type === 'deliver' && body.to === 'own-port') this.saw(host, '', packet);
  }

  private saw(host: string, dev: string, packet: Packet): void {
    const tcp = packet.tcp!;
    const length = payloadOf(packet).length + (tcp.flags & TCP_SYN ? 1 : 0) + (tcp.flags & TCP_FIN ? 1 : 0);
    const key = conversation(host, dev, packet.src, packet.dst, tcp.sport, tcp.dport);
    this.seen.set(key, (tcp.seq + length) >>> 0);
  }

  packetId(cause: PacketId, kind: 'reply' | 'err' | 'frag' | 'copy'): PacketId {
    const key = `${cause}.${kind}`;
    const n = (this.ordinals.get(key) ?? 0) + 1;
    this.ordinals.set(key, n);
    return key + n;
  }

  transmit(host: string, dev: string, frame: Frame): void {
    this.backlog.push({ kind: 'segment', host, dev, frame });
  }

  /** A frame from a machine that the lab does not model arrives. */
  inject(host: string, dev: string, frame: Frame): void {
    this.backlog.push({ kind: 'receive', host, dev, frame });
  }

  loopback(host: string, skb: Skb): void {
    this.backlog.push({ kind: 'loopback', host, skb });
  }

  wake(host: string, task: unknown): void {
    this.programs.push({ host, task });
  }

  localBhEnable(): void {
    if (!this.inSoftirq) while (this.softirq());
  }

  withBhDisabled<T>(run: () => T): T {
    const before = this.inSoftirq;
    this.inSoftirq = true;
    const result = run();
    this.inSoftirq = before;
    this.localBhEnable();
    return result;
  }

  /** Does the next thing that waits. False if all is quiet. */
  turn(): boolean {
    if (this.softirq()) return true;
    const program = this.programs.shift();
    if (program) this.host(program.host).program(program.task);
    return program !== undefined;
  }

  /** Takes one thing from the backlog. */
  private softirq(): boolean {
    const work = this.backlog[this.head];
    if (!work) return false;
    this.head++;
    if (this.head === this.backlog.length || this.head >= 4096) {
      this.backlog = this.backlog.slice(this.head);
      this.head = 0;
    }
    this.inSoftirq = true;
    this.perform(work);
    this.inSoftirq = false;
    return true;
  }

  private perform(work: Work): void {
    switch (work.kind) {
      case 'loopback':
        this.host(work.host).loopback(work.skb);
        return;
      case 'receive':
        this.host(work.host).receive(work.dev, work.frame);
        return;
      case 'segment': {
        const segment = this.segments.get(this.wires.get(`${work.host} ${work.dev}`) ?? '');
        if (!segment) return;
        for (const port of forward(segment, work, work.frame.srcMac, work.frame.dstMac)) {
          this.backlog.push({ kind: 'receive', host: port.host, dev: port.dev, frame: work.frame });
        }
      }
    }
  }

  /** Gives up what is under way, so that the next step begins in quiet. */
  dropWork(): void {
    this.backlog = [];
    this.head = 0;
    this.inSoftirq = false;
    this.programs = [];
  }

  /** The moment of the next timer of any host. */
  nextTimer(): SimTime {
    let next = Number.POSITIVE_INFINITY;
    for (const host of this.hosts.values()) next = Math.min(next, host.nextTimer());
    return next;
  }

  runTimers(): void {
    this.inSoftirq = true; // timers run there too
    for (const host of this.hosts.values()) if (host.nextTimer() <= this.time) host.runTimers();
    this.inSoftirq = false;
  }
}

/** A copy that shares nothing which can change, and has no sink yet. */
export function copyOf(world: World): World {
  return countedCopyOf(world).copy;
}

/** `objects`: how many the copy is made of. */
export function countedCopyOf(world: World): { readonly copy: World; readonly objects: number } {
  const { sink, verbose, ear } = world;
  world.sink = null;
  world.verbose = null;
  world.ear = null;
  try {
    return cloneStateCounted(world);
  } finally {
    world.sink = sink;
    world.verbose = verbose;
    world.ear = ear;
  }
}

/** The key of one direction of a conversation, as one side of the lab sees it. `dev` '' for a local program. */
export function conversation(
  host: string,
  dev: string,
  src: string,
  dst: string,
  sport: number,
  dport: number,
): string {
  return `${host} ${dev} ${src} ${dst} ${sport} ${dport}`;
}
