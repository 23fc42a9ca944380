import type { HostPort, Skb, Tuple, Zone } from '../model';
import type { Expectation } from './expect';
import { type Dir, type Flow, isConfirmed, isExpired, tupleIn, zoneIdOf } from './flow';
import { killFlow } from './lifetime';
import { hashTuple, reciprocalScale, tupleEqual } from './tuple';

/** One direction of a flow as it hangs in a bucket. Kernel: struct nf_conntrack_tuple_hash */
interface TupleHash {
  readonly flow: Flow;
  readonly dir: Dir;
}

/** The counters that `conntrack -S` prints, and three that the kernel keeps beside them. */
export interface CtStats {
  found: number;
  invalid: number;
  insert: number;
  insert_failed: number;
  drop: number;
  early_drop: number;
  error: number;
  search_restart: number;
  clash_resolve: number;
  chaintoolong: number;
  expect_new: number;
  expect_create: number;
  expect_delete: number;
}

/** What `/proc/net/stat/synproxy` tells. Kernel: struct synproxy_stats */
export interface SynproxyStats {
  synReceived: number;
  cookieInvalid: number;
  cookieValid: number;
  cookieRetrans: number;
  connReopened: number;
}

/** What src/nat adds once it is in use. Frozen, so that copies of a world share it. Kernel: struct nf_nat_hook */
export interface NatHook {
  /** Gives an expected flow the mapping of its master. Kernel: nf_nat_follow_master() */
  readonly followMaster: (ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow, expectation: Expectation) => void;
}

/** All that one host knows of flows. Kernel: struct netns_ct and the hash table, whose bucket numbers are real. */
export class ConntrackState {
  /** Whether the hook functions of each family are registered; the host sets it. */
  readonly active: { ip: boolean; ip6: boolean } = { ip: false, ip6: false };
  readonly buckets: number;
  readonly seed: number;
  /** Undefined: no SYN proxy has done anything yet. */
  synproxy?: SynproxyStats;
  /** Whether new flows can carry labels: true where a rule uses connlabel. */
  labelsUsed = true;
  /** Bucket → its entries, the oldest first (the kernel puts new ones in front). Empty buckets are not there. */
  readonly table: Map<number, TupleHash[]> = new Map();
  /** Flows by the source of their original tuple, the oldest first. Kernel: nf_nat_bysource */
  readonly bySource: Map<string, Flow[]> = new Map();
  /** In the order in which they were made. */
  readonly expectations: Expectation[] = [];
  readonly stats: CtStats = {
    found: 0,
    invalid: 0,
    insert: 0,
    insert_failed: 0,
    drop: 0,
    early_drop: 0,
    error: 0,
    search_restart: 0,
    clash_resolve: 0,
    chaintoolong: 0,
    expect_new: 0,
    expect_create: 0,
    expect_delete: 0,
  };
  nat: NatHook | null = null;
  /** Confirmed flows. */
  count = 0;
  nextId = 1;
  nextExpectation = 1;

  constructor(options: { readonly buckets: number; readonly seed: number }) {
    this.buckets = Math.max(1, Math.floor(options.buckets));
    this.seed = options.seed | 0;
  }
}

/** The bucket of a hash. Kernel: scale_hash() */
export function bucketOf(ct: ConntrackState, hash: number): number {
  return reciprocalScale(hash, ct.buckets);
}

/** Bucket of a tuple. */
export function ctBucket(ct: ConntrackState, tuple: Tuple, zoneId: number): number {
  return bucketOf(ct, hashTuple(tuple, zoneId, ct.seed));
}

const EMPTY: readonly TupleHash[] = Object.freeze([]);

/** The entries of a bucket, the newest last. */
export function chainOf(ct: ConntrackState, bucket: number): readonly TupleHash[] {
  return ct.table.get(bucket) ?? EMPTY;
}

/** Kernel: nf_ct_key_equal() */
export function keyEqual(node: TupleHash, tuple: Tuple, zone: Zone): boolean {
  const { flow, dir } = node;
  return tupleEqual(tuple, tupleIn(flow, dir)) && zoneIdOf(flow.zone, dir) === zoneIdOf(zone, dir) && isConfirmed(flow);
}

/** Looks in one bucket; an entry met on the way that has expired is gone. Kernel: ____nf_conntrack_find() */
function findInBucket(ct: ConntrackState, port: HostPort, tuple: Tuple, zone: Zone, hash: number): TupleHash | null {
  const chain = chainOf(ct, bucketOf(ct, hash));
  if (chain.length === 0) return null;
  const now = port.now();
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i];
    if (node === undefined) continue;
    if (isExpired(node.flow, now)) {
      killFlow(ct, port, null, node.flow, 'timeout');
      continue;
    }
    if (keyEqual(node, tuple, zone)) return node;
  }
  return null;
}

/** Kernel: nf_conntrack_find_get() */
export function findTuple(
  ct: ConntrackState,
  port: HostPort,
  tuple: Tuple,
  zone: Zone,
  hash = hashTuple(tuple, zoneIdOf(zone, 0), ct.seed),
): TupleHash | null {
  const found = findInBucket(ct, port, tuple, zone, hash);
  if (found !== null || zone.direction === 'both' || zone.id === 0) return found;
  return findInBucket(ct, port, tuple, zone, hashTuple(tuple, zoneIdOf(zone, 1), ct.seed));
}

/** Kernel: __nf_conntrack_hash_insert() */
export function insertNode(ct: ConntrackState, bucket: number, node: TupleHash): void {
  const chain = ct.table.get(bucket);
  if (chain === undefined) ct.table.set(bucket, [node]);
  else chain.push(node);
}

/** Takes both directions out of the table. Kernel: clean_from_lists() */
export function removeFlow(ct: ConntrackState, flow: Flow): void {
  removeFrom(ct, bucketOf(ct, flow.hash), flow);
  removeFrom(ct, bucketOf(ct, flow.replyHash), flow);
}

function removeFrom(ct: ConntrackState, bucket: number, flow: Flow): void {
  const chain = ct.table.get(bucket);
  if (chain === undefined) return;
  const rest = chain.filter((node) => node.flow !== flow);
  if (rest.length === 0) ct.table.delete(bucket);
  else if (rest.length !== chain.length) ct.table.set(bucket, rest);
}

/**
 * Whether another flow has this tuple as one of its own, for NAT. A flow with the same original tuple does not count:
 * confirm sorts that out.
 *
 * Kernel: nf_conntrack_tuple_taken()
 */
export function tupleTaken(ct: ConntrackState, port: HostPort, tuple: Tuple, ignored: Flow): boolean {
  const zone = ignored.zone;
  const chain = chainOf(ct, ctBucket(ct, tuple, zoneIdOf(zone, 1)));
  const now = port.now();
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i]!;
    const { flow } = node;
    if (flow === ignored) continue;
    if (isExpired(flow, now)) {
      killFlow(ct, port, null, flow, 'timeout');
      continue;
    }
    if (!keyEqual(node, tuple, zone)) continue;
    if (tupleEqual(ignored.original, flow.original) && zoneIdOf(flow.zone, 0) === zoneIdOf(zone, 0)) continue;
    ct.stats.found++;
    return true;
  }
  return false;
}

/** Key of `ConntrackState.bySource`. Kernel: hash_by_src(), same_src() */
export function sourceKey(tuple: Tuple): string {
  return `${tuple.protocol} ${tuple.src} ${tuple.sport}`;
}

/** Every entry that the table shows, in its order: bucket by bucket, the newest of a bucket first. */
export function allFlows(ct: ConntrackState): Flow[] {
  const flows: Flow[] = [];
  for (const bucket of [...ct.table.keys()].sort((a, b) => a - b)) {
    const chain = chainOf(ct, bucket);
    for (let i = chain.length - 1; i >= 0; i--) {
      const node = chain[i]!;
      if (node.dir === 1) flows.push(node.flow);
    }
  }
  return flows;
}
