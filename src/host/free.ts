import type { Errno } from '../model';
import type { Host } from './host';
import type { HostSkb } from './skb';

/**
 * The packet ends here. `reason` is a name of enum skb_drop_reason; `by` says what decided.
 * Kernel: kfree_skb_reason()
 */
export function kfreeSkb(host: Host, skb: HostSkb, reason: string, by: string, errno?: Errno): void {
  host.emit(skb, { type: 'drop', reason, by, ...(errno ? { errno } : null) });
  consumeSkb(skb);
}

/** The packet has been used up, or has left. Nothing is left to be given back. Kernel: consume_skb() */
export function consumeSkb(skb: HostSkb): void {
  skb.dst = null;
}

/** The flow no longer belongs to the packet. Kernel: nf_reset_ct() */
export function nfResetCt(skb: HostSkb): void {
  skb.ct = null;
  skb.ctinfo = 'NEW';
  skb.untracked = false;
}
