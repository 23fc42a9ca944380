import type { SimTime } from '../base';
import type { ClientPhase, ConnectRequest } from '../host';
import type { Errno } from '../model';
import type { LabPacket, Packet } from '../wire';

/**
 * What a command wants done on the network. It is carried out by whoever runs the command, as one step of a recording or
 * several; the command goes on with the reply when all is quiet again.
 */
export type NetRequest =
  /** A raw socket of root sends it. A port that the answer is to come to must be the command's own: `Host.ownPort`. */
  | {
      readonly kind: 'send';
      readonly packet: LabPacket;
      /** The kernel may cut it. Without that, one that is longer than the MTU is an EMSGSIZE. */
      readonly mayFragment?: boolean;
    }
  /** A client socket opens a TCP connection, sends, closes. */
  | ({ readonly kind: 'connect' } & ConnectRequest)
  /** A connection of before says more, or closes. */
  | { readonly kind: 'more'; readonly client: number; readonly data?: string; readonly close?: boolean }
  /** The clock goes on. */
  | { readonly kind: 'wait'; readonly seconds: number };

export interface NetReply {
  /** Why nothing was sent, or why the connection could not even be tried. */
  readonly error: Errno | null;
  /** What was delivered on this host meanwhile, to whatever socket or to the stack itself, in order. */
  readonly heard: readonly Heard[];
  /** Of `connect` and `more`: the connection's number, -1 if there is none. */
  readonly client: number;
  /** How far it came ('connecting' otherwise), and what the other side sent, one character a byte. */
  readonly phase: ClientPhase;
  readonly received: string;
}

export interface Heard {
  readonly packet: Packet;
  readonly at: SimTime;
}

/** A command that talks over the network: it asks, and is given the replies. */
export type Talk<T> = Generator<NetRequest, T, NetReply>;
