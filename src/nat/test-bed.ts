import { Rng, SECOND } from '../base';
import {
  ConntrackState,
  ctExpire,
  ctStateOf,
  ctTemplate,
  nfConfirm,
  nfConntrackIn,
  type TemplateOptions,
} from '../conntrack';
import {
  allocSkb,
  type EventBody,
  type HookAnswer,
  type HookName,
  type HookState,
  type HostPort,
  type IfaceInfo,
  type Skb,
} from '../model';
import { testPort } from '../model/test-port';
import { buildPacket, endpointText, familyOf, type LabPacket, type Packet, ports } from '../wire';
import { type NatInfo, nfNatInetFn } from './hook';
import type { Manip, NatPorts, NatRange } from './range';
import { nfNatSetupInfo } from './setup';
import { natMasquerade, natNetmap, natRedirect } from './targets';

/** What a nat rule does. */
export type Target =
  | { readonly to: NatRange; readonly manip: Manip }
  | { readonly masquerade: NatPorts }
  | { readonly redirect: NatPorts }
  | { readonly netmap: readonly [string, string] };

export interface NatRule {
  readonly hook: HookName;
  readonly target: Target;
  readonly in?: string;
  readonly out?: string;
}

export interface Passed {
  readonly skb: Skb;
  /** `a:1>b:2` as it leaves, or `drop`. */
  readonly out: string;
  readonly state: string;
  readonly pre: NatInfo;
  readonly post: NatInfo;
}

/** In the order in which a host keeps them: IPv6 by scope, the newest of a scope first. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  lan: ['10.0.0.1', 'fd00::1'],
  wan: ['203.0.113.1', 'fd01::1'],
  wan2: ['198.51.100.1', 'fd00::11', 'fd00::1', 'fe80::5'],
};

/** A router for the tests of this room: what comes in by `lan` leaves by `wan` and the other way round. */
export class NatBed {
  readonly ct = new ConntrackState({ buckets: 4096, seed: 3 });
  readonly events: EventBody[] = [];
  readonly rules: NatRule[];
  readonly port: HostPort;
  clock = 0;
  /** The interface that packets from the LAN leave by. */
  uplink = 'wan';
  template: TemplateOptions | null = null;

  constructor(...rules: NatRule[]) {
    this.rules = rules;
    this.ct.active.ip = true;
    this.ct.active.ip6 = true;
    this.port = testPort(this, {
      rng: new Rng(5),
      iface,
      selectAddr: (family, dev) => (ADDRESSES[dev] ?? []).find((addr) => familyOf(addr) === family) ?? null,
    });
  }

  /** A packet from the LAN or from outside; OUTPUT and INPUT are not played. */
  pass(from: 'lan' | 'wan' | 'wan2', lab: LabPacket): Passed {
    return this.forward(from, buildPacket(lab));
  }

  forward(from: 'lan' | 'wan' | 'wan2', packet: Packet): Passed {
    this.events.length = 0;
    const skb = allocSkb('1', packet, { iif: from });
    if (this.template !== null) skb.template = ctTemplate(this.template);
    const family = packet.family === 4 ? 'ip' : 'ip6';
    const before: HookState = { family, hook: 'PREROUTING', in: from, out: '' };
    const after: HookState = { family, hook: 'POSTROUTING', in: from, out: from === 'lan' ? this.uplink : 'lan' };
    const pre: NatInfo = {};
    const post: NatInfo = {};
    const ended = (answer: HookAnswer) => answer !== 'accept';
    const gone = { skb, out: 'drop', pre, post };
    if (ended(nfConntrackIn(this.ct, this.port, skb, before))) return { ...gone, state: '' };
    const state = ctStateOf(skb);
    if (ended(this.nat(skb, before, 'dst', pre)) || ended(this.nat(skb, after, 'src', post))) return { ...gone, state };
    if (ended(nfConfirm(this.ct, this.port, skb, after))) return { ...gone, state };
    return { ...gone, out: arrow(skb.packet), state };
  }

  wait(seconds: number): void {
    this.clock += seconds * SECOND;
    ctExpire(this.ct, this.port);
  }

  private nat(skb: Skb, state: HookState, manip: Manip, info: NatInfo): HookAnswer {
    return nfNatInetFn(this.ct, this.port, skb, state, manip, () => this.chain(skb, state), info);
  }

  private chain(skb: Skb, state: HookState): HookAnswer {
    const rule = this.rules.find(
      (r) => r.hook === state.hook && (r.in ?? state.in) === state.in && (r.out ?? state.out) === state.out,
    );
    if (rule === undefined) return 'accept';
    const { target } = rule;
    if ('to' in target) {
      const name = target.manip === 'src' ? 'SNAT' : 'DNAT';
      return nfNatSetupInfo(this.ct, this.port, skb, skb.ct!, target.to, target.manip, name);
    }
    if ('masquerade' in target) return natMasquerade(this.ct, this.port, skb, state, target.masquerade);
    if ('redirect' in target) return natRedirect(this.ct, this.port, skb, state, target.redirect);
    return natNetmap(this.ct, this.port, skb, state, ...target.netmap);
  }
}

/** The router's interfaces by name, with their addresses. */
function iface(name: string): IfaceInfo {
  const addresses = (ADDRESSES[name] ?? []).map((addr) => ({ addr, family: familyOf(addr), secondary: false }));
  return { name, addresses } as unknown as IfaceInfo;
}

/** `10.0.0.2:5000>203.0.113.9:53`; of ICMP the id stands behind both. */
export function arrow(packet: Packet): string {
  const pair = ports(packet);
  const icmp = packet.icmp ?? packet.icmpv6;
  const source = pair?.sport ?? icmp?.id ?? null;
  const target = pair?.dport ?? icmp?.id ?? null;
  return `${text(packet.src, source)}>${text(packet.dst, target)}`;
}

function text(addr: string, port: number | null): string {
  return port === null ? addr : endpointText(addr, port);
}
