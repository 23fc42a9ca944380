import { isMulticastMac, localMac } from '../wire';
import type { Lab, LabHost } from './types';

/** The MAC of machines that the lab does not model. */
export const WIRE_MAC = '02:ff:ff:ff:ff:fe';

export interface Port {
  readonly host: string;
  readonly dev: string;
}

/** One Ethernet segment: a switch that has learned all MACs. Ports are numbered in the order of the lab. */
export interface Segment {
  readonly name: string;
  readonly ports: readonly Port[];
  /** Port by MAC; -1 is where the machines are that the lab does not model. */
  readonly macs: Map<string, number>;
}

/** An interface of the lab with what its place in the lab gives it. */
export interface Placed {
  readonly host: string;
  readonly dev: string;
  readonly kind: 'segment' | 'bridge' | 'dummy';
  readonly segment: string;
  readonly master: string;
  readonly mac: string;
  readonly addresses: readonly string[];
  /** The layer-2 network that it belongs to: interfaces in the same one reach each other. */
  readonly domain: string;
}

/** All interfaces, in the order of the lab. Default MACs: 02:00:00:00:HH:II. */
export function placeInterfaces(lab: Lab): readonly Placed[] {
  const found: Omit<Placed, 'domain'>[] = [];
  let hostNumber = 0;
  for (const [host, spec] of Object.entries(lab.hosts)) {
    hostNumber++;
    found.push(...interfacesOf(host, hostNumber, spec));
  }
  const domains = new Domains();
  for (const i of found) {
    if (i.segment !== '') domains.join(`${i.host}/${i.dev}`, `segment ${i.segment}`);
    if (i.master !== '') domains.join(`${i.host}/${i.dev}`, `${i.host}/${i.master}`);
  }
  return found.map((i) => ({ ...i, domain: domains.of(`${i.host}/${i.dev}`) }));
}

function interfacesOf(host: string, hostNumber: number, spec: LabHost): Omit<Placed, 'domain'>[] {
  return Object.entries(spec.interfaces ?? {}).map(([dev, i], index) => ({
    host,
    dev,
    kind: i.kind ?? 'segment',
    segment: (i.kind ?? 'segment') === 'segment' ? (i.segment ?? '') : '',
    master: i.master ?? '',
    mac: i.mac?.toLowerCase() ?? localMac(0, hostNumber, index + 1),
    addresses: i.addresses ?? [],
  }));
}

class Domains {
  private readonly parents = new Map<string, string>();

  of(x: string): string {
    let at = x;
    for (let up = this.parents.get(at); up !== undefined; up = this.parents.get(at)) at = up;
    return at;
  }

  join(a: string, b: string): void {
    const [x, y] = [this.of(a), this.of(b)];
    if (x !== y) this.parents.set(x, y);
  }
}

/** A bridge of a host knows, too, behind which of its ports a MAC is. */
interface LearnedMac {
  readonly host: string;
  readonly port: string;
  readonly mac: string;
}

/** The segments, each of which already knows by which of its ports every MAC of the network is reached. */
export function makeSegments(placed: readonly Placed[]): {
  readonly segments: Map<string, Segment>;
  readonly learned: readonly LearnedMac[];
} {
  const segments = new Map<string, Segment>();
  for (const name of new Set(placed.map((i) => i.segment))) {
    if (name === '') continue;
    const ports = placed.filter((i) => i.segment === name).map(({ host, dev }) => ({ host, dev }));
    segments.set(name, { name, ports, macs: new Map([[WIRE_MAC, -1]]) });
  }
  const learned = placed.flatMap((owner) => learn(segments, placed, owner));
  return { segments, learned };
}

/** Follows a frame from its owner outward through segments and bridges: each learns the port that it comes in by. */
function learn(segments: Map<string, Segment>, placed: readonly Placed[], owner: Placed): LearnedMac[] {
  const starts =
    owner.kind === 'bridge' ? placed.filter((i) => i.host === owner.host && i.master === owner.dev) : [owner];
  const waiting = [...starts];
  const learned: LearnedMac[] = [];
  for (let from = waiting.shift(); from; from = waiting.shift()) {
    const segment = segments.get(from.segment);
    if (!segment || segment.macs.has(owner.mac)) continue;
    const entry = from;
    segment.macs.set(
      owner.mac,
      segment.ports.findIndex((p) => p.host === entry.host && p.dev === entry.dev),
    );
    for (const there of placed) {
      if (there.segment !== segment.name || there.master === '' || there === from) continue;
      learned.push({ host: there.host, port: there.dev, mac: owner.mac });
      waiting.push(...placed.filter((i) => i !== there && i.host === there.host && i.master === there.master));
    }
  }
  return learned;
}

/**
 * The ports that a frame leaves a segment by, the newest first if it is for all of them. Learns where its sender is.
 * Kernel: br_flood(), new_nbp()
 */
export function forward(segment: Segment, from: Port, srcMac: string, dstMac: string): readonly Port[] {
  const source = segment.ports.findIndex((p) => p.host === from.host && p.dev === from.dev);
  segment.macs.set(srcMac, source);
  const known = isMulticastMac(dstMac) ? undefined : segment.macs.get(dstMac);
  if (known === undefined) return segment.ports.filter((_, i) => i !== source).toReversed();
  return known === -1 || known === source ? [] : [segment.ports[known]!];
}
