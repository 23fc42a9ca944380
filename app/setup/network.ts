import {
  addOffset,
  broadcastOf,
  type Lab,
  type LabHost,
  type LabInterface,
  type LabStep,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixText,
  stepKind,
} from '../../src/engine';
import { type LabView, viewOf } from '../store';
import { freeName, numberedName } from './names';
import { withMember } from './withMember';

/** A change of the network, or the sentence that says why it cannot be. */
export type Change = { readonly lab: Lab } | { readonly refused: string };

/** Who is on a segment. */
export interface Link {
  readonly host: string;
  readonly interface: string;
}

/** All interfaces on a segment. */
export function linksOf(lab: Lab, segment: string): readonly Link[] {
  return Object.entries(lab.hosts).flatMap(([host, spec]) =>
    Object.entries(spec.interfaces ?? {})
      .filter(([, i]) => i.segment === segment)
      .map(([name]) => ({ host, interface: name })),
  );
}

/** All segments: those that interfaces are on, then those that were added and are empty. */
export function segmentsOf(lab: Lab): readonly string[] {
  const names = new Set<string>();
  for (const spec of Object.values(lab.hosts)) {
    for (const i of Object.values(spec.interfaces ?? {})) if (i.segment !== undefined) names.add(i.segment);
  }
  for (const name of Object.keys(addedSegments(lab))) names.add(name);
  return [...names];
}

/** The segments that were added by hand, with the network that each was given. */
export function addedSegments(lab: Lab): NonNullable<LabView['segments']> {
  // What a file says there may be anything.
  const segments: unknown = viewOf(lab).segments;
  if (typeof segments !== 'object' || segments === null) return {};
  return Object.fromEntries(
    Object.entries(segments).map(([name, segment]: [string, unknown]) => {
      const prefix =
        typeof segment === 'object' && segment !== null && 'prefix' in segment ? segment.prefix : undefined;
      return [name, typeof prefix === 'string' ? { prefix } : {}];
    }),
  );
}

/** Networks on a segment: of the addresses there, also of bridges whose ports are on it, else what it was added with. */
export function prefixesOf(lab: Lab, segment: string): readonly Prefix[] {
  const found = new Map<string, Prefix>();
  for (const { host, interface: name } of linksOf(lab, segment)) {
    const interfaces = lab.hosts[host]?.interfaces ?? {};
    const own = interfaces[name];
    const master = own?.master === undefined ? undefined : interfaces[own.master];
    for (const text of [...(own?.addresses ?? []), ...(master?.addresses ?? [])]) {
      const prefix = parsePrefix(text);
      if (prefix !== null && prefix.length < (prefix.family === 4 ? 32 : 128)) found.set(prefixText(prefix), prefix);
    }
  }
  const added = parsePrefix(addedSegments(lab)[segment]?.prefix ?? '');
  if (added !== null && ![...found.values()].some((p) => p.family === added.family))
    found.set(prefixText(added), added);
  return [...found.values()];
}

/** Everything in the lab that looks like an address and could be taken: of interfaces, routes and steps. */
function takenAddresses(lab: Lab): ReadonlySet<string> {
  const texts = [JSON.stringify(lab.steps)];
  for (const spec of Object.values(lab.hosts)) {
    texts.push(JSON.stringify(spec.interfaces ?? {}), spec.routes ?? '', spec.routes6 ?? '');
  }
  return new Set(
    texts.flatMap((t) => t.match(/[0-9a-f]*:[0-9a-f:.]+|\d+\.\d+\.\d+\.\d+/gi) ?? []).map((t) => t.toLowerCase()),
  );
}

/** The first address of a network that nothing in the lab has or names; null if all are taken. */
export function freeAddress(lab: Lab, prefix: Prefix): string | null {
  const taken = takenAddresses(lab);
  const bits = (prefix.family === 4 ? 32 : 128) - prefix.length;
  const last = bits > 1 && prefix.family === 4 ? broadcastOf(prefix) : '';
  const first = bits > 1 ? 1 : 0;
  const count = bits >= 16 ? 65_000 : 2 ** bits;
  for (let i = first; i < count; i++) {
    const address = addOffset(prefix.network, i);
    if (address === last || !prefixContains(prefix, address)) return null;
    if (!taken.has(address)) return `${address}/${prefix.length}`;
  }
  return null;
}

/** A network of 10.0.0.0/8 that touches none of the lab. */
export function freeNetwork(lab: Lab): string {
  const taken = Object.values(lab.hosts)
    .flatMap((h) => Object.values(h.interfaces ?? {}))
    .flatMap((i) => i.addresses ?? [])
    .concat(Object.values(addedSegments(lab)).flatMap((s) => s.prefix ?? []))
    .flatMap((text) => parsePrefix(text) ?? []);
  for (let i = 0; i < 65_536; i++) {
    const network = `10.${i >> 8}.${i & 255}.0`;
    const mine = parsePrefix(`${network}/24`);
    if (mine === null) break;
    if (!taken.some((p) => prefixContains(mine, p.network) || prefixContains(p, mine.network))) return `${network}/24`;
  }
  return '10.0.0.0/24';
}

/** Free addresses on a segment, one of each family that it has; of a network of its own if it has none. */
export function addressesFor(lab: Lab, segment: string): readonly string[] {
  const prefixes = prefixesOf(lab, segment);
  const families = ([4, 6] as const).flatMap((family) => prefixes.find((p) => p.family === family) ?? []);
  const wanted = families.length > 0 ? families : [parsePrefix(freeNetwork(lab))].flatMap((p) => p ?? []);
  return wanted.flatMap((p) => freeAddress(lab, p) ?? []);
}

export function freeHostName(lab: Lab): string {
  return freeName('host', Object.keys(lab.hosts), '-');
}

export function freeSegmentName(lab: Lab, stem = 'segment'): string {
  return freeName(stem, segmentsOf(lab), '-');
}

const withHost = (lab: Lab, name: string, host: LabHost): Lab => ({ ...lab, hosts: { ...lab.hosts, [name]: host } });

const withView = (lab: Lab, change: Partial<LabView>): Lab => ({ ...lab, view: { ...viewOf(lab), ...change } });

/** The lab with an interface more, and the name that it got: the stem with the first free number. */
export function addInterface(
  lab: Lab,
  host: string,
  spec: LabInterface,
  stem = 'eth',
): { readonly lab: Lab; readonly name: string } {
  const old = lab.hosts[host] ?? {};
  const name = numberedName(stem, Object.keys(old.interfaces ?? {}));
  return { name, lab: withHost(lab, host, { ...old, interfaces: { ...old.interfaces, [name]: spec } }) };
}

/** A new host, on a segment or on none. */
export function addHost(
  lab: Lab,
  name: string,
  on: { readonly segment: string; readonly addresses: readonly string[]; readonly gateway: string } | null,
): Change {
  if (name.trim() === '') return { refused: 'A host needs a name.' };
  if (Object.hasOwn(lab.hosts, name)) return { refused: `There is a host ${name} already.` };
  const host: LabHost =
    on === null || on.segment === ''
      ? { interfaces: {} }
      : {
          interfaces: { eth0: { segment: on.segment, addresses: on.addresses } },
          ...(on.gateway === '' ? {} : { routes: `default via ${on.gateway} dev eth0\n` }),
        };
  return { lab: withHost(lab, name, host) };
}

/** The lab with a segment that nobody is on yet. */
export function addSegment(lab: Lab, name: string, prefix: string): Change {
  if (name.trim() === '') return { refused: 'A segment needs a name.' };
  if (segmentsOf(lab).includes(name)) return { refused: `There is a segment ${name} already.` };
  if (prefix !== '' && parsePrefix(prefix) === null)
    return { refused: `${prefix} is no network; one is written 10.0.0.0/24.` };
  return { lab: withView(lab, { segments: { ...addedSegments(lab), [name]: prefix === '' ? {} : { prefix } } }) };
}

/** Puts a host on a segment, with a free address. */
export function connectToSegment(lab: Lab, host: string, segment: string): Change {
  if (lab.hosts[host] === undefined) return { refused: `There is no host ${host}.` };
  const there = linksOf(lab, segment).find((l) => l.host === host);
  if (there !== undefined) return { refused: `${host} is on ${segment} already, with ${there.interface}.` };
  return { lab: addInterface(lab, host, { segment, addresses: addressesFor(lab, segment) }).lab };
}

/** A wire between two hosts: a segment of its own, with a network of its own. */
export function connectHosts(lab: Lab, a: string, b: string): Change {
  if (a === b) return { refused: 'A wire has two ends: choose another host.' };
  if (lab.hosts[a] === undefined || lab.hosts[b] === undefined) return { refused: 'There is no such host.' };
  const segment = freeSegmentName(lab, `${a}-${b}`);
  const network = parsePrefix(freeNetwork(lab));
  let next = lab;
  for (const host of [a, b]) {
    const address = network === null ? null : freeAddress(next, network);
    next = addInterface(next, host, { segment, addresses: address === null ? [] : [address] }).lab;
  }
  return { lab: next };
}

/** Steps (from 0) that name the host, or the interface of it that they arrive on. */
export function stepsWith(lab: Lab, host: string, name?: string): readonly number[] {
  return lab.steps.flatMap((step, i) => {
    const body = bodyOf(step);
    if (body.host !== host) return [];
    return name === undefined || body.interface === name ? [i] : [];
  });
}

function bodyOf(step: LabStep): { readonly host?: string; readonly interface?: string } {
  return (step as unknown as Readonly<Record<string, { host?: string; interface?: string }>>)[stepKind(step)] ?? {};
}

const without = (steps: readonly LabStep[], gone: readonly number[]): readonly LabStep[] =>
  steps.filter((_, i) => !gone.includes(i));

/** The lab without a host, and without the steps that begin or act there. */
export function removeHost(lab: Lab, host: string): Change {
  const { [host]: gone, ...hosts } = lab.hosts;
  if (gone === undefined) return { refused: `There is no host ${host}.` };
  if (Object.keys(hosts).length === 0) return { refused: 'A lab needs at least one host.' };
  const view = viewOf(lab);
  const { [host]: _, ...positions } = view.positions ?? {};
  const { host: first, ...restView } = view;
  const kept = {
    ...restView,
    ...(first === undefined || first === host ? {} : { host: first }),
    ...(view.positions === undefined ? {} : { positions }),
  };
  return {
    lab: {
      ...lab,
      ...(lab.view === undefined ? {} : { view: kept }),
      hosts,
      steps: without(lab.steps, stepsWith(lab, host)),
    },
  };
}

/** The lab without an interface, and without the steps that arrive on it. Ports of a bridge become free. */
export function removeInterface(lab: Lab, host: string, name: string): Change {
  const old = lab.hosts[host];
  const { [name]: gone, ...interfaces } = old?.interfaces ?? {};
  if (old === undefined || gone === undefined) return { refused: `${host} has no interface ${name}.` };
  const freed = Object.fromEntries(
    Object.entries(interfaces).map(([n, i]) => [n, i.master === name ? withMember(i, 'master', undefined) : i]),
  );
  const next = withHost(lab, host, { ...old, interfaces: freed });
  return { lab: { ...next, steps: without(lab.steps, stepsWith(lab, host, name)) } };
}

/** The lab without a segment, and without the interfaces on it. */
export function removeSegment(lab: Lab, segment: string): Change {
  const { [segment]: _, ...segments } = addedSegments(lab);
  let next = viewOf(lab).segments === undefined ? lab : withView(lab, { segments });
  for (const link of linksOf(lab, segment)) {
    const change = removeInterface(next, link.host, link.interface);
    if ('refused' in change) return change;
    next = change.lab;
  }
  return { lab: next };
}

function renamed<T>(record: Readonly<Record<string, T>>, from: string, to: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));
}

/** A host under another name, in its place, with its steps. */
export function renameHost(lab: Lab, from: string, to: string): Change {
  if (from === to) return { lab };
  if (to.trim() === '') return { refused: 'A host needs a name.' };
  if (Object.hasOwn(lab.hosts, to)) return { refused: `There is a host ${to} already.` };
  const view = viewOf(lab);
  const steps = lab.steps.map((step) => {
    const kind = stepKind(step);
    const body = bodyOf(step);
    return body.host === from ? ({ ...step, [kind]: { ...body, host: to } } as unknown as LabStep) : step;
  });
  const hosts = renamed(lab.hosts, from, to);
  const host = hosts[to];
  // A title that is only the name goes along.
  const titled = host?.title === from ? { ...hosts, [to]: { ...host, title: to } } : hosts;
  const next: Lab = { ...lab, hosts: titled, steps };
  return {
    lab:
      lab.view === undefined
        ? next
        : withView(next, {
            ...(view.host === from ? { host: to } : {}),
            ...(view.positions === undefined ? {} : { positions: renamed(view.positions, from, to) }),
          }),
  };
}

/** A segment under another name, for all that are on it. */
export function renameSegment(lab: Lab, from: string, to: string): Change {
  if (from === to) return { lab };
  if (to.trim() === '') return { refused: 'A segment needs a name.' };
  if (segmentsOf(lab).includes(to)) return { refused: `There is a segment ${to} already.` };
  const hosts = Object.fromEntries(
    Object.entries(lab.hosts).map(([name, spec]): [string, LabHost] => [
      name,
      spec.interfaces === undefined || !Object.values(spec.interfaces).some((i) => i.segment === from)
        ? spec
        : {
            ...spec,
            interfaces: Object.fromEntries(
              Object.entries(spec.interfaces).map(([n, i]) => [n, i.segment === from ? { ...i, segment: to } : i]),
            ),
          },
    ]),
  );
  const added = addedSegments(lab);
  const next: Lab = { ...lab, hosts };
  return { lab: from in added ? withView(next, { segments: renamed(added, from, to) }) : next };
}

/** The interface under another name, wherever its host names it: texts, bridge ports, sysctls, steps. */
export function renameInterface(lab: Lab, host: string, from: string, to: string): Change {
  if (from === to) return { lab };
  const old = lab.hosts[host];
  if (old?.interfaces?.[from] === undefined) return { refused: `${host} has no interface ${from}.` };
  if (Object.hasOwn(old.interfaces, to)) return { refused: `There is an interface ${to} already.` };
  const texts: Partial<Record<'routes' | 'routes6' | 'rules' | 'rules6' | 'iptables' | 'ip6tables', string>> = {};
  for (const member of ['routes', 'routes6', 'rules', 'rules6'] as const) {
    const text = old[member];
    if (text !== undefined) texts[member] = swapped(text, /(\b(?:dev|oif|iif)\s+)([^\s]+)/g, from, to);
  }
  for (const member of ['iptables', 'ip6tables'] as const) {
    const text = old[member];
    if (text !== undefined) texts[member] = swapped(text, IN_RULES, from, to);
  }
  const interfaces = Object.fromEntries(
    Object.entries(renamed(old.interfaces, from, to)).map(([n, i]) => [
      n,
      i.master === from ? { ...i, master: to } : i,
    ]),
  );
  const sysctl =
    old.sysctl === undefined
      ? {}
      : {
          sysctl: Object.fromEntries(
            Object.entries(old.sysctl).map(([key, value]) => [
              key.replace(
                /^(net[./]ipv[46][./](?:conf|neigh)[./])(.+)([./][^./]+)$/,
                (all, a: string, dev: string, b: string) => (dev === from ? a + to + b : all),
              ),
              value,
            ]),
          ),
        };
  const steps = lab.steps.map((step) =>
    'receive' in step && step.receive.host === host && step.receive.interface === from
      ? { ...step, receive: { ...step.receive, interface: to } }
      : step,
  );
  return { lab: { ...withHost(lab, host, { ...old, ...texts, ...sysctl, interfaces }), steps } };
}

const IN_RULES =
  /(\s(?:-i|-o|--in-interface|--out-interface|--physdev-in|--physdev-out|--oif|--ifname|--gateway-dev)\s+)(\S+)/g;

function swapped(text: string, pattern: RegExp, from: string, to: string): string {
  return text.replace(pattern, (all, lead: string, name: string) => (name === from ? lead + to : all));
}

/** "Step 2 goes with it." for a list of steps, '' for none. */
export function stepsGo(steps: readonly number[]): string {
  if (steps.length === 0) return '';
  const numbers = steps.map((i) => i + 1);
  if (numbers.length === 1) return `Step ${numbers[0]} goes with it.`;
  return `Steps ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} go with it.`;
}

/** How many lines of a host's texts name the interface: they would be left out without it. */
export function linesWithInterface(host: LabHost | undefined, name: string): number {
  const count = (text: string | undefined, pattern: RegExp): number =>
    (text ?? '').split('\n').filter((line) => [...line.matchAll(pattern)].some((m) => m[2] === name)).length;
  const devs = /(\b(?:dev|oif|iif)\s+)(\S+)/g;
  return count(host?.routes, devs) + count(host?.routes6, devs);
}
