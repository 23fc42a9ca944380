import { jhash2, scale32 } from '../../nat';
import { addrWords } from '../../wire';
import { uint, uintRange } from '../read/kinds';
import { defineTarget, flag, type Kind, option, type XtAction } from '../record';
import { Refusal } from '../refusal';

interface NfqueueConfig {
  readonly queue: number;
  readonly total: number;
  readonly bypass: boolean;
  readonly fanout: boolean;
}

const balance: Kind<readonly [number, number]> = {
  name: 'queues',
  read: (word, call) => {
    const range = uintRange(16).read(word, call);
    if (range instanceof Refusal) return range;
    const [from, to] = range;
    if (from === undefined || to === undefined) return new Refusal('bad-value', `Bad range "${word}"`);
    return from < to ? [from, to] : new Refusal('bad-value', `${from} should be less than ${to}`);
  },
};

export const NFQUEUE = defineTarget({
  name: 'NFQUEUE',
  title: 'Ask a program',
  help: 'Hands the packet to a program, which decides. Without a program it is dropped, or passes with --queue-bypass.',
  verdict: 'queue',
  options: {
    'queue-num': option(uint(16), 'Number of the queue; 0 if absent', { excludes: ['queue-balance'] }),
    'queue-balance': option(balance, 'Queues FROM:TO; packets of a flow go to the same one', {
      excludes: ['queue-num'],
    }),
    'queue-bypass': flag('Without a program the packet goes on'),
    'queue-cpu-fanout': flag('The queue is chosen by processor', { needs: ['queue-balance'] }),
  },
  parse: (uses): NfqueueConfig => {
    const range = uses['queue-balance']?.value;
    return {
      queue: range?.[0] ?? uses['queue-num']?.value ?? 0,
      total: range === undefined ? 1 : range[1] - range[0] + 1,
      bypass: uses['queue-bypass'] !== undefined,
      fanout: uses['queue-cpu-fanout'] !== undefined,
    };
  },
  print: (c) => nfqueueText(c, '--queue-'),
  list: (c) => ` NFQUEUE${nfqueueText(c, '')}`,
  shares: (c) => (c.total > 1 && !c.fanout ? 'nfqueue seed' : null),
  // Kernel: nfqueue_tg_check(), net/netfilter/xt_NFQUEUE.c: the number of queues is one of 16 bits, so 65536 is 0
  check: (c) => (c.total > 65535 ? 'EINVAL' : null),
  // Kernel: nfqueue_tg_v3()
  act: (c, action) => {
    // A host here has one processor, number 0.
    const queue = c.total > 1 && !c.fanout ? c.queue + balanced(c.total, action) : c.queue;
    return { verdict: 'queue', queue, bypass: c.bypass };
  },
});

function nfqueueText(c: NfqueueConfig, prefix: string): string {
  let out = c.total > 1 ? ` ${prefix}balance ${c.queue}:${c.queue + c.total - 1}` : ` ${prefix}num ${c.queue}`;
  if (c.bypass) out += ` ${prefix}bypass`;
  return c.fanout ? `${out} ${prefix}cpu-fanout` : out;
}

/** Both directions of a flow get the same queue; which one hangs on a secret seed. Kernel: nfqueue_hash() */
function balanced(total: number, action: XtAction): number {
  const { seed } = action.share('nfqueue seed', () => ({ seed: action.env.port.rng.uint32() }));
  const { src, dst } = action.skb.packet;
  const [a, b] = src < dst ? [src, dst] : [dst, src];
  return scale32(jhash2([...addrWords(a), ...addrWords(b)], seed), total);
}
