import type { Lab } from './types';

/** A lab that comes with Hookline. Its text is loaded when it is wanted. */
export interface ShippedLab {
  readonly name: string;
  readonly title: string;
  /** One line: what to watch. */
  readonly notes: string;
  readonly load: () => Promise<Lab>;
}

/** Titles and notes are those of the files; a test holds them together. The first is the one that opens. */
export const shippedLabs: readonly ShippedLab[] = [
  {
    name: 'home-router',
    title: 'Port forwarding',
    notes:
      'Watch the destination change in PREROUTING, before the router decides where to send the packet, and how the reply gets its old source back.',
    load: async () => asLab(await import('./labs/home-router.json')),
  },
  {
    name: 'host-firewall',
    title: 'Host firewall that lets replies in',
    notes:
      "Watch conntrack: the answer to the server's own connection is ESTABLISHED, so rule 2 of INPUT accepts it; a stranger's SYN is NEW and meets the DROP policy.",
    load: async () => asLab(await import('./labs/host-firewall.json')),
  },
  {
    name: 'drop-or-reject',
    title: 'DROP and REJECT',
    notes:
      'Watch what comes back: nothing from DROP, a reset or an ICMP error from REJECT, and a plain reset from a port where nobody listens.',
    load: async () => asLab(await import('./labs/drop-or-reject.json')),
  },
  {
    name: 'masquerade-lan',
    title: 'Masquerade for a LAN',
    notes:
      'Both use source port 40000 towards the same server: watch MASQUERADE keep the port of the first flow, and draw another one for the second.',
    load: async () => asLab(await import('./labs/masquerade-lan.json')),
  },
  {
    name: 'local-lo',
    title: 'A host that talks to itself',
    notes:
      'Watch the order: OUTPUT and POSTROUTING on the way out, then PREROUTING and INPUT on the way in, and REDIRECT in nat OUTPUT.',
    load: async () => asLab(await import('./labs/local-lo.json')),
  },
  {
    name: 'load-balancing',
    title: 'Load balancing by turns',
    notes:
      'Watch the nat chain being asked only for the first packet of each connection: the counter of nth goes on per connection, not per packet.',
    load: async () => asLab(await import('./labs/load-balancing.json')),
  },
  {
    name: 'conntrack-full',
    title: 'A conntrack table that fills up',
    notes:
      'Watch step 5: the table is full, no entry may be thrown out, so the packet is dropped before any rule of filter sees it. After a while the old entries expire.',
    load: async () => asLab(await import('./labs/conntrack-full.json')),
  },
  {
    name: 'docker-host',
    title: 'A Docker host',
    notes:
      'Watch the SYN pass DOCKER in nat PREROUTING, then DOCKER-USER and DOCKER in FORWARD; a packet from the container leaves with the address of the host.',
    load: async () => asLab(await import('./labs/docker-host.json')),
  },
  {
    name: 'queue-program',
    title: 'A program behind NFQUEUE',
    notes:
      'Watch rule 2 of FORWARD hand the query to dns-guard, which changes it and says repeat: all rules of FORWARD run again, and rule 1 knows the mark. A queue without a program drops, or passes with --queue-bypass.',
    load: async () => asLab(await import('./labs/queue-program.json')),
  },
];

/** What a bundler or Node makes of a JSON file is the lab itself, or a module that has it as its default. */
function asLab(module: unknown): Lab {
  const { default: inner } = module as { default?: unknown };
  return (inner ?? module) as Lab;
}
