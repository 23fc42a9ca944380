import type { Words } from '../wire';
import type { Paged } from './paged';

/** The set types of ipset 7.17, by the names that it prints. */
export type SetTypeName =
  | 'bitmap:ip'
  | 'bitmap:ip,mac'
  | 'bitmap:port'
  | 'hash:ip'
  | 'hash:ip,mac'
  | 'hash:ip,mark'
  | 'hash:ip,port'
  | 'hash:ip,port,ip'
  | 'hash:ip,port,net'
  | 'hash:mac'
  | 'hash:net'
  | 'hash:net,iface'
  | 'hash:net,net'
  | 'hash:net,port'
  | 'hash:net,port,net'
  | 'list:set';

/** Family of a set: 0 for the types that have none (NFPROTO_UNSPEC). */
export type SetFamily = 0 | 4 | 6;

/** What a set or a packet is refused with: errno names, and IPSET_ERR_* without that prefix. */
export type SetError =
  | 'ENOENT'
  | 'EEXIST'
  | 'EINVAL'
  | 'EAGAIN'
  | 'ENOMEM'
  | 'BUSY'
  | 'EXIST_SETNAME2'
  | 'TYPE_MISMATCH'
  | 'EXIST'
  | 'INVALID_CIDR'
  | 'INVALID_NETMASK'
  | 'INVALID_FAMILY'
  | 'INVALID_MARKMASK'
  | 'BITMASK_NETMASK_EXCL'
  | 'TIMEOUT'
  | 'COUNTER'
  | 'COMMENT'
  | 'SKBINFO'
  | 'REFERENCED'
  | 'BITMAP_RANGE'
  | 'BITMAP_RANGE_SIZE'
  | 'HASH_FULL'
  | 'HASH_ELEM'
  | 'INVALID_PROTO'
  | 'MISSING_PROTO'
  | 'HASH_RANGE_UNSUPPORTED'
  | 'HASH_RANGE'
  | 'NAME'
  | 'LOOP'
  | 'BEFORE'
  | 'NAMEREF'
  | 'REF_EXIST';

/** What an element carries besides itself. Kernel: ip_set_extensions, net/netfilter/ipset/ip_set_core.c */
export interface Ext {
  /** Tick of the clock (see `jiffies`) after which it is gone; 0: never. */
  readonly expires: number;
  readonly packets: bigint;
  readonly bytes: bigint;
  /** '' for none. */
  readonly comment: string;
  readonly skbmark: number;
  readonly skbmarkmask: number;
  readonly skbprio: number;
  readonly skbqueue: number;
}

/** What an element is. One shape for all types: a part that the type has not is 0 or ''. */
export interface ElemKey {
  readonly ip: Words;
  /** Prefix length of `ip`; the whole address for types without networks. */
  readonly cidr: number;
  readonly ip2: Words;
  readonly cidr2: number;
  /** Port, or ICMP type * 256 + code. */
  readonly port: number;
  readonly proto: number;
  readonly mark: number;
  readonly mac: string;
  readonly iface: string;
  readonly physdev: boolean;
  readonly wildcard: boolean;
}

/** One member of a set. Frozen: a change makes a new one, so that checkpoints share what did not change. */
export interface Elem extends ElemKey {
  readonly nomatch: boolean;
  /** Counts up with every element that is added to the set: the order in which they came. */
  readonly seq: number;
  readonly ext: Ext;
  /** Of bitmap:ip,mac, while its MAC is not known: the seconds that it lives from then on; else null. */
  readonly waits: number | null;
}

/** What a command line says of an element; absent: not given. Kernel: IPSET_ATTR_* of an ADT message */
export interface ElemAttrs {
  readonly ip?: Words;
  readonly ipTo?: Words;
  readonly cidr?: number;
  readonly ip2?: Words;
  readonly ip2To?: Words;
  readonly cidr2?: number;
  readonly port?: number;
  readonly portTo?: number;
  readonly proto?: number;
  readonly mark?: number;
  readonly mac?: string;
  readonly iface?: string;
  readonly physdev?: boolean;
  readonly wildcard?: boolean;
  readonly nomatch?: boolean;
  readonly name?: string;
  readonly nameref?: string;
  readonly before?: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly packets?: bigint;
  readonly bytes?: bigint;
  readonly comment?: string;
  readonly skbmark?: { readonly mark: number; readonly mask: number };
  readonly skbprio?: number;
  readonly skbqueue?: number;
}

/** What a command line says of a new set. Kernel: IPSET_ATTR_* of a CREATE message */
export interface CreateAttrs {
  readonly ip?: Words;
  readonly ipTo?: Words;
  readonly cidr?: number;
  readonly port?: number;
  readonly portTo?: number;
  readonly netmask?: number;
  readonly bitmask?: Words;
  readonly markmask?: number;
  readonly hashsize?: number;
  readonly maxelem?: number;
  readonly bucketsize?: number;
  readonly initval?: number;
  readonly size?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly counters?: boolean;
  readonly comment?: boolean;
  readonly skbinfo?: boolean;
  readonly forceadd?: boolean;
}

/** Values of extensions that an operation brings; null: not given. Kernel: struct ip_set_ext */
export interface ExtRequest {
  /** Seconds; 0: for ever. */
  readonly timeout: number;
  readonly packets: bigint | null;
  readonly bytes: bigint | null;
  readonly comment: string;
  readonly skbmark: number;
  readonly skbmarkmask: number;
  readonly skbprio: number;
  readonly skbqueue: number;
}

/** The part of a set that all types have. Kernel: struct ip_set */
export interface IpSet {
  name: string;
  readonly type: SetTypeName;
  readonly family: SetFamily;
  /** Seconds that an element lives if nothing else is said; null: no timeouts. */
  readonly timeout: number | null;
  readonly counters: boolean;
  readonly comment: boolean;
  readonly skbinfo: boolean;
  readonly forceadd: boolean;
  readonly body: SetBody;
  /** `seq` of the next element. */
  seq: number;
  /** No element expires before this tick; 0: none ever does. */
  nextExpiry: number;
}

export type SetBody = HashBody | BitmapBody | ListBody;

/** Kernel: struct htype and htable, net/netfilter/ipset/ip_set_hash_gen.h */
export interface HashBody {
  readonly kind: 'hash';
  readonly maxelem: number;
  readonly initval: number;
  /** True if the text of the set said which: then members are listed in the order of the kernel's table. */
  readonly initvalGiven: boolean;
  bucketsize: number;
  readonly netmask: number | null;
  readonly bitmask: Words | null;
  readonly markmask: number;
  /** Log2 of the number of buckets. */
  bits: number;
  buckets: Paged<Bucket>;
  /** Elements per region of 1024 buckets. */
  regions: number[];
  /** What the kernel has counted as allocated for buckets: headers, and slots for elements. */
  pieces: number;
  room: number;
  /** Prefix lengths in use, longest first, for each part that is a network. Kernel: struct net_prefixes */
  readonly nets: readonly [NetPrefix[], NetPrefix[]];
}

interface NetPrefix {
  readonly cidr: number;
  count: number;
}

/** Kernel: struct hbucket. Frozen. */
export interface Bucket {
  /** Slots that there is room for. */
  readonly size: number;
  /** The first slot that was never used, or is free again with all behind it. */
  readonly pos: number;
  readonly slots: readonly Slot[];
}

/** A place for an element. */
export type Slot = Elem | Ghost;

/**
 * What a deleted element leaves behind: its counters stay where they are, and the next element that is put there
 * without counters of its own has them.
 */
export interface Ghost {
  readonly seq: -1;
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** Kernel: struct bitmap_ip, bitmap_port, bitmap_ipmac */
export interface BitmapBody {
  readonly kind: 'bitmap';
  /** First and last address or port. */
  readonly first: number;
  readonly last: number;
  readonly netmask: number;
  /** Addresses in one element. */
  readonly hosts: number;
  readonly elements: number;
  /** By number of the element. */
  readonly members: Paged<Slot>;
  count: number;
}

export interface ListBody {
  readonly kind: 'list';
  readonly size: number;
  /** In their order. Frozen. */
  members: readonly ListMember[];
}

export interface ListMember {
  readonly name: string;
  readonly seq: number;
  readonly ext: Ext;
}
