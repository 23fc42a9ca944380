import { Reader } from '../../fib';
import { parseAddr, parseMac } from '../../wire';
import type { Host } from '../host';

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
    else if (word === 'lladdr') mac = r.parsed(parseMac, 'Invalid link-layer address');
    else if (word === 'nud' || word === 'state') r.value();
    else if (word === 'permanent' || word === 'reachable' || word === 'router') continue;
    else address = r.parsed(() => parseAddr(word === 'to' ? r.value() : word), 'any valid address is expected');
  }
  if (verb === 'flush') {
    if (dev !== '') host.neigh.flush(dev);
    return dev === '' ? 'Flush requires arguments.' : null;
  }
  if (dev === '' || address === '') return 'Device and destination are required arguments.';
  if (!host.devices.has(dev)) return `Cannot find device "${dev}"`;
  const known = host.neigh.get(dev, address) !== undefined;
  if (verb === 'del') return host.neigh.remove(dev, address) ? null : 'RTNETLINK answers: No such file or directory';
  if (verb === 'add' && known) return 'RTNETLINK answers: File exists';
  if (mac !== '') host.neigh.add(dev, address, mac);
  return null;
}
