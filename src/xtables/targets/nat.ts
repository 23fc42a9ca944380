import { type NatRange, natMasquerade, natRedirect, nfNatSetupInfo } from '../../nat';
import { defineTarget, flag, option, type TargetAnswer, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtFamily } from '../types';
import {
  flagText,
  type NatFlags,
  natRangeOf,
  type PortSpec,
  portText,
  rangeText,
  type ToSpec,
  toPorts,
  toSpec,
} from './nat-range';

/** DNAT, SNAT, MASQUERADE, REDIRECT. */

interface ToConfig extends NatFlags {
  readonly to: ToSpec;
  readonly range: NatRange;
}

interface PortsConfig extends NatFlags {
  readonly ports: PortSpec | null;
  readonly range: NatRange;
}

function toConfig(to: ToSpec, flags: NatFlags): ToConfig {
  return { to, ...flags, range: natRangeOf(to, flags) };
}

function portsConfig(ports: PortSpec | null, flags: NatFlags): PortsConfig {
  return { ports, ...flags, range: natRangeOf({ addrs: null, ports }, flags) };
}

function printTo(c: ToConfig, family: XtFamily, name: string): string {
  return ` --${name} ${rangeText(c.to, family)}${flagText(c, '--')}`;
}

function listTo(c: ToConfig, family: XtFamily): string {
  return ` to:${rangeText(c.to, family)}${flagText(c, '')}`;
}

function setup(c: ToConfig, action: XtAction, manip: 'src' | 'dst', name: string): TargetAnswer {
  const { env, skb } = action;
  if (env.ct === null || skb.ct === null) return 'accept';
  return nfNatSetupInfo(env.ct, env.port, skb, skb.ct, c.range, manip, name);
}

const RANDOM = flag('The port is chosen at random');
const RANDOM_FULLY = flag('The port is chosen wholly at random');
const PERSISTENT = flag('A client gets the same address for every connection');

export const DNAT = defineTarget({
  name: 'DNAT',
  title: 'Change the destination',
  help: 'The connection goes to another address or port. Asked only for its first packet.',
  verdict: 'accept',
  tables: ['nat'],
  hooks: ['PREROUTING', 'OUTPUT'],
  conntrack: true,
  options: {
    'to-destination': option(toSpec, '`ADDRESS[-ADDRESS][:PORT[-PORT[/BASE]]]`', { required: true }),
    random: RANDOM,
    persistent: PERSISTENT,
  },
  parse: (uses): ToConfig =>
    toConfig(uses['to-destination']!.value, {
      random: uses.random !== undefined,
      randomFully: false,
      persistent: uses.persistent !== undefined,
    }),
  print: (c, { family }) => printTo(c, family, 'to-destination'),
  list: (c, { family }) => listTo(c, family),
  // Kernel: xt_dnat_target_v2(), net/netfilter/xt_nat.c
  act: (c, action) => setup(c, action, 'dst', 'DNAT'),
});

export const SNAT = defineTarget({
  name: 'SNAT',
  title: 'Change the source',
  help: 'The connection seems to come from another address or port. Asked only for its first packet.',
  verdict: 'accept',
  tables: ['nat'],
  hooks: ['POSTROUTING', 'INPUT'],
  conntrack: true,
  options: {
    'to-source': option(toSpec, '`ADDRESS[-ADDRESS][:PORT[-PORT]]`', { required: true }),
    random: RANDOM,
    'random-fully': RANDOM_FULLY,
    persistent: PERSISTENT,
  },
  parse: (uses): ToConfig =>
    toConfig(uses['to-source']!.value, {
      random: uses.random !== undefined,
      randomFully: uses['random-fully'] !== undefined,
      persistent: uses.persistent !== undefined,
    }),
  print: (c, { family }) => printTo(c, family, 'to-source'),
  list: (c, { family }) => listTo(c, family),
  // Kernel: xt_snat_target_v1(), net/netfilter/xt_nat.c
  act: (c, action) => setup(c, action, 'src', 'SNAT'),
});

export const MASQUERADE = defineTarget({
  name: 'MASQUERADE',
  title: 'Hide behind the interface',
  help: 'SNAT to the address that the outgoing interface has at the moment.',
  verdict: 'accept',
  tables: ['nat'],
  hooks: ['POSTROUTING'],
  conntrack: true,
  options: {
    'to-ports': option(toPorts, 'Source ports to use, `PORT[-PORT]`'),
    random: RANDOM,
    'random-fully': RANDOM_FULLY,
  },
  parse: (uses): PortsConfig =>
    portsConfig(uses['to-ports']?.value ?? null, {
      random: uses.random !== undefined,
      randomFully: uses['random-fully'] !== undefined,
      persistent: false,
    }),
  print: (c) => (c.ports === null ? '' : ` --to-ports ${portText(c.ports)}`) + flagText(c, '--'),
  list: (c) => (c.ports === null ? '' : ` masq ports: ${portText(c.ports)}`) + flagText(c, ''),
  act: (c, { env, skb, state }) =>
    env.ct === null || skb.ct === null ? 'accept' : natMasquerade(env.ct, env.port, skb, state, c.range),
});

export const REDIRECT = defineTarget({
  name: 'REDIRECT',
  title: 'Send to this host',
  help: 'DNAT to the host itself.',
  verdict: 'accept',
  tables: ['nat'],
  hooks: ['PREROUTING', 'OUTPUT'],
  conntrack: true,
  options: {
    'to-ports': option(toPorts, 'Destination port, or a range of ports'),
    random: RANDOM,
  },
  parse: (uses): Read<PortsConfig> => {
    const ports = uses['to-ports']?.value ?? null;
    if (ports !== null && ports.base !== null) {
      return new Refusal('bad-value', 'Shifted portmap ranges not supported with this kernel');
    }
    return portsConfig(ports, { random: uses.random !== undefined, randomFully: false, persistent: false });
  },
  print: (c) => (c.ports === null ? '' : ` --to-ports ${portText(c.ports)}`) + flagText(c, '--'),
  list: (c) => (c.ports === null ? '' : ` redir ports ${portText(c.ports)}`) + flagText(c, ''),
  act: (c, { env, skb, state }) =>
    env.ct === null || skb.ct === null ? 'accept' : natRedirect(env.ct, env.port, skb, state, c.range),
});
