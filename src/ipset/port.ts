import type { HookState, Skb } from '../model';
import type { IpSet, SetTypeName } from './types';
import type { SetMemberView, SetView } from './views';

/**
 * What -m set and SET ask of the sets of a host. The same shapes as `SetPort` of src/xtables, which this room may not
 * import: they fit by structure.
 */
export type SetDir = 'src' | 'dst';

export interface SetTestOptions {
  readonly returnNomatch: boolean;
  readonly updateCounters: boolean;
  readonly updateSubcounters: boolean;
  readonly packets: SetCounterTest | null;
  readonly bytes: SetCounterTest | null;
}

export interface SetCounterTest {
  readonly op: 'eq' | 'ne' | 'lt' | 'gt';
  readonly value: bigint;
}

export interface SetAddOptions {
  readonly timeout: number | null;
  readonly exist: boolean;
  readonly mapMark?: boolean;
  readonly mapPrio?: boolean;
  readonly mapQueue?: boolean;
}

/** What others ask of the sets of a host. */
export interface Sets {
  all(): readonly IpSet[];
  /** What rules ask. */
  info(
    name: string,
  ): { readonly type: SetTypeName; readonly family: 'inet' | 'inet6' | 'unspec'; readonly dimension: number } | null;
  test(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[], options: SetTestOptions): SetAnswer;
  add(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[], options: SetAddOptions): SetAnswer;
  del(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[]): SetAnswer;
  /** All sets, each with its members if there are no more than `most`. */
  views(most?: number): readonly SetView[];
  /** All members of the set of this name; none if there is no such set. */
  members(name: string): readonly SetMemberView[];
}

export interface SetAnswer {
  readonly matched: boolean;
  readonly element: string;
  readonly probes: number;
  readonly size: number;
  readonly skbinfo?: { readonly mark: number; readonly markMask: number; readonly priority: number };
}
