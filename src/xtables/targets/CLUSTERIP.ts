import { etherMac } from '../read/host-kinds';
import { oneOf, uint } from '../read/kinds';
import { defineTarget, flag, type Kind, option } from '../record';
import { Refusal } from '../refusal';

interface ClusterConfig {
  readonly fresh: boolean;
  readonly hashmode: string;
  readonly mac: string;
  readonly total: number;
  readonly local: number;
  readonly init: number;
}

const MODES = ['sourceip', 'sourceip-sourceport', 'sourceip-sourceport-destport'] as const;

const clusterMac: Kind<string> = {
  name: 'mac',
  read: (word, call) => {
    const mac = etherMac.read(word, call);
    if (mac instanceof Refusal) return mac;
    return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
      ? mac.toUpperCase()
      : new Refusal('bad-value', 'MAC has to be a multicast ethernet address');
  },
};

const WITH_NEW = { needs: ['new'] } as const;

export const CLUSTERIP = defineTarget({
  name: 'CLUSTERIP',
  title: 'Cluster address',
  help: 'One address for several machines. It has left the kernel: a ruleset with it does not load.',
  verdict: 'continue',
  families: ['ip'],
  absent: true,
  options: {
    new: flag('Makes the cluster address'),
    hashmode: option(oneOf(MODES, 'Unknown hashmode "%s"'), 'What decides which node answers', WITH_NEW),
    clustermac: option(clusterMac, 'Multicast MAC address of the cluster', WITH_NEW),
    'total-nodes': option(uint(16, { max: 16 }), 'Nodes in the cluster', WITH_NEW),
    'local-node': option(uint(16, { max: 16 }), 'Number of this node', WITH_NEW),
    'hash-init': option(uint(32), 'Start of the hash', WITH_NEW),
  },
  before: (uses) => {
    const given = [uses.new, uses.hashmode, uses.clustermac, uses['total-nodes'], uses['local-node']];
    const count = given.filter((use) => use !== undefined).length;
    const none = count === 0 && uses['hash-init'] === undefined;
    if (none || count === given.length) return null;
    return new Refusal('options-clash', 'CLUSTERIP target: Invalid parameter combination');
  },
  parse: (uses): ClusterConfig => ({
    fresh: uses.new !== undefined,
    hashmode: uses.hashmode?.value ?? '',
    mac: uses.clustermac?.value ?? '',
    total: uses['total-nodes']?.value ?? 0,
    local: uses['local-node']?.value ?? 0,
    init: uses['hash-init']?.value ?? 0,
  }),
  print: (c) =>
    c.fresh
      ? ` --new --hashmode ${c.hashmode} --clustermac ${c.mac} --total-nodes ${c.total} --local-node ${c.local} --hash-init ${c.init}`
      : '',
  list: (c) =>
    c.fresh
      ? ` CLUSTERIP hashmode=${c.hashmode} clustermac=${c.mac} total_nodes=${c.total} local_node=${c.local} hash_init=${c.init}`
      : ' CLUSTERIP',
});
