import { SECOND } from '../base';
import { type Conn, type HostPort, IPS, type TcpCtState, type Tuple, type Zone } from '../model';
import { type CtPredicate, ctList } from './admin';
import { emitFlow, IPCT } from './events';
import { DEFAULT_ZONE, flowOf } from './flow';
import { type TcpProto, withToldState } from './proto/tcp-window';
import { type ConntrackState, findTuple } from './state';

interface CtChange {
  readonly mark?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** Bits to set; none is ever taken away. */
  readonly status?: number;
  readonly state?: TcpCtState;
  readonly label?: { readonly set: Uint8Array; readonly mask: Uint8Array };
}

/** What a change by hand is announced as, all at once. Kernel: ctnetlink_new_conntrack() */
const CHANGES = IPCT.reply | IPCT.assured | IPCT.helper | IPCT.label | IPCT.protoinfo | IPCT.natseqinfo | IPCT.mark;

/**
 * Changes the entries that the predicate picks, with an UPDATE event for each that is not as it should be already;
 * how many. `conntrack -U`. Kernel: ctnetlink_change_conntrack()
 */
export function ctUpdate(ct: ConntrackState, port: HostPort, predicate: CtPredicate, change: CtChange): number {
  let changed = 0;
  for (const conn of ctList(ct, port).filter(predicate)) {
    const flow = flowOf(conn);
    const mark = change.mark ?? flow.mark;
    const status = flow.status | (change.status ?? 0);
    const state = change.state ?? flow.proto.state;
    const same = mark === flow.mark && status === flow.status && state === flow.proto.state;
    const labels = change.label === undefined ? null : mixLabels(flow.labels, change.label);
    if (same && change.timeout === undefined && labels === null) continue;
    flow.mark = mark;
    flow.status = status;
    if (change.state !== undefined) flow.proto = withToldState(flow.proto as TcpProto, change.state);
    if (labels !== null && flow.canLabel) flow.labels = labels;
    if (change.timeout !== undefined && (flow.status & IPS.FIXED_TIMEOUT) === 0) {
      flow.span = change.timeout * SECOND;
      flow.timeout = port.now() + flow.span;
    }
    changed++;
    if ((flow.eventMask & CHANGES) !== 0) {
      emitFlow(port, null, flow, { what: 'update', event: 'UPDATE', stateChanged: true, reason: 'conntrack-tool' });
    }
  }
  return changed;
}

function mixLabels(old: Uint8Array | null, label: NonNullable<CtChange['label']>): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => {
    const mask = label.mask[i] ?? 0;
    return ((old?.[i] ?? 0) & ~mask) | ((label.set[i] ?? 0) & mask);
  });
}

/** The flow that a tuple belongs to, in either direction. Kernel: nf_conntrack_find_get() */
export function ctFind(
  ct: ConntrackState,
  port: HostPort,
  tuple: Tuple,
  zone: Zone = DEFAULT_ZONE,
): { readonly conn: Conn; readonly reply: boolean } | null {
  const found = findTuple(ct, port, tuple, zone);
  return found === null ? null : { conn: found.flow, reply: found.dir === 1 };
}
