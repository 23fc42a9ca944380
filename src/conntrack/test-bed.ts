import { SECOND } from '../base';
import { allocSkb, type EventBody, type HookAnswer, type HookState, type HostPort, type Skb } from '../model';
import { testPort } from '../model/test-port';
import { buildPacket, type LabPacket } from '../wire';
import { nfConfirm } from './confirm';
import { ctStateOf, nfConntrackIn } from './core';
import type { CtEventBody } from './events';
import { ctExpire } from './lifetime';
import { ConntrackState } from './state';
import { ctTemplate, type TemplateOptions } from './template';

/** What a test can ask of one packet. */
export interface Passed {
  readonly skb: Skb;
  readonly state: string;
  readonly answer: HookAnswer;
}

interface PassOptions {
  readonly template?: TemplateOptions;
  readonly notrack?: boolean;
  readonly mark?: number;
  /** Ends the packet between conntrack and confirm. */
  readonly drop?: boolean;
  /** What happens between conntrack and confirm. */
  readonly between?: (skb: Skb) => void;
  readonly hook?: 'PREROUTING' | 'OUTPUT';
}

/** A router for the tests of this room: conntrack at PREROUTING, confirm at POSTROUTING, and a clock. */
export class TestBed {
  readonly ct: ConntrackState;
  readonly port: HostPort;
  readonly events: EventBody[] = [];
  readonly sysctls: Record<string, string> = {};
  clock = 0;

  constructor(sysctls: Readonly<Record<string, string | number>> = {}, buckets = 1024) {
    for (const [key, value] of Object.entries(sysctls)) {
      this.sysctls[`net.netfilter.nf_conntrack_${key}`] = String(value);
    }
    this.ct = new ConntrackState({ buckets, seed: 1 });
    this.ct.active.ip = true;
    this.ct.active.ip6 = true;
    this.port = testPort(this, { sysctl: (key) => this.sysctls[key] });
  }

  /** Sends a packet through; the events of this packet alone are in `events` afterwards. */
  pass(lab: LabPacket, options: PassOptions = {}): Passed {
    this.events.length = 0;
    const packet = buildPacket(lab);
    const skb = allocSkb('1', packet, {
      iif: 'eth0',
      mark: options.mark ?? 0,
      untracked: options.notrack ?? false,
    });
    if (options.template !== undefined) skb.template = ctTemplate(options.template);
    const family = packet.family === 4 ? 'ip' : 'ip6';
    const pre: HookState = { family, hook: options.hook ?? 'PREROUTING', in: 'eth0', out: '' };
    const answer = nfConntrackIn(this.ct, this.port, skb, pre);
    const state = ctStateOf(skb);
    if (answer !== 'accept' || options.drop) return { skb, state, answer };
    options.between?.(skb);
    const post: HookState = { family, hook: 'POSTROUTING', in: 'eth0', out: 'eth1' };
    return { skb, state, answer: nfConfirm(this.ct, this.port, skb, post) };
  }

  /** The clock moves on, and what is due goes. */
  wait(seconds: number): void {
    this.events.length = 0;
    this.clock += seconds * SECOND;
    ctExpire(this.ct, this.port);
  }

  /** The announced events as `NEW SYN_SENT`, `UPDATE ASSURED`, in order. */
  told(): string[] {
    return this.conntrackEvents().flatMap(({ event, entry, stateChanged }) => {
      if (event === undefined || entry === undefined) return [];
      const state = entry.state !== undefined && (event !== 'UPDATE' || stateChanged) ? [entry.state] : [];
      return [[event, ...state, ...entry.status].join(' ')];
    });
  }

  /** Why: the reasons in this packet's conntrack events. */
  reasons(): string[] {
    return this.conntrackEvents().flatMap(({ reason }) => reason ?? []);
  }

  conntrackEvents(): CtEventBody[] {
    return this.events.filter((event): event is CtEventBody => event.type === 'conntrack');
  }
}

export const CLIENT = '10.0.0.2';
export const SERVER = '10.1.0.2';

/** A segment from the client (`c`) or the server (`s`). */
export function segment(
  from: 'c' | 's',
  flags: string,
  seq: number,
  ack = 0,
  more: Partial<NonNullable<LabPacket['tcp']>> = {},
): LabPacket {
  const ports = from === 'c' ? { sport: 4000, dport: 80 } : { sport: 80, dport: 4000 };
  const ends = from === 'c' ? { src: CLIENT, dst: SERVER } : { src: SERVER, dst: CLIENT };
  return { ...ends, tcp: { ...ports, flags, seq, ack, ...more } };
}

export function datagram(from: 'c' | 's', payload = 'x', client = 5000, server = 53): LabPacket {
  return from === 'c'
    ? { src: CLIENT, dst: SERVER, udp: { sport: client, dport: server, payload } }
    : { src: SERVER, dst: CLIENT, udp: { sport: server, dport: client, payload } };
}
