import type { IfaceAddr, IfaceInfo } from '../model';
import type { Addr, Family } from '../wire';

/** An interface of a host. Kernel: struct net_device with its in_device and inet6_dev */
export class Device implements IfaceInfo {
  readonly name: string;
  /** From 1, lo; as `ip link` numbers them. */
  readonly index: number;
  readonly kind: IfaceInfo['kind'];
  mac: string;
  mtu: number;
  /** Of a bridge: its MTU was set by hand, and does not follow those of its ports. Kernel: BROPT_MTU_SET_BY_USER */
  mtuByUser = false;
  up = false;
  /** Was it ever up? Then it has a queueing discipline. Kernel: dev_activate() */
  activated = false;
  /** Words that `ip link set` turns on and off; all but `arp` change nothing here but what is shown. */
  readonly flags: Set<string>;
  /** Kernel: tx_queue_len */
  qlen = 1000;
  addresses: readonly HostAddr[] = [];
  private families: { readonly of: readonly HostAddr[] } & Readonly<Record<Family, readonly HostAddr[]>>;
  master = '';
  group = 0;
  /** Frames and their bytes that came in and went out. Kernel: rtnl_link_stats64 */
  readonly count = { rxPackets: 0, rxBytes: 0, txPackets: 0, txBytes: 0 };
  /** Bridge port: frames may go back where they came from. */
  hairpin = false;
  /** Name of the segment that it is plugged into, '' if none. */
  readonly segment: string;

  constructor(name: string, index: number, kind: IfaceInfo['kind'], mac: string, mtu: number, segment: string) {
    this.name = name;
    this.index = index;
    this.kind = kind;
    this.mac = mac;
    this.mtu = mtu;
    this.segment = segment;
    this.families = { of: this.addresses, 4: [], 6: [] };
    this.flags = new Set(kind === 'dummy' ? ['multicast'] : ['arp', 'multicast']);
  }

  /** Neighbours are not asked for: what goes out has the interface's own address. Kernel: IFF_NOARP */
  get noArp(): boolean {
    return this.kind !== 'loopback' && !this.flags.has('arp');
  }

  has(addr: Addr): boolean {
    return this.addresses.some((a) => a.addr === addr);
  }

  of(family: Family): readonly HostAddr[] {
    if (this.families.of !== this.addresses) {
      const only = (f: Family) => this.addresses.filter((a) => a.family === f);
      this.families = { of: this.addresses, 4: only(4), 6: only(6) };
    }
    return this.families[family];
  }
}

/** An address of an interface, with what `ip addr` says of it. */
export interface HostAddr extends IfaceAddr {
  readonly label: string;
  readonly noPrefixRoute: boolean;
  /** IPv6: nodad was asked for. */
  readonly nodad: boolean;
}
