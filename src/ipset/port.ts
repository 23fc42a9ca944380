import type { HookState, Skb } from '../model';
import type { IpSet, SetTypeName } from './types';
import type { SetMember, SetView } from './views';

/** What `-m set` and SET ask of the sets of a host. */
export interface SetPort {
  /** Null if there is no set of that name. `dimension` counts the parts of an element (hash:ip,port has 2). */
  info(
    name: string,
  ): { readonly type: SetTypeName; readonly family: 'inet' | 'inet6' | 'unspec'; readonly dimension: number } | null;
  /** Takes the element from the packet, part by part, and looks it up. Kernel: ip_set_test() */
  test(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[], options: SetTestOptions): SetAnswer;
  /** Kernel: ip_set_add() */
  add(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[], options: SetAddOptions): SetAnswer;
  /** Kernel: ip_set_del() */
  del(name: string, skb: Skb, state: HookState, dirs: readonly SetDir[]): SetAnswer;
}

export type SetDir = 'src' | 'dst';

export interface SetTestOptions {
  /** `--return-nomatch`: an element with nomatch counts as matched. */
  readonly returnNomatch: boolean;
  /** False with `! --update-counters`, `! --update-subcounters`. */
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
  /** Seconds; null for the set's own. */
  readonly timeout: number | null;
  /** `--exist`: an element that is there already gets the new timeout. */
  readonly exist: boolean;
  /** `--map-set`: skbinfo of the element is put on the packet. */
  readonly mapMark?: boolean;
  readonly mapPrio?: boolean;
  readonly mapQueue?: boolean;
}

/** The answer of a set, with what the `set` event of the trace says. */
export interface SetAnswer {
  readonly matched: boolean;
  /** The element as `ipset` prints it. */
  readonly element: string;
  /** How many buckets were looked at, and how many elements the set has. */
  readonly probes: number;
  readonly size: number;
  /** `--map-set`: what the element says about the packet. */
  readonly skbinfo?: { readonly mark: number; readonly markMask: number; readonly priority: number };
}

/** What others ask of the sets of a host. */
export interface Sets extends SetPort {
  all(): readonly IpSet[];
  /** All sets, each with its members if there are no more than `most`. */
  views(most?: number): readonly SetView[];
  /** All members of the set of this name; none if there is no such set. */
  members(name: string): readonly SetMember[];
}
