import { IpError, Reader } from '../../fib';
import { type Addr, parseAddr, parseMac } from '../../wire';
import type { Host } from '../host';
import { expireNeighbours, type Neighbour } from './neighbour';
import { devQueueXmit } from './xmit';

/** States that an entry may be given. iproute2: nud_state_a2n() */
const STATES = ['permanent', 'reachable', 'noarp', 'none', 'stale', 'incomplete', 'delay', 'probe', 'failed'];

/** Does what `ip neigh VERB` asks. Throws IpError. iproute2: ipneigh_modify(), ip/ipneigh.c */
export function changeNeighbour(
  host: Host,
  verb: 'add' | 'replace' | 'change' | 'del' | 'flush',
  words: readonly string[],
): string | null {
  const r = new Reader(words);
  let address = '';
  let mac = '';
  let dev = '';
  const states: string[] = [];
  while (!r.done) {
    const word = r.value();
    if (word === 'dev') dev = r.value();
    else if (word === 'lladdr') {
      const text = r.value();
      if (!/^[0-9a-f]/i.test(text)) throw new IpError(`"${text}" is invalid lladdr.`, r.at - 1, 1);
      mac = parseMac(text) ?? 'invalid';
    } else if (word === 'nud' || word === 'state') {
      const all = verb === 'flush' ? [...STATES, 'all'] : STATES;
      const state = r.parsed((text) => (all.includes(text.toLowerCase()) ? text : null), 'nud state is bad');
      states.push(state.toUpperCase());
    } else if (!STATES.includes(word) && word !== 'router') {
      const text = word === 'to' ? r.value() : word;
      if (verb === 'flush' && text === 'all') continue;
      if (address !== '') throw r.garbage('to');
      address = parseAddr(text) ?? '';
      if (address === '') throw new IpError(`Error: any valid address is expected rather than "${text}".`, r.at - 1, 1);
    }
  }
  if (verb === 'flush' && words.length === 0) throw new IpError('Flush requires arguments.', -1, 1);
  if (verb !== 'flush' && (dev === '' || address === '')) {
    throw new IpError('Device and destination are required arguments.', -1, 255);
  }
  if (dev !== '' && !host.devices.has(dev)) throw new IpError(`Cannot find device "${dev}"`, -1, 1);
  if (verb === 'flush') {
    const which = (n: Neighbour) => (dev === '' || n.dev === dev) && (address === '' || n.address === address);
    flush(host, (n) => which(n) && isAmong(n, states));
    return null;
  }
  if (mac === 'invalid') return 'Error: Invalid link address.';
  if (mac === '' && (verb === 'add' || verb === 'replace')) return 'Error: No link layer address given.';
  const known = host.neighbours().some((n) => n.dev === dev && n.address === address);
  const missing = 'RTNETLINK answers: No such file or directory';
  if (verb === 'del') return neighDelete(host, dev, address) ? null : missing;
  if (verb === 'add' && known) return 'RTNETLINK answers: File exists';
  if (verb === 'change' && !known) return missing;
  if (mac === '') return null;
  for (const skb of host.neigh.add(dev, address, mac)) devQueueXmit(host, skb, dev, mac);
  return null;
}

/** Without a state in the command, permanent ones stay. iproute2: do_show_or_flush() */
function isAmong({ state }: Neighbour, states: readonly string[]): boolean {
  return states.length === 0 ? state !== 'PERMANENT' : states.includes('ALL') || states.includes(state);
}

function flush(host: Host, which: (n: Neighbour) => boolean): void {
  for (const { dev, address } of host.neighbours().filter(which)) neighDelete(host, dev, address);
}

/** Who has sent what waits for it is told. Kernel: neigh_delete() */
function neighDelete(host: Host, dev: string, address: Addr): boolean {
  host.neigh.giveUp(dev, address, host.world.now());
  expireNeighbours(host);
  return host.neigh.remove(dev, address);
}
