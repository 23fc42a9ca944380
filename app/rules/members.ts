import type { EditorMember } from '../setup';

/** The texts of a host: what each is called, and what may stand in it. */
export const MEMBERS: readonly (readonly [EditorMember, string, string])[] = [
  ['iptables', 'iptables-save', '*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT'],
  ['ip6tables', 'ip6tables-save', '*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT'],
  ['routes', 'ip route', 'default via 192.0.2.1 dev eth0'],
  ['routes6', 'ip -6 route', 'default via 2001:db8::1 dev eth0'],
  ['rules', 'ip rule', '100: from 10.0.0.0/8 lookup 100'],
  ['rules6', 'ip -6 rule', '100: from 2001:db8::/64 lookup 100'],
  ['ipset', 'ipset save', 'create bad hash:ip family inet\nadd bad 192.0.2.7'],
  ['nftables', 'nft', ''],
  ['ipvs', 'ipvsadm', ''],
  ['interfaces', 'interfaces', '{\n  "eth0": { "segment": "lan", "addresses": ["10.0.0.1/24"] }\n}'],
  ['listen', 'listening sockets', '[\n  { "protocol": "tcp", "port": 80, "serves": "http" }\n]'],
  ['sysctl', 'sysctl', 'net.ipv4.ip_forward = 1'],
  [
    'hooks',
    'hook functions',
    '[{ "name": "mymod", "hook": "PREROUTING", "priority": -50, "match": "-p tcp --dport 80", "verdict": "drop" }]',
  ],
  [
    'queues',
    'queue programs',
    '[{ "number": 0, "name": "scanner", "rules": [{ "match": "-p udp", "verdict": "accept", "set": { "ttl": 9 } }] }]',
  ],
];
export const memberTitle = (member: EditorMember): string => MEMBERS.find(([name]) => name === member)?.[1] ?? member;

/** Those that are offered though there is nothing in them. */
export const ALWAYS: ReadonlySet<EditorMember> = new Set(
  MEMBERS.map(([name]) => name).filter((m) => m !== 'nftables' && m !== 'ipvs'),
);
