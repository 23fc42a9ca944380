import type { Lab, LabHost } from '../../src/engine';

/** The members of a host that are text. */
export type HostText =
  | 'routes'
  | 'routes6'
  | 'rules'
  | 'rules6'
  | 'iptables'
  | 'ip6tables'
  | 'nftables'
  | 'ipset'
  | 'ipvs';

/** What the page remembers in a lab: the host on show first, places of hosts in the network view. */
export interface LabView {
  readonly host?: string;
  readonly view?: 'host' | 'network';
  readonly positions?: Readonly<Record<string, readonly [number, number]>>;
  /** Segments by name that someone added: their network, before any interface is on them. */
  readonly segments?: Readonly<Record<string, { readonly prefix?: string }>>;
}

/** What the page keeps in the lab for itself. */
export function viewOf(lab: Lab): LabView {
  return typeof lab.view === 'object' && lab.view !== null ? (lab.view as LabView) : {};
}

/** One line about a host, for its card: "NAT and firewall". */
export function hostSubtitle(host: LabHost | undefined): string {
  const view = host?.view;
  if (typeof view === 'object' && view !== null && 'subtitle' in view && typeof view.subtitle === 'string') {
    return view.subtitle;
  }
  return '';
}

const ICONS = ['host', 'laptop', 'globe', 'cube'] as const;

/** What a host is drawn as, wherever it is named with a picture. */
export function hostIcon(host: LabHost | undefined): (typeof ICONS)[number] {
  const view = host?.view;
  const named = typeof view === 'object' && view !== null && 'icon' in view ? view.icon : null;
  return ICONS.find((icon) => icon === named) ?? 'host';
}

/** What people call the lab. */
export function labTitle(lab: Lab): string {
  return lab.title ?? lab.name;
}

/** The lab's own choice, or the host with most to see: the longest rules, the most hook functions. */
export function firstHost(lab: Lab): string {
  const wanted = viewOf(lab).host;
  if (wanted !== undefined && wanted in lab.hosts) return wanted;
  const size = ({ iptables = '', ip6tables = '', hooks = [] }: LabHost): number =>
    iptables.length + ip6tables.length + JSON.stringify(hooks).length;
  const sizes = Object.entries(lab.hosts).map(([name, host]) => ({ name, size: size(host) }));
  return sizes.toSorted((a, b) => b.size - a.size)[0]?.name ?? '';
}
