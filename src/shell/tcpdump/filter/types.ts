import type { Addr } from '../../../wire';

/** Which end of a packet is meant. */
export type Side = 'src' | 'dst' | 'either' | 'both';

/** A number that is computed from the packet. */
export type Arith =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | { readonly kind: 'load'; readonly proto: string; readonly offset: Arith; readonly size: number }
  | { readonly kind: 'negate'; readonly of: Arith }
  | { readonly kind: 'compute'; readonly operator: string; readonly left: Arith; readonly right: Arith };

/** A filter, read. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'always' }
  /** Of no frame of a lab. */
  | { readonly kind: 'never' }
  /** `family` 0: of either. */
  | { readonly kind: 'proto'; readonly number: number; readonly family: 0 | 4 | 6 }
  | { readonly kind: 'protochain'; readonly number: number; readonly family: 4 | 6 }
  | { readonly kind: 'ethertype'; readonly type: number }
  /** Bits of an IPv4 address; `type` '': of IP, ARP and RARP. */
  | {
      readonly kind: 'net4';
      readonly type: '' | 'ip' | 'arp' | 'rarp';
      readonly side: Side;
      readonly value: number;
      readonly mask: number;
    }
  | { readonly kind: 'net6'; readonly side: Side; readonly net: Addr; readonly length: number }
  | { readonly kind: 'mac'; readonly side: Side; readonly mac: string }
  | {
      readonly kind: 'ports';
      readonly side: Side;
      readonly protocols: readonly number[];
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'group'; readonly proto: 'ether' | 'ip' | 'ip6'; readonly which: 'broadcast' | 'multicast' }
  | { readonly kind: 'direction'; readonly inbound: boolean }
  | { readonly kind: 'ifindex'; readonly index: number }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Arith; readonly right: Arith };

/** What stands before an id, or stood before an earlier one. libpcap: struct qual */
export interface Qualifiers {
  /** '' if it is not said. */
  readonly proto: string;
  /** '' if it is not said; of two, `and` or `or`. */
  readonly dir: string;
  /** '' if it is not said; `none`: nothing stood there of which an id could be. */
  readonly addr: string;
}
