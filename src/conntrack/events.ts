import type { EventBody, HostPort, Skb } from '../model';
import { ctSnapshot, type Flow, isConfirmed, isDying } from './flow';

/** Bits of what may have happened to a flow. Kernel: enum ip_conntrack_events */
export const IPCT = {
  new: 1,
  related: 2,
  destroy: 4,
  reply: 8,
  assured: 16,
  protoinfo: 32,
  helper: 64,
  mark: 128,
  natseqinfo: 256,
  secmark: 512,
  label: 1024,
  synproxy: 2048,
} as const;

export const ALL_EVENTS = 0xffff;
/** A mask that says that nothing is announced, where 0 would say that nothing was chosen. */
export const NO_EVENTS = 0x10000;

export type CtEventBody = Extract<EventBody, { readonly type: 'conntrack' }>;
export type CtWhat = CtEventBody['what'];

/** Keeps an event until the flow is confirmed, or passes confirm again. Kernel: nf_conntrack_event_cache() */
export function cacheEvent(flow: Flow, bit: number): void {
  flow.eventCache |= bit;
}

/** Announces what has been kept. Kernel: nf_ct_deliver_cached_events(), net/netfilter/nf_conntrack_ecache.c */
export function deliverCachedEvents(port: HostPort, skb: Skb | null, flow: Flow): void {
  if (!isConfirmed(flow) || isDying(flow)) return;
  const events = flow.eventCache;
  flow.eventCache = 0;
  const isNew = (events & (IPCT.new | IPCT.related)) !== 0;
  const announced = (events & flow.eventMask) !== 0;
  if (isNew) {
    emitFlow(port, skb, flow, { what: 'confirm', ...(announced ? { event: 'NEW' as const } : {}) });
  } else if (announced) {
    const stateChanged = (events & IPCT.protoinfo) !== 0;
    emitFlow(port, skb, flow, { what: 'update', event: 'UPDATE', stateChanged });
  }
}

/** Emits a conntrack event about a flow with the flow as it stands. */
export function emitFlow(port: HostPort, skb: Skb | null, flow: Flow, body: Omit<CtEventBody, 'type' | 'entry'>): void {
  port.emit(skb, { type: 'conntrack', entry: ctSnapshot(flow, port.now()), ...body });
}

/** What the kernel says when an entry goes; it leaves the helper out. Kernel: nf_conntrack_event_report(IPCT_DESTROY) */
export function emitDestroy(port: HostPort, skb: Skb | null, flow: Flow, what: CtWhat, reason?: string): void {
  const { helper: _, ...entry } = ctSnapshot(flow, port.now());
  const announced = isConfirmed(flow) && (flow.eventMask & IPCT.destroy) !== 0;
  port.emit(skb, {
    type: 'conntrack',
    what,
    entry,
    ...(announced ? { event: 'DESTROY' as const } : {}),
    ...(reason !== undefined ? { reason } : {}),
  });
}
