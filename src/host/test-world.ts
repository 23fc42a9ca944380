import { Rng } from '../base';
import type { EventBody, Frame, PacketId, Skb, WorldPort } from '../model';
import { configureInterfaces } from './configure';
import { Host } from './host';
import type { InterfaceSpec } from './types';

/** An event with the host and the packet that it is about. */
export type Seen = EventBody & { readonly host: string; readonly packet: PacketId };

type Work =
  | { readonly kind: 'frame'; readonly from: string; readonly dev: string; readonly frame: Frame }
  | { readonly kind: 'lo'; readonly host: string; readonly skb: Skb };

/** A world for unit tests: hosts whose interfaces of one segment's name hear each other. */
export class TestWorld implements WorldPort {
  readonly epoch = 0;
  readonly rng = new Rng(1);
  readonly verbose = null;
  readonly hosts = new Map<string, Host>();
  readonly seen: Seen[] = [];
  time = 0;
  private readonly work: Work[] = [];
  private readonly programs: { readonly host: string; readonly task: unknown }[] = [];
  private readonly ordinals = new Map<string, number>();
  private busy = false;

  host(name: string, interfaces: Readonly<Record<string, InterfaceSpec>>): Host {
    const host = new Host({ name, index: this.hosts.size + 1, world: this });
    this.hosts.set(name, host);
    const refused = configureInterfaces(host, interfaces);
    if (refused) throw new Error(refused.message);
    return host;
  }

  now(): number {
    return this.time;
  }

  emit(host: string, skb: Skb | null, body: EventBody): void {
    this.seen.push({ ...body, host, packet: skb?.id ?? '' });
  }

  packetId(cause: PacketId, kind: 'reply' | 'err' | 'frag' | 'copy'): PacketId {
    const key = `${cause}.${kind}`;
    const n = (this.ordinals.get(key) ?? 0) + 1;
    this.ordinals.set(key, n);
    return key + n;
  }

  transmit(host: string, dev: string, frame: Frame): void {
    this.work.push({ kind: 'frame', from: host, dev, frame });
  }

  loopback(host: string, skb: Skb): void {
    this.work.push({ kind: 'lo', host, skb });
  }

  localBhEnable(): void {
    if (!this.busy) this.softirq();
  }

  withBhDisabled<T>(run: () => T): T {
    const before = this.busy;
    this.busy = true;
    const result = run();
    this.busy = before;
    this.localBhEnable();
    return result;
  }

  wake(host: string, task: unknown): void {
    this.programs.push({ host, task });
  }

  private softirq(): void {
    this.busy = true;
    for (let work = this.work.shift(); work; work = this.work.shift()) {
      if (work.kind === 'lo') this.hosts.get(work.host)!.loopback(work.skb);
      else this.carry(work.from, work.dev, work.frame);
    }
    this.busy = false;
  }

  private carry(from: string, dev: string, frame: Frame): void {
    const segment = this.hosts.get(from)!.devices.get(dev)!.segment;
    for (const host of this.hosts.values()) {
      for (const d of host.devices.values()) {
        if (d.segment !== segment || segment === '' || (host.name === from && d.name === dev)) continue;
        if (frame.dstMac === d.mac || frame.dstMac.startsWith('ff') || d.master !== '') host.receive(d.name, frame);
      }
    }
  }

  /** Everything that is under way comes to rest. */
  settle(): void {
    this.softirq();
    for (let p = this.programs.shift(); p; p = this.programs.shift()) {
      this.hosts.get(p.host)!.program(p.task);
      this.softirq();
    }
  }

  /** What was seen of one type, in order. */
  take<T extends EventBody['type']>(type: T): Extract<Seen, { type: T }>[] {
    return this.seen.filter((e): e is Extract<Seen, { type: T }> => e.type === type);
  }

  /** The hooks that were entered, as `host HOOK in>out packet`. */
  hooks(): string[] {
    return this.take('hook-enter').map((e) => `${e.host} ${e.hook} ${e.in}>${e.out} ${e.packet}`);
  }
}
