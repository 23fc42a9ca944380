import type { Conn } from '../../model';
import { jhash2, scale32, swap32 } from '../../nat';
import { addrWords } from '../../wire';
import { uint } from '../read/kinds';
import { defineMatch, not, option } from '../record';
import { type Read, Refusal } from '../refusal';

interface ClusterConfig {
  readonly total: number;
  /** A bit for each node that takes the packet. */
  readonly mask: number;
  readonly seed: number;
  readonly negated: boolean;
}

/** Kernel: XT_CLUSTER_NODES_MAX */
const MOST_NODES = 32;

export const cluster = defineMatch({
  name: 'cluster',
  title: 'Share of a cluster',
  help: 'Deals connections out among the nodes of a cluster by a hash of their source address.',
  conntrack: true,
  options: {
    'cluster-total-nodes': option(uint(32, { min: 1, max: MOST_NODES }), 'How many nodes there are', {
      required: true,
    }),
    'cluster-local-node': option(uint(32, { min: 1, max: MOST_NODES }), 'Number of this node', {
      negatable: true,
      excludes: ['cluster-local-nodemask'],
    }),
    'cluster-local-nodemask': option(uint(32, { min: 1, max: 32 }), 'Nodes that this one stands for, as bits', {
      negatable: true,
      excludes: ['cluster-local-node'],
    }),
    'cluster-hash-seed': option(uint(32), 'Start value of the hash', { required: true }),
  },
  before: (uses) =>
    uses['cluster-local-node'] === undefined && uses['cluster-local-nodemask'] === undefined
      ? new Refusal('option-missing', "cluster match: `--cluster-local-node' or`--cluster-local-nodemask' is missing")
      : null,
  parse: (uses): Read<ClusterConfig> => {
    const node = uses['cluster-local-node'];
    const nodes = uses['cluster-local-nodemask'];
    const total = uses['cluster-total-nodes']!.value;
    // Both are kept in the same place: of two the later one counts.
    const later = (node?.order ?? -1) > (nodes?.order ?? -1);
    const mask = later ? (1 << (node!.value - 1)) >>> 0 : nodes!.value;
    if (mask >= 2 ** total) {
      const why = node === undefined ? "mask' too big for" : "' must be <=";
      return new Refusal('bad-value', `cluster match: \`--cluster-local-node${why} \`--cluster-total-nodes'`);
    }
    return {
      total,
      mask,
      seed: uses['cluster-hash-seed']!.value,
      negated: (node ?? nodes)!.negated,
    };
  },
  print: (c) =>
    `${not(c.negated)} --cluster-local-nodemask ${hex8(c.mask)} --cluster-total-nodes ${c.total} --cluster-hash-seed ${hex8(c.seed)}`,
  list: (c) =>
    ` cluster ${c.negated ? '!' : ''}node_mask=${hex8(c.mask)} total_nodes=${c.total} hash_seed=${hex8(c.seed)}`,
  // Kernel: xt_cluster_mt_checkentry(), net/netfilter/xt_cluster.c
  check: (c) => (c.mask >= 2 ** c.total ? 'ERANGE' : null),
  // Kernel: xt_cluster_mt()
  match: (c, { skb }) => {
    if (skb.ct === null) return false;
    return ((c.mask >>> nodeOf(c, skb.ct)) & 1) === (c.negated ? 0 : 1);
  },
  because: (c, { skb }) =>
    skb.ct === null ? 'the packet has no connection' : `the hash gives node ${nodeOf(c, skb.ct) + 1}`,
});

function hex8(n: number): string {
  return `0x${n.toString(16).padStart(8, '0')}`;
}

/** Kernel: xt_cluster_hash(): words as an x86 reads them from memory. Of an IPv6 address only the first counts. */
function nodeOf(c: ClusterConfig, conn: Conn): number {
  const { src } = (conn.master ?? conn).original;
  return scale32(jhash2([swap32(addrWords(src)[0])], c.seed), c.total);
}
