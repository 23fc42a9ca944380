import type { Diagnostic } from '../base';
import type { Addr, Family } from '../wire';

/** An interface as a lab describes it. */
export interface InterfaceSpec {
  readonly kind?: 'segment' | 'bridge' | 'dummy';
  readonly segment?: string;
  /** With prefix length. */
  readonly addresses?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  readonly master?: string;
}

/** A socket of the host's own stack that listens. `address` absent: any, IPv4 and IPv6. */
export interface ListenerSpec {
  readonly protocol: 'tcp' | 'udp';
  readonly address?: Addr;
  readonly port: number;
  readonly silent?: boolean;
  readonly serves?: 'echo' | 'http' | 'dns' | 'sink';
  /** It goes when its first connection does. */
  readonly once?: boolean;
}

/** What became of a text of configuration. The lines that are wrong are left out. */
export interface TextLoad {
  /** What the real tool would have stopped at. */
  readonly refused: { readonly line: number; readonly message: string } | null;
  readonly diagnostics: readonly Diagnostic[];
  /** From 1. */
  readonly leftOut: readonly number[];
}

/** Why a command on the host's configuration fails; the words of the tool, without its name. */
export interface CommandError {
  readonly message: string;
  /** 2 for what the kernel refused, as `ip` exits; 1 or 255 for what could not be read; 127: `message` is not modelled. */
  readonly exit: number;
}

export type RouteVerb = 'add' | 'append' | 'prepend' | 'change' | 'replace' | 'del';

/** What a client wants: a TCP connection to here, what it says first, and whether it closes. */
export interface ConnectRequest {
  readonly to: Addr;
  readonly port: number;
  readonly data?: string;
  readonly close?: boolean;
  readonly src?: Addr;
  readonly sport?: number;
}

/** How far a client has come. */
export type ClientPhase = 'connecting' | 'connected' | 'answered' | 'closed' | 'refused' | 'reset' | 'unreachable';

export type { Addr, Family };
