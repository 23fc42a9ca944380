import { ctStats } from '../../conntrack';
import type { Route } from '../../fib';
import type { Host } from '../../host';
import { addrBytes, maskOf } from '../../wire';
import type { XtFamily } from '../../xtables';
import { familyRoutes } from '../routes';

const hex8 = (n: number): string => (n >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** An IPv4 address as a number of this machine, whose low byte comes first. */
export function nativeHex(addr: string): string {
  return [...addrBytes(addr)]
    .reverse()
    .map((b) => b.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

/** Files of /proc/net about interfaces, routes and tables. */
export const procNetFiles: Readonly<Record<string, (host: Host) => string>> = {
  '/proc/net/dev': dev,
  '/proc/net/route': route,
  '/proc/net/arp': arp,
  '/proc/net/if_inet6': ifInet6,
  '/proc/net/ip_tables_names': (host) => tableNames(host, 'ip'),
  '/proc/net/ip6_tables_names': (host) => tableNames(host, 'ip6'),
  '/proc/net/stat/nf_conntrack': stat,
  '/proc/net/stat/synproxy': synproxy,
};

/** Kernel: dev_seq_printf_stats() */
function dev(host: Host): string {
  const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
  const n = (value: number, width: number) => String(value).padStart(width);
  const lines = [...host.devices.values()].map(({ name, count: c }) => {
    const rx = `${n(c.rxBytes, 7)} ${n(c.rxPackets, 7)}    0    0    0     0          0         0`;
    const tx = `${n(c.txBytes, 8)} ${n(c.txPackets, 7)}    0    0    0     0       0          0`;
    return `${name.padStart(6)}: ${rx} ${tx}\n`;
  });
  return head + lines.join('');
}

/** Kernel: fib_route_seq_show() */
function route(host: Host): string {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const lines = familyRoutes(host, 4).map((r) => routeLine(r));
  return [head, ...lines].map((line) => `${line.padEnd(127)}\n`).join('');
}

/** RTF_UP, RTF_GATEWAY, RTF_HOST, RTF_REJECT */
export function routeFlags(r: Route): number {
  const gateway = r.nexthops[0]?.gateway ?? null;
  const full = r.family === 4 ? 32 : 128;
  const rejects = r.type === 'unreachable' || r.type === 'prohibit';
  const dead = r.nexthops[0]?.dead ?? false;
  return (rejects ? 0x200 : 0) | (gateway === null ? 0 : 2) | (r.prefix.length === full ? 4 : 0) | (dead ? 0 : 1);
}

function routeLine(r: Route): string {
  const hop = r.nexthops[0];
  const iface = hop?.dev === undefined || hop.dev === '' ? '*' : hop.dev;
  const gateway = hop?.gateway && !hop.gateway.includes(':') ? hop.gateway : '0.0.0.0';
  const metric = (name: string) => Number(r.metrics.find((m) => m.name === name)?.value ?? 0);
  const mtu = metric('advmss') === 0 ? 0 : metric('advmss') + 40;
  const flags = routeFlags(r).toString(16).toUpperCase().padStart(4, '0');
  const mask = nativeHex(maskOf(r.prefix.length, 4));
  return [
    iface,
    nativeHex(r.prefix.addr),
    nativeHex(gateway),
    flags,
    0,
    0,
    r.metric,
    mask,
    mtu,
    metric('window'),
    0,
  ].join('\t');
}

/** Kernel: arp_format_neigh_entry() */
function arp(host: Host): string {
  const head = 'IP address       HW type     Flags       HW address            Mask     Device\n';
  const lines = host
    .neighbours()
    .filter((n) => !n.address.includes(':'))
    .map(({ address, mac, dev }) => {
      const flags = mac === null ? '0x0' : '0x6';
      return `${address.padEnd(16)} 0x1         ${flags}         ${mac ?? '00:00:00:00:00:00'}     *        ${dev}\n`;
    });
  return head + lines.join('');
}

/** Kernel: if6_seq_show(); the order is that of a hash table, here of the interfaces. */
function ifInet6(host: Host): string {
  const two = (n: number) => n.toString(16).padStart(2, '0');
  return host
    .interfaces()
    .flatMap((i) =>
      i.addresses
        .filter((a) => a.family === 6)
        .map((a) => {
          const bytes = [...addrBytes(a.addr)].map(two).join('');
          const scope = a.scope === 254 ? 0x10 : a.scope === 253 ? 0x20 : 0;
          const flags = i.kind === 'loopback' ? 0x80 : 0x82;
          return `${bytes} ${two(i.index)} ${two(a.length)} ${two(scope)} ${two(flags)} ${i.name.padStart(8)}\n`;
        }),
    )
    .join('');
}

/** The newest first. Kernel: xt_register_table() */
function tableNames(host: Host, family: XtFamily): string {
  return host.tables[family]
    .names()
    .toReversed()
    .map((name) => `${name}\n`)
    .join('');
}

/** Kernel: ct_cpu_seq_show(); one processor. */
function stat(host: Host): string {
  const s = ctStats(host.ct);
  const hex = (n: number) => hex8(n).toLowerCase();
  const head =
    'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n';
  const first = [
    host.ct.count,
    s.clash_resolve,
    s.found,
    0,
    s.invalid,
    0,
    0,
    s.chaintoolong,
    s.insert,
    s.insert_failed,
  ];
  const then = [s.drop, s.early_drop, s.error];
  const last = [s.expect_new, s.expect_create, s.expect_delete, s.search_restart];
  return `${head}${hex(first[0]!)}  ${[...first.slice(1), ...then].map(hex).join(' ')}  ${last.map(hex).join(' ')}\n`;
}

/** Kernel: synproxy_cpu_seq_show(); one processor. */
function synproxy({ ct }: Host): string {
  const s = ct.synproxy;
  const numbers = [0, s?.synReceived, s?.cookieInvalid, s?.cookieValid, s?.cookieRetrans, s?.connReopened];
  const head = 'entries\t\tsyn_received\tcookie_invalid\tcookie_valid\tcookie_retrans\tconn_reopened\n';
  return `${head}${numbers.map((n) => hex8(n ?? 0).toLowerCase()).join('\t')}\n`;
}
