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
  /** MACs of the bridge itself and of its ports, by device: two may have the same. */
  private readonly own = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  /** Kernel: br_add_if() */
  addPort(port: string, mac: string): void {
    if (this.ports.includes(port)) return;
    this.ports = [port, ...this.ports];
    this.own.set(port, mac);
  }

  removePort(port: string): void {
    this.ports = this.ports.filter((p) => p !== port);
    this.own.delete(port);
    this.forget(port);
  }

  /** What was learned at a port that is down now, or, of the bridge itself, at all. Kernel: br_fdb_delete_by_port() */
  forget(port: string): void {
    for (const [mac, at] of [...this.learned]) if (at === port || port === this.name) this.learned.delete(mac);
  }

  /** The MAC of a port, or of the bridge itself: frames to it go up. Kernel: br_fdb_changeaddr() */
  setMac(device: string, mac: string): void {
    this.own.set(device, mac);
  }

  portList(): readonly string[] {
    return this.ports;
  }

  private isOwn(mac: string): boolean {
    for (const own of this.own.values()) if (own === mac) return true;
    return false;
  }

  /** A frame from this MAC came in by this port. Kernel: br_fdb_update() */
  learn(mac: string, port: string): void {
    if (!isMulticastMac(mac) && !this.isOwn(mac)) this.learned.set(mac, port);
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
    if (this.isOwn(dstMac)) return { to: [], local: from !== this.name, flooded: false };
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
