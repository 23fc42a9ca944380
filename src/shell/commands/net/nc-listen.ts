import type { CommandInput, CommandOutput } from '../../types';
import { nameOf, resolve, resolveText } from './names';
import { NC_USAGE, type NcOptions, portOf, refuse } from './nc-options';

/**
 * `nc -l`: the host has one more listening socket from now on. It takes what comes and answers nothing, as nobody types
 * there; without -k it goes with its first connection.
 */
export function ncListen({ host }: CommandInput, options: NcOptions): CommandOutput {
  const { words, udp, keep, verbose, numeric } = options;
  if (words.length > 2) return refuse(NC_USAGE).output;
  const portWord = words.length === 2 ? words[1]! : options.sport === null ? words[0] : String(options.sport);
  const where = words.length === 2 ? words[0]! : options.sport === null ? options.source : (words[0] ?? options.source);
  if (portWord === undefined) return refuse('nc: missing port number').output;
  const port = portOf(portWord, udp);
  if (port === null || port === 0) return refuse(`nc: port number invalid: ${portWord}`).output;
  if (udp && !keep) return { notModelled: 'nc -l -u without -k, which keeps to its first peer' };
  let address = options.family === 6 ? '::' : '0.0.0.0';
  if (where !== null) {
    const found = resolve(host, where, options.family);
    if (!found.ok) return refuse(`nc: getaddrinfo: ${resolveText(found.why)}`).output;
    address = found.addr;
    if (host.addrType(address.includes(':') ? 6 : 4, address) !== 'LOCAL') {
      return refuse('nc: Cannot assign requested address').output;
    }
  }
  const protocol = udp ? 'udp' : 'tcp';
  const taken = host.ownPorts.taken.has(`${protocol} * ${port}`);
  if (taken || host.sockets.listeners.some((l) => l.protocol === protocol && l.port === port))
    return refuse('nc: Address already in use').output;
  host.listen({ protocol, address, port, serves: 'sink', once: !keep });
  const shown = numeric ? address : (nameOf(host, address) ?? address);
  const said = verbose ? `${udp ? 'Bound' : 'Listening'} on ${shown} ${port}\n` : '';
  const stays = keep ? 'until the lab ends' : 'until its first connection ends';
  return {
    stderr: `${said}hookline: nc listens on ${protocol} port ${port} ${stays}, and answers nothing\n`,
    changed: true,
  };
}
