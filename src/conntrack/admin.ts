import type { Conn, HostPort, Skb } from '../model';
import { cacheEvent, IPCT } from './events';
import { flowOf, isExpired } from './flow';
import { killFlow } from './lifetime';
import { allFlows, type ConntrackState, type CtStats } from './state';

/** Picks entries, as the filters of the conntrack tool do. */
export type CtPredicate = (conn: Conn) => boolean;

/**
 * All confirmed entries that have not expired, in the order of the hash table. Those that are due are thrown out on
 * the way. Kernel: ctnetlink_dump_table()
 */
export function ctList(ct: ConntrackState, port: HostPort): Conn[] {
  const now = port.now();
  const list: Conn[] = [];
  for (const flow of allFlows(ct)) {
    if (isExpired(flow, now)) killFlow(ct, port, null, flow, 'timeout');
    else list.push(flow);
  }
  return list;
}

/** Deletes the entries that the predicate picks, with their DESTROY events; how many. `conntrack -D` */
export function ctDelete(ct: ConntrackState, port: HostPort, predicate: CtPredicate): number {
  const victims = ctList(ct, port).filter(predicate);
  for (const conn of victims) killFlow(ct, port, null, flowOf(conn), 'delete');
  return victims.length;
}

/** Deletes all entries; how many there were. `conntrack -F` */
export function ctFlush(ct: ConntrackState, port: HostPort): number {
  const flows = allFlows(ct);
  for (const flow of flows) killFlow(ct, port, null, flow, 'flush');
  return flows.length;
}

/** Sets what was counted of an entry to nothing. Kernel: ctnetlink_dump_acct() with IPCTNL_MSG_CT_GET_CTRZERO */
export function ctZero({ counters }: Conn): void {
  counters?.packets.fill(0);
  counters?.bytes.fill(0);
}

/** Entries that count against nf_conntrack_max. `conntrack -C` */
export function ctCount(ct: ConntrackState): number {
  return ct.count;
}

/** The counters that `conntrack -S` prints. */
export function ctStats(ct: ConntrackState): Readonly<CtStats> {
  return ct.stats;
}

/** Sets the connmark of the packet's flow; an UPDATE follows at confirm. Kernel: connmark_tg_shift() */
export function ctSetMark(_ct: ConntrackState, _port: HostPort, skb: Skb, mark: number): void {
  if (skb.ct === null || skb.ct.mark === mark) return;
  skb.ct.mark = mark;
  cacheEvent(flowOf(skb.ct), IPCT.mark);
}

/** Kernel: secmark_restore(), connsecmark_tg() */
export function ctSetSecmark(_ct: ConntrackState, _port: HostPort, skb: Skb, secmark: number): void {
  if (skb.ct === null || skb.ct.secmark === secmark) return;
  skb.ct.secmark = secmark;
  cacheEvent(flowOf(skb.ct), IPCT.secmark);
}

/** Sets or clears a label bit (0 to 127). False if the flow has no room for labels. Kernel: nf_connlabels_replace() */
export function ctSetLabel(_ct: ConntrackState, _port: HostPort, skb: Skb, bit: number, value: boolean): boolean {
  if (skb.ct === null) return false;
  const flow = flowOf(skb.ct);
  if (!flow.canLabel || bit < 0 || bit > 127) return false;
  const byte = bit >> 3;
  const mask = 1 << (bit & 7);
  const old = flow.labels?.[byte] ?? 0;
  const fresh = value ? old | mask : old & ~mask;
  if (fresh === old) return true;
  flow.labels ??= new Uint8Array(16);
  flow.labels[byte] = fresh;
  cacheEvent(flow, IPCT.label);
  return true;
}

/** Whether a label bit (0 to 127) is set. */
export function ctLabel(conn: Conn, bit: number): boolean {
  return (((conn.labels?.[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
}
