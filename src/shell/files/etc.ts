import type { Host } from '../../host';
import { familyOf, serviceByName, serviceByPort, serviceNames } from '../../wire';

/** Files of /etc that commands look at, and the names that the kernel has. */
export const etcFiles: Readonly<Record<string, (host: Host) => string>> = {
  '/etc/hosts': hosts,
  '/etc/hostname': (host) => `${host.name}\n`,
  '/proc/sys/kernel/hostname': (host) => `${host.name}\n`,
  '/proc/sys/kernel/ostype': () => 'Linux\n',
  '/etc/services': services,
};

/** The hosts of the lab by name, each with the first address of a family that it has. */
function hosts(host: Host): string {
  const lines = ['127.0.0.1\tlocalhost', '::1\tlocalhost'];
  for (const [name, addresses] of host.world.names?.() ?? []) {
    for (const family of [4, 6] as const) {
      const addr = addresses.find((a) => familyOf(a) === family);
      if (addr !== undefined) lines.push(`${addr}\t${name}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function services(): string {
  const lines: { readonly port: number; readonly text: string }[] = [];
  for (const name of serviceNames) {
    for (const protocol of ['tcp', 'udp', 'sctp']) {
      const port = serviceByName(name, protocol);
      // Aliases stand behind the name, which is the one that the port is called by.
      if (port === null || serviceByPort(port, protocol) !== name) continue;
      const aliases = serviceNames.filter((a) => a !== name && serviceByName(a, protocol) === port);
      const at = `${port}/${protocol}`;
      const text = `${name.padEnd(name.length < 8 ? 8 : 16).trimEnd()}${name.length < 8 ? '\t\t' : '\t'}${at}`;
      lines.push({ port, text: aliases.length === 0 ? text : `${text}\t\t${aliases.join(' ')}` });
    }
  }
  return lines
    .sort((a, b) => a.port - b.port)
    .map(({ text }) => `${text}\n`)
    .join('');
}
