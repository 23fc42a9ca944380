import { fitting } from './fitting';
import { addListeners } from './listeners';
import { seeded } from './random';
import { makeSets } from './rare';
import { makeRuleset } from './rules';
import { type DraftHost, type DraftLab, makeTopology } from './topology';
import { makeSteps } from './traffic';
import { makeWideLab } from './wide/lab';

interface LabOptions {
  readonly ip6?: boolean;
  readonly rare?: boolean;
  /** How many labs in a hundred are of all kinds, not of the usual alone. */
  readonly wide?: number;
}

/** The lab of a seed. It is one that the recorder records the same way each time. */
export function generateLab(seed: number, options: LabOptions = {}): DraftLab {
  // Neighbouring seeds make labs that have nothing in common.
  const r = seeded(Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995);
  if (r.chance(options.wide ?? 60)) {
    const { hosts, steps } = makeWideLab(r);
    return {
      format: 'lab/1',
      name: `random-${seed}`,
      description: `Made by chance from seed ${seed}, of all kinds`,
      hosts,
      steps: fitting(hosts, steps),
    };
  }
  const six = options.ip6 !== false && r.chance(25);
  const wide = options.rare !== false && r.chance(40);
  const t = makeTopology(r, six, wide);
  const subject = t.hosts[t.subject] as DraftHost;
  const text = makeRuleset(r, t);
  if (text !== '') subject[six ? 'ip6tables' : 'iptables'] = text;
  if (text.includes('set ')) subject.ipset = makeSets(six);
  if (r.chance(10)) subject.conntrack = true;
  if (!six) tuneIpv4(subject, r);

  const echoing = addListeners(r, t.hosts, { host: 45, socket: 50 });
  return {
    format: 'lab/1',
    name: `random-${seed}`,
    description: `Made by chance from seed ${seed}`,
    hosts: t.hosts,
    steps: fitting(t.hosts, makeSteps(r, t, echoing)),
  };
}

function tuneIpv4(host: DraftHost, r: ReturnType<typeof seeded>): void {
  const sysctl: Record<string, string> = { ...host.sysctl };
  if (r.chance(10)) sysctl['net.ipv4.conf.all.rp_filter'] = r.pick(['1', '2']);
  if (r.chance(5)) sysctl['net.ipv4.conf.all.route_localnet'] = '1';
  if (r.chance(5)) sysctl['net.ipv4.conf.all.accept_local'] = '1';
  if (r.chance(4)) sysctl['net.netfilter.nf_conntrack_tcp_loose'] = '0';
  if (r.chance(4)) sysctl['net.netfilter.nf_conntrack_tcp_be_liberal'] = '1';
  if (r.chance(3)) sysctl['net.netfilter.nf_conntrack_udp_timeout'] = '2';
  if (Object.keys(sysctl).length > 0) host.sysctl = sysctl;
  if (host.interfaces.eth1 !== undefined && r.chance(12)) {
    const kind = r.pick(['blackhole', 'unreachable', 'prohibit', 'throw']);
    host.routes = `${host.routes ?? ''}${kind} 198.51.100.${r.pick(['0/24', '1', '0/25'])}\n`;
  }
  if (host.interfaces.eth1 !== undefined && r.chance(12)) {
    const which = r.pick(['from 10.0.0.2', 'from all fwmark 0x1', 'from all iif eth0', 'from all to 198.51.100.0/24']);
    const action = r.pick(['lookup 100', 'unreachable', 'blackhole', 'lookup 101']);
    host.rules = `100: ${which} ${action}\n`;
    host.routes = `${host.routes ?? ''}default via 10.0.0.254 dev eth0 table 100\n`;
  }
}
