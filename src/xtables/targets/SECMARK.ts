import { ctSetSecmark } from '../../conntrack';
import { text } from '../read/kinds';
import { defineTarget, flag, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { changed } from './change';

interface SecmarkConfig {
  readonly context: string;
}

export const SECMARK = defineTarget({
  name: 'SECMARK',
  title: 'Set the security mark',
  help: 'Sets the security mark to that of an SELinux context. Labs have no SELinux, so that no context is known.',
  verdict: 'continue',
  tables: ['mangle', 'security'],
  options: {
    selctx: option(text({ cut: 255 }), 'Security context', { required: true }),
  },
  parse: (uses): SecmarkConfig => ({ context: uses.selctx!.value }),
  print: (c) => ` --selctx ${c.context}`,
  list: (c) => ` SECMARK selctx ${c.context}`,
  // Kernel: checkentry_lsm(), net/netfilter/xt_SECMARK.c: without a security module no context has an id.
  check: () => 'ENOENT',
  act: () => 'continue',
});

interface ConnsecmarkConfig {
  readonly mode: 'save' | 'restore';
}

export const CONNSECMARK = defineTarget({
  name: 'CONNSECMARK',
  title: 'Save or restore the security mark',
  help: 'Copies the security mark from the packet to its connection, or back.',
  verdict: 'continue',
  tables: ['mangle', 'security'],
  conntrack: true,
  options: {
    save: flag('From the packet to the connection, if that has none', { excludes: ['restore'] }),
    restore: flag('From the connection to the packet, if that has none', { excludes: ['save'] }),
  },
  parse: (uses): Read<ConnsecmarkConfig> => {
    if (uses.save !== undefined) return { mode: 'save' };
    if (uses.restore !== undefined) return { mode: 'restore' };
    return new Refusal('option-missing', 'CONNSECMARK target: parameter required');
  },
  print: (c) => ` --${c.mode}`,
  list: (c) => ` CONNSECMARK ${c.mode}`,
  // Kernel: connsecmark_tg(), net/netfilter/xt_CONNSECMARK.c
  act: (c, action) => {
    const { skb, env } = action;
    if (skb.ct === null || env.ct === null) return 'continue';
    if (c.mode === 'save') {
      if (skb.secmark !== 0 && skb.ct.secmark === 0) ctSetSecmark(env.ct, env.port, skb, skb.secmark);
    } else if (skb.secmark === 0) {
      skb.secmark = skb.ct.secmark;
      changed(action, 'secmark', 0, skb.secmark, 'CONNSECMARK');
    }
    return 'continue';
  },
});
