import type { Diagnostic } from '../base';
import type { Engine } from './api';
import type { PackedResult } from './delta';

/**
 * What page and worker say to each other. Every request is answered by one reply with its `id`, but a `load` that a
 * newer one has overtaken is answered with `superseded`.
 */
export type Request = ({ readonly id: number } & Call) | WarmUp;

/** The lab is about to be edited; there is no answer. */
interface WarmUp {
  readonly id: -1;
  readonly method: 'warm';
}

export type Call = {
  readonly [K in keyof Engine]: { readonly method: K; readonly args: Parameters<Engine[K]> };
}[keyof Engine];

export type Reply =
  | { readonly id: number; readonly kind: 'result'; readonly value: unknown }
  /** Of a `load`: what came of it, beside what the `run` before it said. */
  | { readonly id: number; readonly kind: 'run'; readonly value: PackedResult }
  /** The lab is none: text that a person wrote. */
  | { readonly id: number; readonly kind: 'lab-error'; readonly diagnostics: readonly Diagnostic[] }
  /** A newer `load` came before this one was done. */
  | { readonly id: number; readonly kind: 'superseded' }
  /** Our own bug. The worker is to be ended and started anew. */
  | { readonly id: number; readonly kind: 'fault'; readonly message: string; readonly stack: string }
  /** Sent once, when the worker is able to work. */
  | { readonly id: -1; readonly kind: 'ready' };

/** Thrown by `load` for what is no lab. */
export class LabError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join('\n'));
    this.name = 'LabError';
    this.diagnostics = diagnostics;
  }
}
