import type { Random } from './random';
import type { DraftHost } from './topology';

/**
 * Gives some of the hosts sockets that answer, and says which there are now, as `tcp 80`.
 *
 * @param chances out of a hundred: that a host has any, and that it has this one
 */
export function addListeners(
  r: Random,
  hosts: Readonly<Record<string, DraftHost>>,
  chances: { readonly host: number; readonly socket: number },
): ReadonlySet<string> {
  const echoing = new Set<string>();
  for (const host of Object.values(hosts)) {
    if (!r.chance(chances.host)) continue;
    const all = [53, 80].flatMap((port) => [
      { protocol: 'udp', port },
      { protocol: 'tcp', port },
    ]);
    const listen = r.some(all, chances.socket).map((socket) => (r.chance(6) ? { ...socket, silent: true } : socket));
    if (listen.length > 0) host.listen = listen;
    for (const { protocol, port } of listen) echoing.add(`${protocol} ${port}`);
  }
  return echoing;
}
