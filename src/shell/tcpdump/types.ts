/** A packet as a tap hands it over. */
export interface Captured {
  /** From the IP header on. */
  readonly bytes: Uint8Array;
  /** Microseconds since 1970. */
  readonly timeUs: number;
  readonly iface: string;
  readonly ifindex: number;
  readonly direction: 'in' | 'out';
  /** To whom the frame goes, as the interface sees it. Kernel: skb->pkt_type */
  readonly kind: 'host' | 'broadcast' | 'multicast' | 'otherhost';
  readonly srcMac: string;
  readonly dstMac: string;
}

/** What the link is called: of `any` there is a header of its own. */
export type Link = 'EN10MB' | 'LINUX_SLL2';

export interface DumpOptions {
  readonly iface: string | null;
  /** -n: numbers stay numbers. */
  readonly numeric: boolean;
  /** -c */
  readonly count: number;
  /** -e */
  readonly link: boolean;
  /** How many -v. */
  readonly verbose: number;
  /** How many -t. */
  readonly time: number;
  /** -q */
  readonly quick: boolean;
  /** -S */
  readonly absolute: boolean;
  /** How many -A, -x, -X. */
  readonly ascii: number;
  readonly hex: number;
  readonly both: number;
  /** -# */
  readonly number: boolean;
  /** -K */
  readonly noChecksum: boolean;
  /** -Q */
  readonly direction: 'in' | 'out' | 'inout';
  /** The words of the filter, in one. */
  readonly filter: string;
}
