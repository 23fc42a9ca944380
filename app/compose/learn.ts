// What the rules of a dump give away of the network around the host.
import { type Address, addressText, inSubnet, nthAddress, parseAddress, parseSubnet, type Subnet } from './addresses';
import type { DumpRule } from './dumpRules';
import { podNet, type Service } from './services';

export type Family = 4 | 6;

/** What becomes known about an interface from `ip addr` or from the rules. */
export interface Known {
  readonly name: string;
  addresses: string[];
  mac: string;
  mtu: number;
  master: string;
  /** Addresses of machines that the rules speak of behind it, with the port that they are to be reached at. */
  readonly machines: Map<string, { readonly protocol: 'tcp' | 'udp'; readonly port: number } | null>;
  given: boolean;
}

/** The first address of an interface that is of a family and has room for a neighbour. */
export function netOf(known: Known, family: Family): { readonly address: string; readonly net: Subnet } | null {
  for (const written of known.addresses) {
    const net = parseSubnet(written);
    if (net?.family === family && net.length <= (family === 4 ? 30 : 126)) {
      return { address: written.split('/')[0] ?? '', net };
    }
  }
  return null;
}

/** Networks that somebody has at home, or, of IPv6, as a customer. */
const isPrivate = (net: Subnet): boolean =>
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', '2000::/3'].some((p) => {
    const area = parseSubnet(p);
    return area !== null && net.length >= area.length && inSubnet(net, area) && (net.family === 4 || net.length >= 48);
  });

/** Networks and addresses of interfaces, as far as the rules give them away. */
export function learnAddresses(
  rules: readonly DumpRule[],
  devices: Map<string, Known>,
  outside: string,
  guesses: string[],
): void {
  const give = (id: string, net: Subnet | null, why: string): void => {
    const known = devices.get(id);
    if (known === undefined || known.given || net === null || net.length < 8) return;
    if (net.length > (net.family === 4 ? 30 : 126) || netOf(known, net.family) !== null) return;
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
      parseAddress(single(r.dst)) !== null &&
      r.target === 'DNAT'
    ) {
      giveOne(r.in, single(r.dst), 'DNAT rules are for this address');
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
    const address = parseAddress(text);
    if (known === undefined || known.given || address === null || netOf(known, address.family) !== null) return;
    const written = `${text}/${address.family === 6 ? 64 : 24}`;
    known.addresses.push(written);
    guesses.push(`${id} has ${written}: ${why}.`);
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

/** Without the prefix length that says "this address alone". */
const single = (text: string): string => text.replace(text.includes(':') ? /\/128$/ : /\/32$/, '');

/** The pods of a service that is asked for, behind an interface that has their network. */
export function learnPods(
  service: Service | null,
  rules: readonly DumpRule[],
  devices: Map<string, Known>,
  guesses: string[],
): void {
  const net = service === null ? null : podNet(service);
  if (service === null || net === null || net.length < 8) return;
  const here = behind(devices);
  const pods = service.pods.flatMap((pod) => ({ ...pod, at: parseAddress(pod.address) as Address }));
  let known = pods.map(({ at }) => here(at)).find((d) => d !== undefined);
  if (known === undefined) {
    const taken = new Set(rules.map((r) => destination(r.to)[0]));
    const last = net.family === 4 ? 2 ** (32 - net.length) - 2 : 0xfffe;
    const free = [1, 2, 3, last].map((n) => nthAddress(net, n)).find((a) => a !== null && !taken.has(addressText(a)));
    if (free === undefined || free === null || devices.get('cni0')?.given === true) return;
    known = devices.get(ensure(devices, 'cni0')) as Known;
    known.addresses.push(`${addressText(free)}/${net.length}`);
    guesses.push(`cni0 has ${addressText(free)}/${net.length}: the pods of a service are in this network.`);
  }
  for (const { address, port } of pods.slice(0, MOST_MACHINES)) known.machines.set(address, { protocol: 'tcp', port });
  if (pods.length > MOST_MACHINES) guesses.push(leftOut(known.name, pods.length - MOST_MACHINES));
}

/** Which interface has the network of an address that is not its own. */
function behind(devices: ReadonlyMap<string, Known>): (address: Address) => Known | undefined {
  const nets = [...devices.values()].map((known) => ({
    known,
    own: new Set(known.addresses.map((a) => a.split('/')[0])),
    nets: known.addresses.flatMap((a) => parseSubnet(a) ?? []),
  }));
  return (address) => {
    const found = nets.find((d) => d.nets.some((net) => inSubnet(address, net)));
    return found?.own.has(addressText(address)) ? undefined : found?.known;
  };
}

/** Machines that are put behind one interface: more of them would be no picture. */
const MOST_MACHINES = 8;

const leftOut = (dev: string, machines: number): string =>
  `Of the machines behind ${dev} that rules name ${machines} are left out: nobody answers there.`;

/** Machines that DNAT sends to, or that rules let through to, behind the interface that has their network. */
export function learnMachines(rules: readonly DumpRule[], devices: Map<string, Known>, guesses: string[]): void {
  const here = behind(devices);
  const left = new Map<string, Set<string>>();
  for (const r of rules) {
    if (r.chain.startsWith('KUBE-')) continue; // of all pods those of one service are enough
    const [address, port] = r.target === 'DNAT' ? destination(r.to) : [];
    const through = r.out !== '' && r.target === 'ACCEPT' ? single(r.dst) : undefined;
    const text = address ?? through;
    const parsed = text === undefined ? null : parseAddress(text);
    if (text === undefined || parsed === null) continue;
    const at = Number(port ?? r.dport);
    const service = at > 0 ? { protocol: r.protocol === 'udp' ? ('udp' as const) : ('tcp' as const), port: at } : null;
    const known = here(parsed);
    if (known === undefined) continue;
    if (!known.machines.has(text) && known.machines.size >= MOST_MACHINES) {
      left.set(known.name, (left.get(known.name) ?? new Set()).add(text));
    } else if (!known.machines.has(text) || known.machines.get(text) === null) known.machines.set(text, service);
  }
  for (const [dev, machines] of left) {
    guesses.push(leftOut(dev, machines.size));
  }
}

/** Address and port of `--to-destination`; of a range its beginning. */
function destination(to: string): readonly (string | undefined)[] {
  const six = /^\[([^\]-]*)[^\]]*\](?::(\d+))?/.exec(to) ?? /^([0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*)/i.exec(to);
  return (six ?? /^(\d+\.\d+\.\d+\.\d+)(?:-[\d.]+)?(?::(\d+))?/.exec(to) ?? []).slice(1);
}
