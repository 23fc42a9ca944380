import { IpError, Reader } from '../../fib';
import { parseAddr, parseMac } from '../../wire';
import type { Host } from '../host';

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
  while (!r.done) {
    const word = r.value();
    if (word === 'dev') dev = r.value();
    else if (word === 'lladdr') {
      const text = r.value();
      if (!/^[0-9a-f]/i.test(text)) throw new IpError(`"${text}" is invalid lladdr.`, r.at - 1, 1);
      mac = parseMac(text) ?? 'invalid';
    } else if (word === 'nud' || word === 'state') {
      r.parsed((state) => (STATES.includes(state.toLowerCase()) ? state : null), 'nud state is bad');
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
  // Entries here are permanent, which a flush leaves alone.
  if (verb === 'flush') return null;
  if (mac === 'invalid') return 'Error: Invalid link address.';
  if (mac === '' && (verb === 'add' || verb === 'replace')) return 'Error: No link layer address given.';
  const known = host.neigh.get(dev, address) !== undefined;
  const missing = 'RTNETLINK answers: No such file or directory';
  if (verb === 'del') return host.neigh.remove(dev, address) ? null : missing;
  if (verb === 'add' && known) return 'RTNETLINK answers: File exists';
  if (verb === 'change' && !known) return missing;
  if (mac !== '') host.neigh.add(dev, address, mac);
  return null;
}
