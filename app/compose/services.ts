import { parseAddress, type Subnet } from './addresses';
import type { DumpRule } from './dumpRules';

/** A Kubernetes Service as kube-proxy writes it: an address and a port that its rules turn into those of a pod. */
export interface Service {
  readonly address: string;
  readonly port: number;
  readonly pods: readonly { readonly address: string; readonly port: number }[];
}

/** The first TCP service that has several pods, else the first that has any; null if the rules are not kube-proxy's. */
export function firstService(rules: readonly DumpRule[]): Service | null {
  const chains = new Map<string, DumpRule[]>();
  for (const rule of rules) {
    if (rule.table !== 'nat' || !rule.chain.startsWith('KUBE-')) continue;
    const chain = chains.get(rule.chain);
    if (chain === undefined) chains.set(rule.chain, [rule]);
    else chain.push(rule);
  }
  let one: Service | null = null;
  for (const { dst, dport, protocol, target } of chains.get('KUBE-SERVICES') ?? []) {
    const address = dst.replace(/\/(32|128)$/, '');
    if (protocol !== 'tcp' || !(Number(dport) > 0) || parseAddress(address) === null) continue;
    const pods = (chains.get(target) ?? [])
      .flatMap((rule) => chains.get(rule.target) ?? [])
      .flatMap(({ target: verdict, to }) => (verdict === 'DNAT' ? (podOf(to) ?? []) : []));
    if (pods.length > 1) return { address, port: Number(dport), pods };
    if (pods.length > 0) one ??= { address, port: Number(dport), pods };
  }
  return one;
}

function podOf(to: string): Service['pods'][number] | null {
  const [, address = '', port = ''] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(to) ?? [];
  return parseAddress(address) === null ? null : { address, port: Number(port) };
}

/** The network of all pods of a service, as large as they are assigned to clusters: a /16 (IPv6: /64) or wider. */
export function podNet({ pods }: Service): Subnet | null {
  const [first, ...others] = pods.flatMap(({ address }) => parseAddress(address) ?? []);
  if (first === undefined) return null;
  const bits = first.family === 4 ? 32 : 128;
  let length = first.family === 4 ? 16 : 64;
  const shift = (): bigint => BigInt(bits - length);
  while (length > 0 && others.some((a) => a.value >> shift() !== first.value >> shift())) length--;
  return { family: first.family, value: (first.value >> shift()) << shift(), length };
}
