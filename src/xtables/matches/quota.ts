import { uint64 } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface QuotaConfig {
  readonly quota: bigint;
  readonly negated: boolean;
}

/** Kernel: struct xt_quota_priv */
interface Left {
  bytes: bigint;
}

export const quota = defineMatch({
  name: 'quota',
  title: 'Quota',
  help: 'Matches until so many bytes have passed; then never again.',
  sideEffect: true,
  options: {
    quota: option(uint64, 'Bytes', { required: true, negatable: true }),
  },
  parse: (uses): QuotaConfig => ({ quota: uses.quota!.value, negated: uses.quota!.negated }),
  print: (c) => `${not(c.negated)} --quota ${c.quota}`,
  list: (c) => ` quota: ${c.quota} bytes`,
  // Kernel: quota_mt(), net/netfilter/xt_quota.c
  match: (c, action) => {
    const left = action.keep<Left>(() => ({ bytes: c.quota }));
    const length = BigInt(action.skb.packet.bytes.length);
    const within = left.bytes >= length;
    // One packet that is too long uses up what is left.
    left.bytes = within ? left.bytes - length : 0n;
    return within !== c.negated;
  },
  because: (c, action) => {
    const left = action.keep<Left>(() => ({ bytes: c.quota }));
    return `${left.bytes} bytes of the quota are left after this packet`;
  },
  stateText: (c, kept) => {
    const left = (kept as Left | null)?.bytes ?? c.quota;
    return { text: `${left} of ${c.quota} bytes left`, share: c.quota === 0n ? 0 : Number(left) / Number(c.quota) };
  },
});
