import type { Lab, LabHost, LabInterface, LabListener, LabStep } from '../../src/engine';
import { type Address, addressText, inSubnet, nthAddress, parseAddress, parseSubnet, type Subnet } from './addresses';
import type { Parts } from './readText';

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

/** What becomes known about an interface from `ip addr` or from the rules. */
interface Known {
  readonly name: string;
  addresses: string[];
  mac: string;
  mtu: number;
  master: string;
  /** Addresses of machines that the rules speak of behind it, with the port that they are to be reached at. */
  readonly machines: Map<string, { readonly protocol: 'tcp' | 'udp'; readonly port: number } | null>;
  given: boolean;
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
  const rules = readRules(parts.iptables);
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
  giveAddresses(parts, devices, outside, guesses);
  learnMachines(rules, devices);

  const host = hostOf(parts, devices, outside, listenersOf(rules, guesses), guesses);
  const hosts: Record<string, LabHost> = { [name]: host };
  const neighbours = addNeighbours(hosts, devices, outside, name, guesses);
  const steps = firstSteps(rules, hosts, name, neighbours, devices.get(outside));
  const unlike = notSimulated(parts);
  const title =
    parts.iptables === '' && parts.ip6tables === '' && parts.nftables === ''
      ? 'A host from its addresses'
      : 'A host from its ruleset';
  const notes = [unlike, guesses.length === 0 ? '' : `Guessed: ${guesses.join(' ')}`].filter(Boolean).join(' ');
  const lab: Lab = {
    format: 'lab/1',
    name: 'pasted',
    title,
    ...(notes === '' ? {} : { notes }),
    hosts,
    steps,
    view: { host: name },
  };
  return { lab, guesses };
}

interface Rule {
  readonly table: string;
  readonly chain: string;
  readonly in: string;
  readonly notIn: string;
  readonly out: string;
  readonly notOut: string;
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly dport: string;
  readonly target: string;
  readonly to: string;
}

function readRules(text: string): readonly Rule[] {
  const rules: Rule[] = [];
  let table = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\[\d+:\d+\]\s*/, '').trim();
    if (line.startsWith('*')) table = line.slice(1);
    const chain = /^-A (\S+)/.exec(line)?.[1];
    if (chain === undefined) continue;
    const value = (option: string, not = false): string => {
      const match = new RegExp(`(^| )(! )?${option} (\\S+)`).exec(line);
      return match !== null && (match[2] !== undefined) === not ? (match[3] ?? '') : '';
    };
    const iface = (id: string): string => (id === 'lo' ? '' : id.replace(/\+$/, '0'));
    rules.push({
      table,
      chain,
      in: iface(value('-i')),
      notIn: iface(value('-i', true)),
      out: iface(value('-o')),
      notOut: iface(value('-o', true)),
      src: value('-s'),
      dst: value('-d'),
      protocol: value('-p'),
      dport: value('--dport') || (value('--dports').split(/[,:]/)[0] ?? ''),
      target: value('-j'),
      to: value('--to-destination') || value('--to-source'),
    });
  }
  return rules;
}

/** The interface towards the rest of the world. */
function outsideOf(parts: Parts, rules: readonly Rule[], devices: readonly Known[]): string {
  const route = /^default\b.*\bdev (\S+)/m.exec(parts.routes)?.[1];
  if (route !== undefined) return route;
  const masked = rules.find((r) => (r.target === 'MASQUERADE' || r.target === 'SNAT') && r.out !== '')?.out;
  if (masked !== undefined && devices.some((d) => d.name === masked)) return masked;
  const usual = devices.find((d) => /^(eth0|en[sop]\d|wan|ppp)/.test(d.name));
  const inner = devices.filter((d) => !INNER.test(d.name));
  return usual?.name ?? inner[0]?.name ?? devices[0]?.name ?? 'eth0';
}

const isPrivate = (net: Subnet): boolean =>
  net.family === 4 &&
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some((p) => {
    const area = parseSubnet(p);
    return area !== null && net.length >= area.length && inSubnet(net, area);
  });

/** Networks and addresses of interfaces, as far as the rules give them away. */
function learnAddresses(rules: readonly Rule[], devices: Map<string, Known>, outside: string, guesses: string[]): void {
  const give = (id: string, net: Subnet | null, why: string): void => {
    const known = devices.get(id);
    if (known === undefined || known.given || net === null || net.length > 30 || net.length < 8) return;
    if (known.addresses.some((a) => a.includes('.') === (net.family === 4))) return;
    const first = nthAddress(net, 1);
    if (first === null) return;
    known.addresses.push(`${addressText(first)}/${net.length}`);
    guesses.push(`${id} has ${addressText(first)}/${net.length}: ${why}.`);
  };
  for (const r of rules) {
    const net = parseSubnet(r.src);
    // Docker's way: what comes from this network and does not stay on its bridge is masqueraded.
    if (r.notOut !== '' && r.src !== '' && r.target === 'MASQUERADE')
      give(ensure(devices, r.notOut), net, `its network ${r.src} is masqueraded`);
  }
  for (const r of rules) {
    if (r.in !== '' && r.src !== '' && isPrivateText(r.src))
      give(r.in, parseSubnet(r.src), `rules expect ${r.src} from it`);
    if (r.out !== '' && r.dst !== '' && isPrivateText(r.dst))
      give(r.out, parseSubnet(r.dst), `rules send ${r.dst} out of it`);
    if (r.target === 'SNAT' && r.out !== '' && parseAddress(r.to) !== null)
      giveOne(r.out, r.to, 'SNAT writes this source');
    if (
      r.chain === 'PREROUTING' &&
      r.in !== '' &&
      r.dst !== '' &&
      parseAddress(r.dst.replace(/\/32$/, '')) !== null &&
      r.target === 'DNAT'
    ) {
      giveOne(r.in, r.dst.replace(/\/32$/, ''), 'DNAT rules are for this address');
    }
  }
  const inner = [...devices.values()].filter((d) => d.name !== outside && d.addresses.length === 0);
  for (const r of rules) {
    const free = inner.find((d) => d.addresses.length === 0 && !d.given);
    if (r.target === 'MASQUERADE' && r.out !== '' && isPrivateText(r.src) && free !== undefined) {
      give(free.name, parseSubnet(r.src), `${r.src} is masqueraded out of ${r.out}`);
    }
  }

  function giveOne(id: string, text: string, why: string): void {
    const known = devices.get(id);
    if (known === undefined || known.given || known.addresses.length > 0) return;
    known.addresses.push(`${text}/24`);
    guesses.push(`${id} has ${text}/24: ${why}.`);
  }
}

function ensure(devices: Map<string, Known>, id: string): string {
  if (!devices.has(id))
    devices.set(id, { name: id, addresses: [], mac: '', mtu: 1500, master: '', machines: new Map(), given: false });
  return id;
}

function isPrivateText(text: string): boolean {
  const net = parseSubnet(text);
  return net !== null && isPrivate(net);
}

/** Interfaces about which nothing is known get addresses for documentation or of a private network. */
function giveAddresses(parts: Parts, devices: Map<string, Known>, outside: string, guesses: string[]): void {
  let n = 1;
  const used = new Set(
    [...devices.values()].flatMap((d) => d.addresses.map((a) => a.split('.').slice(0, 3).join('.'))),
  );
  for (const known of devices.values()) {
    if (known.addresses.length > 0 || known.master !== '') continue;
    const via = [...parts.routes.matchAll(/\bvia (\d+\.\d+\.\d+)\.(\d+)\s+dev (\S+)/g)].find(
      (m) => m[3] === known.name,
    );
    let base = via?.[1];
    if (base === undefined && known.name === outside && !used.has('203.0.113')) base = '203.0.113';
    while (base === undefined || (via === undefined && used.has(base))) base = `10.0.${n++}`;
    used.add(base);
    const own = via?.[2] === '1' ? 2 : 1;
    known.addresses.push(`${base}.${own}/24`);
    guesses.push(`${known.name} has ${base}.${own}/24: the text does not say its address.`);
  }
}

/** Machines that DNAT sends to, or that rules let through to, behind the interface that has their network. */
function learnMachines(rules: readonly Rule[], devices: Map<string, Known>): void {
  for (const r of rules) {
    const [, address, port] = /^(\d+\.\d+\.\d+\.\d+)(?::(\d+))?/.exec(r.target === 'DNAT' ? r.to : '') ?? [];
    const through =
      r.out !== '' && r.target === 'ACCEPT' && /^\d+\.\d+\.\d+\.\d+(\/32)?$/.test(r.dst)
        ? r.dst.replace('/32', '')
        : undefined;
    const text = address ?? through;
    const parsed = text === undefined ? null : parseAddress(text);
    if (text === undefined || parsed === null) continue;
    const at = Number(port ?? r.dport);
    const service = at > 0 ? { protocol: r.protocol === 'udp' ? ('udp' as const) : ('tcp' as const), port: at } : null;
    const known = [...devices.values()].find((d) => d.addresses.some((a) => covers(a, parsed)));
    if (known === undefined || known.addresses.some((a) => a.startsWith(`${text}/`))) continue;
    if (!known.machines.has(text) || known.machines.get(text) === null) known.machines.set(text, service);
  }
}

function covers(written: string, address: Address): boolean {
  const net = parseSubnet(written);
  return net !== null && inSubnet(address, net);
}

/** Programs for the ports that INPUT lets in: somebody is to answer there. */
function listenersOf(rules: readonly Rule[], guesses: string[]): readonly LabListener[] {
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
  const forwards = /-A FORWARD|-j (DNAT|MASQUERADE|SNAT)|:FORWARD DROP/.test(parts.iptables) || devices.size > 1;
  const sysctl: Record<string, string> = { ...(forwards ? { 'net.ipv4.ip_forward': '1' } : {}), ...parts.sysctl };
  let routes = parts.routes;
  if (!/^default\b/m.test(routes)) {
    const net = devices
      .get(outside)
      ?.addresses.map(parseSubnet)
      .find((n) => n !== null && n.family === 4 && n.length <= 30);
    const gateway = net === undefined || net === null ? null : (nthAddress(net, 254) ?? nthAddress(net, 2));
    if (gateway !== null && gateway.value !== net?.value) {
      routes += `default via ${addressText(gateway)} dev ${outside}\n`;
      guesses.push(`The default route goes by ${outside}.`);
    }
  }
  return {
    interfaces,
    ...(routes === '' ? {} : { routes }),
    ...(parts.routes6 === '' ? {} : { routes6: parts.routes6 }),
    ...(parts.rules === '' ? {} : { rules: parts.rules }),
    ...(parts.rules6 === '' ? {} : { rules6: parts.rules6 }),
    ...(Object.keys(sysctl).length === 0 ? {} : { sysctl }),
    ...(parts.iptables === '' ? {} : { iptables: parts.iptables }),
    ...(parts.ip6tables === '' ? {} : { ip6tables: parts.ip6tables }),
    ...(parts.ipset === '' ? {} : { ipset: parts.ipset }),
    ...(parts.nftables === '' ? {} : { nftables: parts.nftables }),
    ...(listen.length === 0 ? {} : { listen }),
  };
}

/** On each network of the host someone to send from, and the machines that the rules name. */
function addNeighbours(
  hosts: Record<string, LabHost>,
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
    const written = d.addresses.find((a) => a.includes('.'));
    const net = written === undefined ? null : parseSubnet(written);
    if (written === undefined || net === null || net.length > 30) continue;
    const gateway = written.split('/')[0] ?? '';
    const add = (id: string, address: string, listen: readonly LabListener[]): void => {
      hosts[id] = {
        interfaces: { eth0: { segment: d.name, addresses: [`${address}/${net.length}`] } },
        routes: `default via ${gateway} dev eth0\n`,
        ...(listen.length === 0 ? {} : { listen }),
      };
    };
    for (const [address, service] of d.machines) {
      const id = unused(`machine-${address.split('.').at(-1)}`);
      add(id, address, service === null ? [] : [service]);
      names.push(`${id} (${address})`);
      if (!neighbours.has(d.name)) neighbours.set(d.name, id);
    }
    if (d.name === outside || d.machines.size === 0) {
      const taken = new Set([gateway, ...d.machines.keys()]);
      const free = [10, 20, 30, 2, 3]
        .map((n) => nthAddress(net, n))
        .find((a) => a !== null && !taken.has(addressText(a)));
      if (free === undefined || free === null) continue;
      const id = unused(d.name === outside ? 'outside' : `on-${d.name}`);
      add(id, addressText(free), [{ protocol: 'tcp', port: 80 }]);
      names.push(`${id} (${addressText(free)})`);
      neighbours.set(d.name, id);
    }
  }
  if (names.length > 0) guesses.push(`Neighbours to send from were added: ${names.join(', ')}.`);
  return neighbours;
}

/** A packet or two that the rules have something to say about. */
function firstSteps(
  rules: readonly Rule[],
  hosts: Readonly<Record<string, LabHost>>,
  name: string,
  neighbours: ReadonlyMap<string, string>,
  outside: Known | undefined,
): readonly LabStep[] {
  const from = outside === undefined ? undefined : neighbours.get(outside.name);
  const to = outside?.addresses[0]?.split('/')[0];
  if (outside === undefined || from === undefined || to === undefined || !(from in hosts)) return [];
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
  const far = hosts[from]?.interfaces?.eth0?.addresses?.[0]?.split('/')[0];
  return [
    port > 0 ? { connect: { host: from, to, port } } : { ping: { host: from, to } },
    ...(inside !== undefined && far !== undefined ? [{ connect: { host: inside, to: far, port: 80 } }] : []),
  ];
}
