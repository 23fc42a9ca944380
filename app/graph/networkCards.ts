import type { HostView } from '../../src/engine';
import type { Box } from './geometry';

export interface HostCard extends Box {
  readonly host: HostView;
  /** Few words and the glyph on one side, not below each other: in the last column, and where many hosts are. */
  readonly wide: boolean;
  /** Name and glyph only. */
  readonly small: boolean;
  readonly bridges: readonly BridgeBox[];
  /** What is said of the host below its name. */
  readonly words: string;
}

interface BridgeBox {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
}

/** The widest that the name of an interface gets on a card; in it it is cut. */
export const NAME = 64;

/** How a host is drawn. */
interface CardStyle {
  /** It stands in the last column. */
  readonly last: boolean;
  readonly small: boolean;
  /** How many wires go out from it side by side. */
  readonly fan: number;
  /** What is said of it below its name: `hostWords`. */
  readonly words: string;
  /** For a room: no wider than it must be. */
  readonly presented?: boolean;
}

/** The size of a host's card, and what is in it. */
export function cardSize(
  host: HostView,
  { last, small, fan, words, presented = false }: CardStyle,
): Omit<HostCard, 'x' | 'y'> {
  // A wide card has room for one address.
  const wide = last && shownAddresses(host).length <= 1;
  const bridges = host.interfaces
    .filter((i) => i.kind === 'bridge')
    .map(
      (b): BridgeBox => ({
        name: b.name,
        addresses: b.addresses,
        ports: host.interfaces.filter((p) => p.master === b.name).map((p) => p.name),
      }),
    );
  if (small) {
    const w = Math.max(190, Math.min(280, 96 + host.name.length * 10));
    // Its ports are not to lie on each other.
    return { host, wide: false, small, bridges, words, w, h: Math.max(50, fan * 26) };
  }
  const lines = addressLines(host);
  const longest = Math.max(...lines.map((l) => l.length), 0);
  const names = Math.max(
    ...shownAddresses(host)
      .slice(0, lines.length)
      .map((a) => a.name.length),
    0,
  );
  const bridgeHeight = bridges.length * 46;
  if (wide) {
    const w = presented ? Math.max(280, 62 + host.name.length * 10.6 + longest * 8.5) : 318;
    return { host, wide, small, bridges, words, w: Math.min(318, w), h: 124 + bridgeHeight };
  }
  return {
    host,
    wide,
    small,
    bridges,
    words,
    w: Math.max(
      168,
      Math.min(280, 35 + Math.min(NAME, names * 8) + 12 + longest * 7.9),
      Math.min(320, 108 + host.name.length * 10.6),
      Math.min(280, 63 + words.length * 6.6),
      ...bridges.map((b) => Math.min(320, 112 + b.name.length * 8.5 + (b.addresses[0]?.length ?? 8) * 7.9)),
    ),
    // A long name is on two lines, and addresses that are not shown are counted on one more.
    // Its ports are not to lie on each other.
    h: Math.max(
      fan * 26,
      146 +
        (host.name.length > 20 ? 10 : 0) +
        Math.max(1, lines.length) * 21 +
        (shownAddresses(host).length > lines.length ? 20 : 0) +
        bridgeHeight,
    ),
  };
}

/** Addresses without their prefix lengths, long ones shortened in the middle; at most four. */
export function addressLines(host: HostView): readonly string[] {
  return shownAddresses(host)
    .slice(0, 4)
    .map((a) => shorten(a.address.replace(/\/\d+$/, '')));
}

/** The addresses of a host, with their interfaces; those of ports of a bridge, and of lo, are left out. */
export function shownAddresses(host: HostView): readonly { readonly name: string; readonly address: string }[] {
  return host.interfaces
    .filter((i) => i.kind !== 'loopback' && i.master === '')
    .flatMap((i) => i.addresses.map((address) => ({ name: i.name, address })));
}

function shorten(address: string): string {
  return address.length <= 20 ? address : `${address.slice(0, 9)}…${address.slice(-8)}`;
}

/** What is said of a host below its name: the lab's words, if they are not what the card shows anyway, or what it does. */
export function hostWords(host: HostView, subtitle: string): string {
  if (subtitle !== '' && !addressLines(host).includes(subtitle)) return subtitle;
  const forwards = host.forwarding.ip || host.forwarding.ip6;
  const functions = host.hooks.some((h) => h.functions.length > 0);
  if (forwards) return functions ? 'router with rules' : 'plain routing';
  const [first] = host.listeners;
  if (first !== undefined) return `${first.service === 'echo' ? first.protocol : first.service} on port ${first.port}`;
  return functions ? 'host with rules' : 'no rules';
}
