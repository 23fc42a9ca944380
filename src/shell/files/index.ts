import type { Host } from '../../host';
import { etcFiles } from './etc';
import { conntrackFile } from './nf-conntrack';
import { procNetFiles } from './proc-net';
import { socketFiles } from './proc-sockets';
import { sysFiles } from './sys';

/** A file of a host: what is in it, or that nothing in it is modelled. */
type FileText = { readonly text: string } | { readonly notModelled: string };

type Files = ReadonlyMap<string, (host: Host) => string>;

const FILES: Files = new Map([
  ...Object.entries(procNetFiles),
  ...Object.entries(socketFiles),
  ...Object.entries(etcFiles),
  ['/proc/net/nf_conntrack', conntrackFile],
  ['/dev/null', () => ''],
]);

/** Files that every Linux has and that are not modelled; any other does not exist. */
const OTHERS =
  /^\/(proc\/(net\/|sys\/(abi|crypto|debug|dev|fs|kernel|user|vm)\/|cpuinfo|meminfo|self|loadavg|uptime|stat|mounts|interrupts|softirqs|\d+)|sys\/(?!module\/nf_conntrack\/|class\/net\/)|etc\/|var\/|root\/|home\/|usr\/|bin\/|boot\/|lib\/|dev\/|run\/|tmp\/|opt\/)/;

function sysctlName(path: string): string {
  return path.replace(/\/+/g, '/').slice('/proc/sys/'.length);
}

function sysctlOf(host: Host, path: string): string | undefined {
  return path.startsWith('/proc/sys/') ? host.sysctl(path.slice('/proc/sys/'.length)) : undefined;
}

/** The file of this absolute path; null if a host has none. */
export function readFile(host: Host, path: string): FileText | null {
  const clean = path.replace(/\/+/g, '/').replace(/^\/proc\/(self|thread-self)\/net\//, '/proc/net/');
  const value = sysctlOf(host, clean);
  if (value !== undefined) return { text: `${value}\n` };
  const known = FILES.get(clean) ?? sysFiles(host).get(clean);
  if (known) return { text: known(host) };
  if (clean.startsWith('/proc/sys/net/') || folderOf(host, clean)) return null;
  const iface = /^\/sys\/class\/net\/([^/]+)\//.exec(clean)?.[1];
  if (iface !== undefined) return host.iface(iface) ? { notModelled: clean } : null;
  return OTHERS.test(clean) ? { notModelled: clean } : null;
}

/** Is it a file of /proc/sys that nobody may write? */
export function isReadOnly(host: Host, path: string): boolean {
  return host.isReadOnly(sysctlName(path));
}

/** Writes a file of /proc/sys; null if that worked, else what the kernel says. */
export function writeFile(host: Host, path: string, text: string): string | null {
  return host.setSysctl(sysctlName(path), text);
}

/** All paths that are modelled. */
function allPaths(host: Host): readonly string[] {
  const sysctls = host.sysctls().map(([key]) => `/proc/sys/${pathOf(host, key)}`);
  return [...FILES.keys(), ...sysFiles(host).keys(), ...sysctls].sort();
}

/** net.ipv4.conf.eth0.1.rp_filter: the dots of an interface's name are no slashes. */
function pathOf(host: Host, key: string): string {
  for (const { name } of host.interfaces()) {
    if (name.includes('.') && key.includes(`.${name}.`)) {
      const [before, after] = key.split(`.${name}.`);
      return `${before!.replaceAll('.', '/')}/${name}/${after}`;
    }
  }
  return key.replaceAll('.', '/');
}

/** Names in a folder, sorted; null if it is none that is modelled. */
export function folderOf(host: Host, path: string): readonly string[] | null {
  const folder = `${path.replace(/\/+/g, '/').replace(/\/$/, '')}/`;
  const names = new Set<string>();
  for (const file of allPaths(host)) {
    if (file.startsWith(folder)) names.add(file.slice(folder.length).split('/')[0]!);
  }
  return names.size === 0 ? null : [...names].sort((a, b) => (a < b ? -1 : 1));
}
