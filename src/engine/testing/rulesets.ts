import type { Lab } from '../../lab';

/** Long rulesets made by rule, for measurements. */

/** A filter table with one chain of rules that no packet of `bigLab` matches. */
export function flatRuleset(rules: number): string {
  const lines = ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
  for (let i = 0; i < rules; i++) {
    const dst = `172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
    const target = i % 3 === 0 ? 'DROP' : 'ACCEPT';
    lines.push(`-A FORWARD -d ${dst}/32 -p tcp -m tcp --dport ${1024 + (i % 60000)} -j ${target}`);
  }
  return `${lines.join('\n')}\nCOMMIT\n`;
}

/** A nat table in the manner of kube-proxy: 15 lines and four chains for each service. */
export function serviceRuleset(services: number): string {
  const chains = ['KUBE-SERVICES', 'KUBE-MARK-MASQ', 'KUBE-POSTROUTING'];
  const first: string[] = [];
  const rest: string[] = [];
  const unlike = (i: number): string =>
    (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(36).toUpperCase().padStart(8, 'A');
  for (let i = 0; i < services; i++) {
    const service = `KUBE-SVC-${unlike(i)}`;
    const note = `-m comment --comment "ns-${i % 97}/svc-${i}:http`;
    const to = `-d 10.96.${(i >> 8) & 255}.${i & 255}/32 -p tcp ${note} cluster IP" -m tcp --dport ${80 + (i % 7)}`;
    chains.push(service);
    first.push(`-A KUBE-SERVICES ${to} -j ${service}`);
    rest.push(`-A ${service} ! -s 10.244.0.0/16 ${to} -j KUBE-MARK-MASQ`);
    for (let k = 0; k < 3; k++) {
      const end = `KUBE-SEP-${unlike(3 * i + k)}`;
      const pod = `10.244.${((3 * i + k) >> 8) & 255}.${(3 * i + k) & 255}`;
      const share = k === 2 ? '' : ` -m statistic --mode random --probability ${(1 / (3 - k)).toFixed(11)}`;
      chains.push(end);
      rest.push(`-A ${service} ${note} -> ${pod}:8080"${share} -j ${end}`);
      rest.push(`-A ${end} -s ${pod}/32 ${note}" -j KUBE-MARK-MASQ`);
      rest.push(`-A ${end} -p tcp ${note}" -m tcp -j DNAT --to-destination ${pod}:8080`);
    }
  }
  return `${[
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':INPUT ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    ...chains.map((chain) => `:${chain} - [0:0]`),
    '-A PREROUTING -j KUBE-SERVICES',
    '-A OUTPUT -j KUBE-SERVICES',
    '-A POSTROUTING -j KUBE-POSTROUTING',
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
    ...first,
    ...rest,
    'COMMIT',
  ].join('\n')}\n`;
}

/** A client, a router with this ruleset, a server; three steps. */
export function bigLab(iptables: string): Lab {
  const address = (segment: string, text: string) => ({ segment, addresses: [text] });
  return {
    format: 'lab/1',
    name: 'big',
    hosts: {
      client: {
        interfaces: { eth0: address('lan', '192.168.1.10/24') },
        routes: 'default via 192.168.1.1 dev eth0\n',
      },
      router: {
        interfaces: { eth0: address('lan', '192.168.1.1/24'), eth1: address('wan', '198.51.100.1/24') },
        sysctl: { 'net.ipv4.ip_forward': '1' },
        iptables,
      },
      web: {
        interfaces: { eth0: address('wan', '198.51.100.9/24') },
        routes: 'default via 198.51.100.1 dev eth0\n',
        listen: [{ protocol: 'tcp', port: 80 }],
      },
    },
    steps: [
      { connect: { host: 'client', to: '198.51.100.9', port: 80 } },
      { connect: { host: 'client', to: '10.96.0.5', port: 85 } },
      { ping: { host: 'client', to: '198.51.100.9' } },
    ],
  };
}

/** The lab with another port in the n-th of its rules that name one. */
export function withEdit(lab: Lab, n: number): Lab {
  const { router } = lab.hosts;
  const lines = (router?.iptables ?? '').split('\n');
  const rules = [...lines.keys()].filter((i) => lines[i]!.includes(' --dport '));
  const at = rules[n % rules.length]!;
  lines[at] = lines[at]!.replace(/--dport \d+/, `--dport ${10_000 + (n % 50_000)}`);
  return { ...lab, hosts: { ...lab.hosts, router: { ...router, iptables: lines.join('\n') } } };
}
