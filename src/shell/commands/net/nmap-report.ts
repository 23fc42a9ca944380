import { serviceByPort } from '../../../wire';
import type { NmapOptions } from './nmap-options';
import type { PortFound } from './nmap-scan';

/** Names that nmap has for ports, where those of Debian's /etc/services are others. */
const NMAP_NAMES: Readonly<Record<string, string>> = {
  '24/tcp': 'priv-mail',
  '81/tcp': 'hosts2-ns',
  '82/tcp': 'xfer',
  '83/tcp': 'mit-ml-dev',
  '84/tcp': 'ctf',
  '54/udp': 'xns-ch',
  '81/udp': 'hosts2-ns',
  '83/udp': 'mit-ml-dev',
  '111/tcp': 'rpcbind',
  '111/udp': 'rpcbind',
  '143/tcp': 'imap',
  '546/udp': 'dhcpv6-client',
  '1080/tcp': 'socks',
  '3000/tcp': 'ppp',
  '3389/tcp': 'ms-wbt-server',
  '5000/tcp': 'upnp',
  '5353/udp': 'zeroconf',
  '5900/tcp': 'vnc',
  '8000/tcp': 'http-alt',
  '8008/tcp': 'http',
  '8080/tcp': 'http-proxy',
  '8081/tcp': 'blackice-icecap',
  '8443/tcp': 'https-alt',
  '8888/tcp': 'sun-answerbook',
  '9000/tcp': 'cslistener',
  '9090/tcp': 'zeus-admin',
  '9100/tcp': 'jetdirect',
};

/** More than so many ports of one state are not shown one by one. */
const SHOWN = 25;

/** The ports of one host, as nmap lists them; null if a host with no open port is left out. */
export function portsText(found: readonly PortFound[], target: string, options: NmapOptions): string | null {
  const { open, reason } = options;
  const count = (state: string) => found.filter((f) => f.state === state).length;
  const isOpen = (state: string) => state.startsWith('open');
  const hidden = (state: string) => (open ? !isOpen(state) : state !== 'open' && count(state) > SHOWN);
  if (open && !found.some((f) => isOpen(f.state))) return null;
  const shown = found.filter((f) => !hidden(f.state));
  const ignored = found.filter((f) => hidden(f.state));
  const notShown = ignored.length === 0 ? '' : `Not shown: ${ignoredText(ignored)}\n`;
  if (shown.length === 0) return `All ${found.length} scanned ports on ${target} are in ignored states.\n${notShown}`;
  const limits = open && notShown !== '' && options.scans.includes('syn');
  const rateLimit = limits ? 'Some closed ports may be reported as filtered due to --defeat-rst-ratelimit\n' : '';
  const rows = shown.map((f) => [
    `${f.port}/${f.protocol}`,
    f.state,
    serviceName(f),
    ...(reason ? [f.reason + f.detail] : []),
  ]);
  const table = tableText([['PORT', 'STATE', 'SERVICE', ...(reason ? ['REASON'] : [])], ...rows]);
  return `${notShown === '' ? '\n' : notShown + rateLimit}${table}`;
}

function serviceName({ port, protocol }: PortFound): string {
  return NMAP_NAMES[`${port}/${protocol}`] ?? serviceByPort(port, protocol) ?? 'unknown';
}

/** States by how many have them, each with its reasons. */
function ignoredText(ignored: readonly PortFound[]): string {
  const groups = new Map<string, { n: number; readonly of: PortFound }>();
  for (const one of ignored) {
    const key = `${one.state} ${one.protocol} ${one.reason}`;
    const group = groups.get(key) ?? { n: 0, of: one };
    group.n++;
    groups.set(key, group);
  }
  const inState = (state: string) => ignored.filter((f) => f.state === state).length;
  const silent = (f: PortFound) => Number(f.reason === 'no-response');
  return [...groups.values()]
    .sort(
      (a, b) =>
        inState(b.of.state) - inState(a.of.state) ||
        b.n - a.n ||
        silent(a.of) - silent(b.of) ||
        (a.of.reason < b.of.reason ? -1 : 1),
    )
    .map(({ n, of }) => `${n} ${of.state} ${of.protocol} ports (${of.reason})`)
    .join(', ');
}

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join(' ')}\n`)
    .join('');
}
