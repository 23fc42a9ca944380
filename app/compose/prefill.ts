import type { Lab, LabHost } from '../../src/engine';
import type { InjectPlace } from '../store';
import { addressesOf, inSubnet, parseAddress } from './addresses';
import { type Draft, EMPTY_DRAFT, type Preset } from './draft';

/** What a composer offers for a place: the packet that comes there, or gets as far as it. */
export function draftForPlace(lab: Lab, hostName: string, place: InjectPlace): Draft {
  const host = lab.hosts[hostName];
  const base: Draft = { ...EMPTY_DRAFT, host: hostName };
  if (host === undefined) return base;
  if (place.at === 'host' || place.at === 'local') return { ...base, to: targetFrom(lab, hostName) };
  if (place.at === 'interface') return arriving(lab, base, host, place.interface);
  switch (place.hook) {
    case 'OUTPUT':
      return { ...base, to: targetFrom(lab, hostName) };
    case 'PREROUTING':
    case 'INGRESS':
      return arriving(lab, base, host, outside(lab, hostName));
    case 'INPUT': {
      const iface = outside(lab, hostName);
      return { ...base, interface: iface, to: own(host, iface, listenerPort(host) ?? freePort(host)) };
    }
    case 'FORWARD':
    case 'POSTROUTING':
    case 'EGRESS': {
      const beyond = forwarded(lab, hostName);
      if (beyond === null) return { ...base, to: targetFrom(lab, hostName) };
      return { ...base, interface: beyond.from, to: beyond.to };
    }
  }
}

/** What is sent stays of the kind that was sent before, where that fits the port that it goes to now. */
export function asBefore(filled: Draft, before: Preset, lab: Lab): Draft {
  if (filled.interface !== '') return filled;
  const [, port = ''] = /:(\d+)$/.exec(filled.to) ?? [];
  switch (before) {
    case 'ping':
      return {
        ...filled,
        preset: 'ping',
        to: filled.to.replace(/^\[(.*)\]:\d+$/, '$1').replace(/^([\d.]+):\d+$/, '$1'),
      };
    case 'http': {
      const serves = Object.values(lab.hosts).some((h) =>
        h.listen?.some((l) => l.port === Number(port) && l.serves === 'http'),
      );
      return serves || /^(80|8080|)$/.test(port) ? { ...filled, preset: 'http' } : filled;
    }
    case 'dns':
      return /^(53|)$/.test(port) ? { ...filled, preset: 'dns' } : filled;
    default:
      return filled;
  }
}

const pair = (address: string, port: number | null): string =>
  port === null ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function arriving(lab: Lab, base: Draft, host: LabHost, iface: string): Draft {
  // What arrives from outside is most telling where the host does something with it: a published port, a listener.
  return { ...base, interface: iface, to: own(host, iface, publishedPort(host, iface) ?? listenerPort(host) ?? 80) };
}

function own(host: LabHost, iface: string, port: number): string {
  const all = addressesOf(host);
  const address = all.find((a) => a.interface === iface) ?? all[0];
  return address === undefined ? '' : pair(address.text, port);
}

const segments = (host: LabHost): readonly string[] =>
  Object.entries(host.interfaces ?? {}).flatMap(([name, i]) => ((i.kind ?? 'segment') === 'segment' ? [name] : []));

/** The interface that the world is behind: that of the default route, else the first. */
function outside(lab: Lab, hostName: string): string {
  const host = lab.hosts[hostName];
  if (host === undefined) return '';
  const names = segments(host);
  const dev = /^default\b.*\bdev (\S+)/m.exec(host.routes ?? '')?.[1];
  if (dev !== undefined && names.includes(dev)) return dev;
  const via = parseAddress(/^default via (\S+)/m.exec(host.routes ?? '')?.[1] ?? '');
  const by = via === null ? undefined : addressesOf(host).find((a) => inSubnet(via, a.net));
  return by?.interface ?? names[0] ?? '';
}

/** Ports that DNAT or REDIRECT take from an interface, the first of them. */
function publishedPort(host: LabHost, iface: string): number | null {
  for (const line of (host.iptables ?? '').split('\n')) {
    if (!/ -j (DNAT|REDIRECT)\b/.test(line)) continue;
    const where = /(! )?-i (\S+)/.exec(line);
    if (where !== null && (where[1] === undefined ? where[2] !== iface : where[2] === iface)) continue;
    const port = / --dport (\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  return null;
}

function listenerPort(host: LabHost): number | null {
  return host.listen?.find((l) => l.protocol === 'tcp')?.port ?? null;
}

/** A port that no DNAT takes away, so that the packet stays on the host. */
function freePort(host: LabHost): number {
  return (
    [80, 22, 443, 8080].find(
      (port) => !new RegExp(`--dport ${port}\\b.* -j (DNAT|REDIRECT)`).test(host.iptables ?? ''),
    ) ?? 80
  );
}

/** Where a host would send to: what it last did in the lab, a listener elsewhere, a neighbour. */
export function targetFrom(lab: Lab, hostName: string): string {
  const steps = lab.steps.toReversed();
  for (const step of steps) {
    if ('connect' in step && step.connect.host === hostName) return pair(step.connect.to, step.connect.port);
  }
  const nets = lab.hosts[hostName] === undefined ? [] : addressesOf(lab.hosts[hostName]);
  const nearest = (host: LabHost) => {
    const all = addressesOf(host);
    return all.find((a) => nets.some((n) => inSubnet(a.net, n.net))) ?? all[0];
  };
  const others = Object.entries(lab.hosts).filter(([name]) => name !== hostName);
  for (const [, host] of others) {
    const port = listenerPort(host);
    const address = nearest(host);
    if (port !== null && address !== undefined) return pair(address.text, port);
  }
  for (const step of steps) if ('connect' in step) return pair(step.connect.to, step.connect.port);
  const any = others.flatMap(([, host]) => addressesOf(host))[0];
  return any === undefined ? '' : pair(any.text, 80);
}

/** A packet that passes through the host: in by one interface, out by another. */
function forwarded(lab: Lab, hostName: string): { readonly from: string; readonly to: string } | null {
  const host = lab.hosts[hostName];
  if (host === undefined) return null;
  const names = segments(host);
  const from = outside(lab, hostName);
  for (const name of names.filter((n) => n !== from)) {
    const segment = host.interfaces?.[name]?.segment;
    const nets = addressesOf(host).filter((a) => a.interface === name);
    for (const [other, spec] of Object.entries(lab.hosts)) {
      if (other === hostName) continue;
      const there = addressesOf(spec).find(
        (a) => spec.interfaces?.[a.interface]?.segment === segment && nets.some((n) => inSubnet(a.net, n.net)),
      );
      if (there !== undefined) return { from, to: pair(there.text, listenerPort(spec) ?? 80) };
    }
  }
  return null;
}
