import type { Addr } from '../../wire';
import type { Host } from '../host';
import { expireNeighbours, type Neighbour } from './neighbour';
import { devQueueXmit } from './xmit';

export interface NeighChange {
  readonly verb: 'add' | 'replace' | 'change' | 'del';
  readonly address: Addr;
  readonly dev: string;
  /** Null: none was said; 'short': too few bytes. */
  readonly mac: string | null;
  readonly router: boolean;
}

/** Does what `ip neigh VERB` asks; gives what the kernel says to it. Kernel: neigh_add(), neigh_delete() */
export function changeNeighbour(host: Host, { verb, address, dev, mac, router }: NeighChange): string | null {
  if (mac === 'short' && verb !== 'del') return 'Error: Invalid link address.';
  const missing = 'RTNETLINK answers: No such file or directory';
  if (verb === 'del') return neighDelete(host, dev, address) ? null : missing;
  const entry = host.neighbours().find((n) => n.dev === dev && n.address === address);
  const known = entry !== undefined || host.neigh.begun(dev, address);
  if (verb === 'add' && known) return 'RTNETLINK answers: File exists';
  if (verb === 'change' && !known) return missing;
  const own = mac ?? entry?.mac ?? null;
  if (own === null) {
    if (!known) host.neigh.begin(dev, address);
    return 'Error: No link layer address given.';
  }
  for (const skb of host.neigh.add(dev, address, own, router)) devQueueXmit(host, skb, dev, own);
  return null;
}

export function flushNeighbours(host: Host, which: (n: Neighbour) => boolean): void {
  for (const { dev, address } of host.neighbours().filter(which)) neighDelete(host, dev, address);
}

/** Who has sent what waits for it is told. Kernel: neigh_delete() */
function neighDelete(host: Host, dev: string, address: Addr): boolean {
  host.neigh.giveUp(dev, address, host.world.now());
  expireNeighbours(host);
  return host.neigh.remove(dev, address);
}
