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

export interface SetAnswer {
  readonly matched: boolean;
  readonly element: string;
  readonly probes: number;
  readonly size: number;
  readonly skbinfo?: { readonly mark: number; readonly markMask: number; readonly priority: number };
}
