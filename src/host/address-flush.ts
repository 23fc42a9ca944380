import { IpError, Reader } from '../fib';
import { type Family, type Prefix, prefixContains } from '../wire';
import { dropAddresses, readScope } from './addresses';
import type { HostAddr } from './device';
import type { Host } from './host';

/** `ip addr flush`: by interface, prefix and scope. iproute2: ipaddr_list_flush_or_save() */
export function flushAddresses(host: Host, words: readonly string[], said: Family | null): string | null {
  const r = new Reader(words);
  let dev = '';
  let within: Prefix | null = null;
  let scope: number | null = null;
  while (!r.done) {
    const word = r.value();
    if (word === 'to') within = r.prefix(said ?? (r.peek()?.includes(':') ? 6 : 4));
    else if (word === 'scope') scope = r.parsed(readScope, 'invalid "scope"\n');
    else {
      const name = word === 'dev' ? r.value() : word;
      if (dev !== '') throw r.garbage('dev');
      dev = name;
    }
  }
  if (words.length === 0) throw new IpError('Flush requires arguments.', -1, 1);
  if (dev !== '' && !host.devices.has(dev)) throw new IpError(`Device "${dev}" does not exist.`, -1, 1);
  const chosen = (a: HostAddr) =>
    (said === null || a.family === said) &&
    (within === null || (within.family === a.family && prefixContains(within, a.addr))) &&
    (scope === null || a.scope === scope);
  for (const device of host.devices.values()) {
    if (dev === '' || device.name === dev) dropAddresses(host, device, device.addresses.filter(chosen));
  }
  return null;
}
