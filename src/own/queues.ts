import type { Host, HostSkb, QueueEntry, QueueProgram } from '../host';
import { changePacket } from './change';
import { meets } from './conditions';
import type { OwnQueue, OwnQueueRule } from './types';

/** What a queue program goes by. */
interface ProgramPriv {
  readonly rules: readonly (OwnQueueRule & { readonly chain: string })[];
  readonly otherwise: 'accept' | 'drop';
}

/** `rules`: those that can be read, each with its condition. Kernel: nfqnl_recv_config(), net/netfilter/nfnetlink_queue.c */
export function openQueue(host: Host, queue: OwnQueue, rules: ProgramPriv['rules']): void {
  const { number, name = `queue ${number}`, otherwise = 'accept' } = queue;
  const priv: ProgramPriv = Object.freeze({ rules: Object.freeze(rules), otherwise });
  host.queuePrograms.set(number, Object.freeze({ name, run: runProgram, priv }));
}

/** Reads the packet and answers. Kernel: nfqnl_recv_verdict(), net/netfilter/nfnetlink_queue.c */
function runProgram(host: Host, entry: QueueEntry, program: QueueProgram): void {
  const { rules, otherwise } = program.priv as ProgramPriv;
  const { skb, state, queue } = entry;
  const at = rules.findIndex((rule) => meets(host, skb, state, rule.chain));
  const rule = rules[at];
  const verdict = rule?.verdict ?? otherwise;
  const answer = typeof verdict === 'string' ? verdict : 'queue';
  const to = typeof verdict === 'string' ? undefined : verdict.queue;
  const back = changePacket(skb.packet, answer === 'drop' ? {} : (rule?.set ?? {}), program.name);
  host.emit(skb, {
    type: 'queue',
    queue,
    answer,
    program: program.name,
    rule: at + 1,
    ...(back.changes.length > 0 ? { changed: true } : null),
    ...(to === undefined ? null : { to }),
  });
  skb.packet = back.packet;
  if (rule?.set !== undefined && answer !== 'drop') {
    // Summed up anew, and in one piece, though it came back as it was. Kernel: nfqnl_mangle()
    delete skb.csum;
    delete skb.csumPartial;
    skb.fragSizes = null;
  }
  for (const change of back.changes) host.emit(skb, change);
  setMark(host, skb, rule?.mark, program.name);
  host.reinject(entry.id, answer, to);
}

function setMark(host: Host, skb: HostSkb, mark: number | undefined, by: string): void {
  if (mark === undefined || mark === skb.mark) return;
  const before = skb.mark;
  skb.mark = mark;
  host.emit(skb, { type: 'change', field: 'mark', before, after: mark, by });
}
