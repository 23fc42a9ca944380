import { SECOND, type SimTime } from '../base';
import { type HostPort, IPS, type Skb, type Tuple, type Zone } from '../model';
import { emitFlow } from './events';
import type { Dir, Flow } from './flow';
import { isConfirmed, isDying } from './flow';
import type { ConntrackState } from './state';
import { ctSysctl } from './sysctl';
import { tupleEqual } from './tuple';

/** An expectation: a flow that a helper announced. Kernel: struct nf_conntrack_expect */
export interface Expectation {
  readonly id: number;
  readonly master: Flow;
  /** What it waits for; the source port, 0, does not count. */
  tuple: Tuple;
  expires: SimTime;
  /** With NAT: the direction that the flow will have towards its master, and the port as the helper read it. */
  dir: Dir;
  savedPort: number;
  followMaster: boolean;
}

/** An expectation of a flow from one address; the source port never counts. Kernel: nf_ct_expect_init() */
export function newExpectation(ct: ConntrackState, master: Flow, tuple: Omit<Tuple, 'sport' | 'family'>): Expectation {
  return {
    id: ct.nextExpectation++,
    master,
    tuple: { ...tuple, family: master.original.family, sport: 0 },
    expires: 0,
    dir: 0,
    savedPort: 0,
    followMaster: false,
  };
}

/** Kernel: nf_ct_tuple_mask_cmp() */
function matches(tuple: Tuple, zone: Zone, expectation: Expectation): boolean {
  return tupleEqual({ ...tuple, sport: 0 }, expectation.tuple) && zone.id === expectation.master.zone.id;
}

/** Kernel: nf_ct_unlink_expect_report() */
function unlink(ct: ConntrackState, expectation: Expectation): void {
  const at = ct.expectations.indexOf(expectation);
  if (at < 0) return;
  ct.expectations.splice(at, 1);
  ct.stats.expect_delete++;
}

/** Kernel: nf_ct_expectation_timed_out() */
function dropExpired(ct: ConntrackState, now: SimTime): void {
  if (ct.expectations.length === 0) return;
  for (const expectation of ct.expectations.filter((e) => e.expires <= now)) unlink(ct, expectation);
}

/** The expectation that this new flow fulfils; it is used up. Kernel: nf_ct_find_expectation() */
export function takeExpectation(ct: ConntrackState, port: HostPort, tuple: Tuple, zone: Zone): Expectation | null {
  dropExpired(ct, port.now());
  const { expectations } = ct;
  for (let i = expectations.length - 1; i >= 0; i--) {
    const e = expectations[i]!;
    if (!matches(tuple, zone, e)) continue;
    if (!isConfirmed(e.master) || isDying(e.master)) return null;
    unlink(ct, e);
    return e;
  }
  return null;
}

/** Kernel: nf_ct_remove_expectations() */
export function removeExpectationsOf(ct: ConntrackState, master: Flow): void {
  if (master.help === null || ct.expectations.length === 0) return;
  for (const expectation of ct.expectations.filter((e) => e.master === master)) unlink(ct, expectation);
}

/** Why an expectation was not taken. `busy`: another one waits for the same (EBUSY, EALREADY); `full`: EMFILE. */
type ExpectAnswer = 'ok' | 'busy' | 'full';

/** How many a helper may have open for one master, and for how long. Kernel: struct nf_conntrack_expect_policy */
const POLICY = { max: 1, timeout: 300 * SECOND };

/**
 * Registers an expectation. It takes the place of the master's own for the same flow.
 *
 * Kernel: nf_ct_expect_related(), expect_matches(), expect_clash(), net/netfilter/nf_conntrack_expect.c
 */
export function expectRelated(ct: ConntrackState, port: HostPort, skb: Skb, e: Expectation): ExpectAnswer {
  dropExpired(ct, port.now());
  const same = ct.expectations.findLast((other) => matches(e.tuple, e.master.zone, other));
  if (same !== undefined && same.master !== e.master) return 'busy';
  if (same !== undefined) unlink(ct, same);
  const own = ct.expectations.filter((other) => other.master === e.master);
  const oldest = own[0];
  if (own.length >= POLICY.max && oldest !== undefined) unlink(ct, oldest);
  if (ct.expectations.length >= ctSysctl(port, 'expect_max')) return 'full';
  e.expires = port.now() + POLICY.timeout;
  ct.expectations.push(e);
  ct.stats.expect_create++;
  const { src, dst, dport } = e.tuple;
  emitFlow(port, skb, e.master, { what: 'expect', reason: `${src}>${dst}:${dport}` });
  return 'ok';
}

/** `conntrack -L expect`. */
export function ctExpectations(ct: ConntrackState, port: HostPort): readonly Expectation[] {
  const now = port.now();
  return ct.expectations.filter((e) => e.expires > now);
}

/** Marks a flow as expected by `e`. Kernel: init_conntrack() */
export function adopt(ct: ConntrackState, flow: Flow, e: Expectation): void {
  flow.status |= IPS.EXPECTED;
  flow.master = e.master;
  flow.mark = e.master.mark;
  flow.secmark = e.master.secmark;
  ct.stats.expect_new++;
}
