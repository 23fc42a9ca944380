import type { DraftHost, DraftPacket, DraftStep } from './topology';

/** Room for the headers of IPv6 with extensions, and of TCP with options. */
const HEADERS = 120;

/** Packets off a wire are no longer than its interface takes: longer ones cannot be put there. */
export function fitting(hosts: Readonly<Record<string, DraftHost>>, steps: readonly DraftStep[]): DraftStep[] {
  return steps.map((step) => {
    if (!('receive' in step)) return step;
    const { host, interface: name, packet } = step.receive;
    const most = (hosts[host]?.interfaces[name]?.mtu ?? 1500) - HEADERS;
    return { receive: { ...step.receive, packet: shortened(packet, most) as DraftPacket } };
  });
}

/** A packet with its own repeated payload cut; what an error quotes is cut by the error itself, and fragments are pieces. */
function shortened(packet: Record<string, unknown>, most: number): Record<string, unknown> {
  if (packet.fragment !== undefined) return packet;
  return Object.fromEntries(
    Object.entries(packet).map(([key, value]) => {
      if (typeof value !== 'object' || value === null || key === 'inner') return [key, value];
      if ('repeat' in value && 'count' in value) return [key, { ...value, count: Math.min(Number(value.count), most) }];
      return [key, shortened(value as Record<string, unknown>, most)];
    }),
  );
}
