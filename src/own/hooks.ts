import type { Host } from '../host';
import type { HookAnswer, HookOps, HookState, Skb } from '../model';
import { meets } from './conditions';
import type { OwnHook } from './types';

/** What a hook function of one's own was registered with. */
interface OwnPriv {
  /** Its condition, '' for none. */
  readonly chain: string;
  readonly answer: HookAnswer;
}

/** Kernel: nf_register_net_hook(), net/netfilter/core.c */
export function registerOwn(host: Host, hook: OwnHook, chain: string): void {
  const { name, family = 'ip', verdict, priority } = hook;
  const answer: HookAnswer =
    typeof verdict === 'string'
      ? verdict
      : Object.freeze({ verdict: 'queue', queue: verdict.queue, bypass: verdict.bypass ?? false });
  const priv: OwnPriv = Object.freeze({ chain, answer });
  host.hooks.register({ name, family, hook: hook.hook, priority, subsystem: 'user', fn: ownHookFn, priv });
}

function ownHookFn(host: Host, skb: Skb, state: HookState, ops: HookOps<Host>): HookAnswer {
  const { chain, answer } = ops.priv as OwnPriv;
  if (meets(host, skb, state, chain)) return answer;
  host.skipped = 'no-match';
  return 'accept';
}
