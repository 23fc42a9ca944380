import type { HookAnswer } from '../model';

/** A drop by a hook function of conntrack or NAT; it has no reason of its own. */
export const DROP: HookAnswer = Object.freeze({ verdict: 'drop', reason: 'NETFILTER_DROP' });
