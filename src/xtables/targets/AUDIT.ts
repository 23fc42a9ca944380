import { oneOf } from '../read/kinds';
import { defineTarget, option } from '../record';

interface AuditConfig {
  readonly type: 'accept' | 'drop' | 'reject';
}

export const AUDIT = defineTarget({
  name: 'AUDIT',
  title: 'Audit',
  help: 'Writes a record about the packet into the audit log; the packet goes on to the next rule.',
  verdict: 'continue',
  options: {
    type: option(
      oneOf(['accept', 'drop', 'reject'], 'Bad action type value "%s"', true),
      'What the record says becomes of it',
      {
        required: true,
      },
    ),
  },
  parse: (uses): AuditConfig => ({ type: uses.type!.value }),
  print: (c) => ` --type ${c.type}`,
  list: (c) => ` AUDIT ${c.type}`,
  // Kernel: audit_tg(), net/netfilter/xt_AUDIT.c
  act: (_, { env, skb }) => {
    const { src, dst, protocol } = skb.packet;
    const line = `mark=0x${skb.mark.toString(16)} saddr=${src} daddr=${dst} proto=${protocol}`;
    env.port.emit(skb, { type: 'log', target: 'AUDIT', prefix: '', text: line, level: 5 });
    return 'continue';
  },
});
