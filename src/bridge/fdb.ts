import { isMulticastMac } from '../wire';

/**
 * One bridge: its ports and where it has learned MACs to be. No spanning tree, no multicast snooping, no ageing.
 * Kernel: struct net_bridge, net/bridge/br_fdb.c
 */
export class Bridge {
  readonly name: string;
  /** Newest first, as the kernel keeps them: that is the order in which it floods. */
  private ports: readonly string[] = [];
  private readonly learned = new Map<string, string>();
  /** MACs of the bridge itself and of its ports. */
  private readonly own = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  /** Kernel: br_add_if() */
  addPort(port: string, mac: string): void {
    if (this.ports.includes(port)) return;
    this.ports = [port, ...this.ports];
    this.own.set(mac, port);
  }

  removePort(port: string): void {
    this.ports = this.ports.filter((p) => p !== port);
    for (const map of [this.learned, this.own]) for (const [mac, at] of [...map]) if (at === port) map.delete(mac);
  }

  /** The bridge's own MAC: frames to it go up. */
  setMac(mac: string): void {
    for (const [old, at] of [...this.own]) if (at === this.name) this.own.delete(old);
    this.own.set(mac, this.name);
  }

  portList(): readonly string[] {
    return this.ports;
  }

  /** A frame from this MAC came in by this port. Kernel: br_fdb_update() */
  learn(mac: string, port: string): void {
    if (!isMulticastMac(mac) && !this.own.has(mac)) this.learned.set(mac, port);
  }

  /** `bridge fdb show`, what was learned. */
  entries(): readonly { readonly mac: string; readonly port: string }[] {
    return [...this.learned].map(([mac, port]) => ({ mac, port }));
  }

  /**
   * What becomes of a frame. `from` is the port that it came by, or the bridge itself for what the host sends.
   * Kernel: br_handle_frame_finish(), br_dev_xmit(), br_flood(), should_deliver()
   */
  decide(from: string, dstMac: string, hairpin: (port: string) => boolean): Decision {
    const allowed = (port: string) => port !== from || hairpin(port);
    if (isMulticastMac(dstMac)) return { to: this.ports.filter(allowed), local: from !== this.name, flooded: true };
    if (this.own.has(dstMac)) return { to: [], local: from !== this.name, flooded: false };
    const known = this.learned.get(dstMac);
    if (known !== undefined) return { to: allowed(known) ? [known] : [], local: false, flooded: false };
    return { to: this.ports.filter(allowed), local: false, flooded: true };
  }
}

export interface Decision {
  /** Ports that it leaves by, in order. */
  readonly to: readonly string[];
  /** It goes up to the host. */
  readonly local: boolean;
  readonly flooded: boolean;
}
