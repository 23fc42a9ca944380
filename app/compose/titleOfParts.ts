import type { Parts } from './readText';

/** Chains by which a program's rules are known, and what a host is that has them. */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^:KUBE-/m, 'Kubernetes node'],
  [/^:DOCKER\b/m, 'Docker host'],
  [/^:LIBVIRT_/m, 'libvirt host'],
];
const FIREWALLS: readonly (readonly [RegExp, string])[] = [
  [/^:ufw6?-/m, 'ufw'],
  [/^:(INPUT_ZONES|IN_public|FWDI_)/m, 'firewalld'],
  [/^:cali-/m, 'Calico'],
  [/^:ISTIO_/m, 'Istio'],
  [/^:f2b-/m, 'fail2ban'],
];

/** What a lab around a pasted host is called: after the programs whose chains it has, else after the kind of text. */
export function titleOfParts(parts: Parts): string {
  const rules = parts.iptables + parts.ip6tables;
  if (rules + parts.nftables + parts.ipvs === '') return 'A host from its addresses';
  const host = HOSTS.find(([chain]) => chain.test(rules))?.[1];
  const firewalls = FIREWALLS.flatMap(([chain, name]) => (chain.test(rules) ? [name] : []));
  if (firewalls.length === 0) return host ?? 'A host from its ruleset';
  return `${host ?? 'Host'} with ${firewalls.join(' and ')}`;
}
