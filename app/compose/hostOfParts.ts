import type { Lab, LabHost, LabInterface, LabListener, LabStep } from '../../src/engine';
import { type Address, addressText, inSubnet, nthAddress, parseAddress } from './addresses';
import { type DumpRule, readDumpRules } from './dumpRules';
import { type Family, type Known, learnAddresses, learnMachines, learnPods, netOf } from './learn';
import type { Parts } from './readText';
import { firstService, type Service } from './services';
import { titleOfParts } from './titleOfParts';

export interface Made {
  readonly lab: Lab;
  /** What was not in the text and had to be guessed, as sentences. */
  readonly guesses: readonly string[];
}

/** What is said of texts that are kept and not run; '' if there are none with anything in them. */
export function notSimulated(...hosts: readonly Pick<LabHost, 'nftables' | 'ipvs'>[]): string {
  const filled = (text = ''): boolean => text.replace(/^\s*(flush ruleset\s*;?)?\s*$/gm, '') !== '';
  const kept = [
    hosts.some((h) => filled(h.nftables)) ? 'nftables rules' : '',
    hosts.some((h) => filled(h.ipvs)) ? 'IPVS services' : '',
  ].filter(Boolean);
  if (kept.length === 0) return '';
  return `Not modelled: ${kept.join(' and ')} are kept as text, but not simulated. Packets pass as if they were not there.`;
}

/** Interfaces that lead to containers, guests or tunnels, never to the outside by themselves. */
const INNER = /^(docker|br-|virbr|cni|lxc|wg|tun|tap)/;

/** The families that the text speaks of; IPv4 if of none. */
function familiesOf(parts: Parts): readonly Family[] {
  if (parts.ip6tables === '') return [4];
  return parts.iptables === '' && parts.routes === '' ? [6] : [4, 6];
}

/**
 * A lab around a host whose ruleset (or addresses, routes) someone has pasted: the host itself, and a neighbour to send
 * from on each of its interfaces. What the text does not say is guessed, and said.
 */
export function labOfParts(parts: Parts, name = 'host'): Made {
  const guesses: string[] = [];
  const devices = new Map<string, Known>();
  const device = (id: string): Known => {
    let known = devices.get(id);
    if (known === undefined) {
      known = { name: id, addresses: [], mac: '', mtu: 1500, master: '', machines: new Map(), given: false };
      devices.set(id, known);
    }
    return known;
  };
  for (const d of parts.interfaces) {
    if (d.name === 'lo' || d.name.startsWith('veth')) continue;
    if (!d.up && d.addresses.length === 0) {
      guesses.push(`${d.name} is down and has no address, so it is left out.`);
      continue;
    }
    Object.assign(device(d.name), {
      addresses: [...d.addresses],
      mac: d.mac,
      mtu: d.mtu,
      master: d.master,
      given: true,
    });
  }
  const families = familiesOf(parts);
  const rulesOf = { 4: readDumpRules(parts.iptables), 6: readDumpRules(parts.ip6tables) };
  const rules = [...rulesOf[4], ...rulesOf[6]];
  for (const rule of rules) {
    for (const id of [rule.in, rule.out]) if (id !== '') device(id);
  }
  for (const dev of parts.routes.matchAll(/\bdev (\S+)/g)) if (dev[1] !== undefined && dev[1] !== 'lo') device(dev[1]);
  if ([...devices.keys()].every((id) => INNER.test(id))) {
    device('eth0');
    guesses.push(`No interface to the outside is named, so there is one: eth0.`);
  }
  const outside = outsideOf(parts, rules, [...devices.values()]);
  learnAddresses(rules, devices, outside, guesses);
  const services = { 4: firstService(rulesOf[4]), 6: firstService(rulesOf[6]) };
  for (const family of families) learnPods(services[family], rulesOf[family], devices, guesses);
  for (const family of families) giveAddresses(family, parts, devices, outside, guesses);
  learnMachines(rules, devices, guesses);

  const host = hostOf(parts, families, devices, outside, listenersOf(rules, guesses), guesses);
  const hosts: Record<string, LabHost> = { [name]: host };
  const neighbours = addNeighbours(hosts, families, devices, outside, name, guesses);
  const steps = families.flatMap((f) =>
    firstSteps(f, rulesOf[f], services[f], hosts, neighbours, devices.get(outside)),
  );
  const unlike = notSimulated(parts);
  const notes = [unlike, guesses.length === 0 ? '' : `Guessed: ${guesses.join(' ')}`].filter(Boolean).join(' ');
  const lab: Lab = {
    format: 'lab/1',
    name: 'pasted',
    title: titleOfParts(parts),
    ...(notes === '' ? {} : { notes }),
    hosts,
    steps,
    view: { host: name },
  };
  return { lab, guesses };
}

/** The interface towards the rest of the world. */
function outsideOf(parts: Parts, rules: readonly DumpRule[], devices: readonly Known[]): string {
  const route = /^default\b.*\bdev (\S+)/m.exec(parts.routes)?.[1];
  if (route !== undefined) return route;
  const masked = rules.find((r) => (r.target === 'MASQUERADE' || r.target === 'SNAT') && r.out !== '')?.out;
  if (masked !== undefined && devices.some((d) => d.name === masked)) return masked;
  const usual = devices.find((d) => /^(eth0|en[sop]\d|wan|ppp)/.test(d.name));
  const inner = devices.filter((d) => !INNER.test(d.name));
  return usual?.name ?? inner[0]?.name ?? devices[0]?.name ?? 'eth0';
}

/** Interfaces about which nothing is known get addresses for documentation or of a private network. */
function giveAddresses(
  family: Family,
  parts: Parts,
  devices: Map<string, Known>,
  outside: string,
  guesses: string[],
): void {
  let n = 1;
  const used = new Set([...devices.values()].flatMap((d) => d.addresses.map(family === 4 ? base4 : base6)));
  const free = (first: string, rest: (n: number) => string, wanted: boolean): string => {
    let base = wanted && !used.has(first) ? first : rest(n++);
    while (used.has(base)) base = rest(n++);
    return base;
  };
  for (const known of devices.values()) {
    const enough = known.given ? known.addresses.length > 0 : netOf(known, family) !== null;
    if (enough || known.master !== '') continue;
    let address: string;
    if (family === 6) {
      const base = free('2001:db8', (i) => `2001:db8:${i}`, known.name === outside);
      used.add(base);
      address = `${base}::1/64`;
    } else {
      const via = [...parts.routes.matchAll(/\bvia (\d+\.\d+\.\d+)\.(\d+)\s+dev (\S+)/g)].find(
        (m) => m[3] === known.name,
      );
      const base = via?.[1] ?? free('203.0.113', (i) => `10.0.${i}`, known.name === outside);
      used.add(base);
      address = `${base}.${via?.[2] === '1' ? 2 : 1}/24`;
    }
    known.addresses.push(address);
    guesses.push(`${known.name} has ${address}: the text does not say its address.`);
  }
}

const base4 = (address: string): string => address.split('.').slice(0, 3).join('.');
const base6 = (address: string): string => address.split('::')[0] ?? '';

/** Programs for the ports that INPUT lets in: somebody is to answer there. */
function listenersOf(rules: readonly DumpRule[], guesses: string[]): readonly LabListener[] {
  const found = new Map<string, LabListener>();
  for (const r of rules) {
    const port = Number(r.dport);
    if (r.table !== 'filter' || r.chain !== 'INPUT' || r.target !== 'ACCEPT' || !(port > 0 && port < 65536)) continue;
    if (r.protocol === 'tcp' || r.protocol === 'udp')
      found.set(`${r.protocol} ${port}`, { protocol: r.protocol, port });
  }
  const most = [...found].slice(0, 12);
  if (most.length > 0) {
    guesses.push(`Programs listen on ${most.map(([name]) => name).join(', ')}: rules of INPUT accept these ports.`);
  }
  return most.map(([, listener]) => listener);
}

function hostOf(
  parts: Parts,
  families: readonly Family[],
  devices: Map<string, Known>,
  outside: string,
  listen: readonly LabListener[],
  guesses: string[],
): LabHost {
  const bridges = new Set([...devices.values()].map((d) => d.master).filter((m) => m !== ''));
  const interfaces: Record<string, LabInterface> = {};
  for (const d of devices.values()) {
    const common = {
      ...(d.addresses.length === 0 ? {} : { addresses: d.addresses }),
      ...(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(d.mac) ? { mac: d.mac } : {}),
      ...(d.mtu === 1500 || d.mtu < 68 || d.mtu > 65535 ? {} : { mtu: d.mtu }),
    };
    interfaces[d.name] = bridges.has(d.name)
      ? { kind: 'bridge', ...common }
      : { segment: d.name, ...common, ...(d.master === '' ? {} : { master: d.master }) };
  }
  const sysctl: Record<string, string> = {};
  const routes = { 4: parts.routes, 6: parts.routes6 };
  for (const family of families) {
    const rules = family === 4 ? parts.iptables : parts.ip6tables;
    const forwards = /-A FORWARD|-j (DNAT|MASQUERADE|SNAT)|:FORWARD DROP/.test(rules) || devices.size > 1;
    if (forwards) sysctl[family === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding'] = '1';
    if (/^default\b/m.test(routes[family])) continue;
    const known = devices.get(outside);
    const net = known === undefined ? undefined : netOf(known, family)?.net;
    const gateway = net === undefined ? null : (nthAddress(net, 254) ?? nthAddress(net, 2));
    if (gateway === null || gateway.value === net?.value) continue;
    routes[family] += `default via ${addressText(gateway)} dev ${outside}\n`;
    guesses.push(`The default route${families.length > 1 ? ` of IPv${family}` : ''} goes by ${outside}.`);
  }
  Object.assign(sysctl, parts.sysctl);
  return {
    interfaces,
    ...(routes[4] === '' ? {} : { routes: routes[4] }),
    ...(routes[6] === '' ? {} : { routes6: routes[6] }),
    ...(parts.rules === '' ? {} : { rules: parts.rules }),
    ...(parts.rules6 === '' ? {} : { rules6: parts.rules6 }),
    ...(Object.keys(sysctl).length === 0 ? {} : { sysctl }),
    ...(parts.iptables === '' ? {} : { iptables: parts.iptables }),
    ...(parts.ip6tables === '' ? {} : { ip6tables: parts.ip6tables }),
    ...(parts.ipset === '' ? {} : { ipset: parts.ipset }),
    ...(parts.nftables === '' ? {} : { nftables: parts.nftables }),
    ...(parts.ipvs === '' ? {} : { ipvs: parts.ipvs }),
    ...(listen.length === 0 ? {} : { listen }),
  };
}

/** On each network of the host someone to send from, and the machines that the rules name. */
function addNeighbours(
  hosts: Record<string, LabHost>,
  families: readonly Family[],
  devices: Map<string, Known>,
  outside: string,
  name: string,
  guesses: string[],
): ReadonlyMap<string, string> {
  const neighbours = new Map<string, string>();
  const names: string[] = [];
  const unused = (wanted: string): string => {
    let id = wanted;
    for (let n = 2; id in hosts || id === name; n++) id = `${wanted}-${n}`;
    return id;
  };
  for (const d of devices.values()) {
    const nets = families.map((family) => netOf(d, family)).filter((net) => net !== null);
    if (nets.length === 0) continue;
    const add = (id: string, addresses: readonly Address[], listen: readonly LabListener[]): void => {
      const written: string[] = [];
      const routes: { routes?: string; routes6?: string } = {};
      for (const address of addresses) {
        const own = nets.find(({ net }) => inSubnet(address, net));
        if (own === undefined) continue;
        written.push(`${addressText(address)}/${own.net.length}`);
        routes[address.family === 4 ? 'routes' : 'routes6'] = `default via ${own.address} dev eth0\n`;
      }
      const interfaces = { eth0: { segment: d.name, addresses: written } };
      hosts[id] = { interfaces, ...routes, ...(listen.length === 0 ? {} : { listen }) };
      names.push(`${id} (${addresses.map(addressText).join(', ')})`);
    };
    for (const [text, service] of d.machines) {
      const address = parseAddress(text);
      if (address === null || !nets.some(({ net }) => inSubnet(address, net))) continue;
      const id = unused(`${d.name.startsWith('cni') ? 'pod' : 'machine'}-${text.split(/[.:]/).at(-1)}`);
      add(id, [address], service === null ? [] : [service]);
      if (!neighbours.has(d.name)) neighbours.set(d.name, id);
    }
    if (d.name === outside || d.machines.size === 0) {
      const free = nets.flatMap(({ address, net }) => {
        const taken = new Set([address, ...d.machines.keys()]);
        const places = [10, 20, 30, 2, 3].map((n) => nthAddress(net, n));
        return places.find((a) => a !== null && !taken.has(addressText(a))) ?? [];
      });
      if (free.length === 0) continue;
      const id = unused(d.name === outside ? 'outside' : `on-${d.name}`);
      add(id, free, [{ protocol: 'tcp', port: 80 }]);
      neighbours.set(d.name, id);
    }
  }
  if (names.length > 0) guesses.push(`Neighbours to send from were added: ${names.join(', ')}.`);
  return neighbours;
}

/** A packet or two that the rules have something to say about. */
function firstSteps(
  family: Family,
  rules: readonly DumpRule[],
  service: Service | null,
  hosts: Readonly<Record<string, LabHost>>,
  neighbours: ReadonlyMap<string, string>,
  outside: Known | undefined,
): readonly LabStep[] {
  const from = outside === undefined ? undefined : neighbours.get(outside.name);
  const to = outside === undefined ? undefined : netOf(outside, family)?.address;
  if (outside === undefined || from === undefined || to === undefined) return [];
  const published = rules.find(
    (r) =>
      r.target === 'DNAT' &&
      r.protocol !== 'udp' &&
      Number(r.dport) > 0 &&
      r.notIn !== outside.name &&
      (r.in === '' || r.in === outside.name),
  );
  const opened = rules.find(
    (r) => r.chain === 'INPUT' && r.target === 'ACCEPT' && r.protocol === 'tcp' && Number(r.dport) > 0,
  );
  const port = Number(published?.dport ?? opened?.dport ?? 0);
  const inside = [...neighbours].find(([dev]) => dev !== outside.name)?.[1];
  const far = hosts[from]?.interfaces?.eth0?.addresses?.find((a) => a.includes(':') === (family === 6))?.split('/')[0];
  if (service !== null) return [{ connect: { host: from, to: service.address, port: service.port } }];
  return [
    port > 0 ? { connect: { host: from, to, port } } : { ping: { host: from, to } },
    ...(inside !== undefined && far !== undefined ? [{ connect: { host: inside, to: far, port: 80 } }] : []),
  ];
}
