import type { OwnHook, OwnQueue } from '../own';
import type { LabPacket } from '../wire';

/** A lab: a few Linux hosts, and what is done to them. Texts in it are those of the real tools. */
export interface Lab {
  readonly format: 'lab/1';
  readonly name: string;
  readonly description?: string;
  readonly title?: string;
  readonly notes?: string;
  readonly view?: unknown;
  /** Seed of every random choice. */
  readonly seed?: number;
  /** ISO time at which the clock starts. */
  readonly start?: string;
  /**
   * What becomes of packets to an address that nobody has: they vanish (as in a lab without this), or wait for 3 s, and
   * their sender is told by an ICMP error.
   */
  readonly neighbours?: 'vanish' | 'fail';
  readonly hosts: Readonly<Record<string, LabHost>>;
  readonly steps: readonly LabStep[];
}

export interface LabHost {
  readonly title?: string;
  readonly view?: unknown;
  readonly interfaces?: Readonly<Record<string, LabInterface>>;
  readonly routes?: string;
  readonly routes6?: string;
  readonly rules?: string;
  readonly rules6?: string;
  readonly sysctl?: Readonly<Record<string, string | number>>;
  readonly iptables?: string;
  readonly ip6tables?: string;
  readonly nftables?: string;
  readonly ipset?: string;
  readonly ipvs?: string;
  readonly conntrack?: boolean;
  readonly listen?: readonly LabListener[];
  /** Hook functions of one's own. */
  readonly hooks?: readonly OwnHook[];
  /** Userspace programs behind queues. */
  readonly queues?: readonly OwnQueue[];
}

export interface LabInterface {
  readonly kind?: 'segment' | 'bridge' | 'dummy';
  readonly segment?: string;
  readonly addresses?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  readonly master?: string;
}

export interface LabListener {
  readonly protocol: 'tcp' | 'udp';
  readonly address?: string;
  readonly port: number;
  readonly silent?: boolean;
  /** What answers: an echo, or a fixed answer. */
  readonly serves?: 'echo' | 'http' | 'dns';
}

export type LabStep = StepHead &
  (
    | { readonly send: SendStep }
    | { readonly receive: ReceiveStep }
    | { readonly run: RunStep }
    | { readonly wait: WaitStep }
    | { readonly connect: ConnectStep }
    | { readonly ping: PingStep }
    | { readonly udp: UdpStep }
  );

interface StepHead {
  readonly title?: string;
  readonly notes?: string;
}

export type StepKind = 'send' | 'receive' | 'run' | 'wait' | 'connect' | 'ping' | 'udp';

/** A local process sends it, through a raw socket bound to its source. */
export interface SendStep {
  readonly host: string;
  readonly packet: LabPacket;
}

/** It arrives off the wire, from a machine that the lab does not model. */
export interface ReceiveStep {
  readonly host: string;
  readonly interface: string;
  readonly packet: LabPacket;
  /** The source MAC, and the destination MAC. */
  readonly mac?: string;
  readonly to?: string;
}

export interface RunStep {
  readonly host: string;
  readonly command: string;
  readonly output?: boolean;
}

export interface WaitStep {
  readonly seconds: number;
}

/** A client socket opens a TCP connection, sends, closes. `sport` and `src`: chosen as the kernel would, if absent. */
export interface ConnectStep {
  readonly host: string;
  readonly to: string;
  readonly port: number;
  readonly data?: string;
  readonly close?: boolean;
  readonly src?: string;
  readonly sport?: number;
}

/** Echo requests, one after the other; the clock stands still. */
export interface PingStep {
  readonly host: string;
  readonly to: string;
  readonly count?: number;
  readonly src?: string;
  readonly id?: number;
  readonly size?: number;
  readonly ttl?: number;
}

/** One datagram. */
export interface UdpStep {
  readonly host: string;
  readonly to: string;
  readonly port: number;
  readonly data?: string;
  readonly src?: string;
  readonly sport?: number;
}

/** What kind of step it is. */
export function stepKind(step: LabStep): StepKind {
  if ('send' in step) return 'send';
  if ('receive' in step) return 'receive';
  if ('run' in step) return 'run';
  if ('wait' in step) return 'wait';
  if ('connect' in step) return 'connect';
  if ('ping' in step) return 'ping';
  return 'udp';
}

/** The texts of rules that a host may have, and the family of each. */
export const RULE_TEXTS = [
  ['iptables', 'ip'],
  ['ip6tables', 'ip6'],
] as const;
