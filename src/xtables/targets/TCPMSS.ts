import { tcpmssManglePacket } from '../../wire';
import { readUint } from '../read/numbers';
import { type CheckCall, defineTarget, flag, type Kind, type LoadError, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import { replacePacket } from './change';

interface TcpmssConfig {
  /** Null: by the path MTU. */
  readonly mss: number | null;
}

const mss: Kind<number> = {
  name: 'uint16',
  read: (text, { family, extension, flag: name }) => {
    const max = 65535 - (family === 'ip' ? 20 : 40);
    const value = readUint(text, 0, max);
    const message = `${extension}: bad value for option "--${name}", or out of range (0-${max}).\n`;
    return value ?? new Refusal('bad-value', message);
  },
};

export const TCPMSS = defineTarget({
  name: 'TCPMSS',
  title: 'Lower the MSS',
  help: 'Lowers the largest segment size that a TCP handshake announces; it never raises it.',
  verdict: 'continue',
  protocols: [6],
  options: {
    'set-mss': option(mss, 'Largest size, in bytes'),
    'clamp-mss-to-pmtu': flag('As large as the path MTU of both directions allows'),
  },
  parse: (uses): Read<TcpmssConfig> => {
    if (uses['clamp-mss-to-pmtu'] !== undefined) return { mss: null };
    if (uses['set-mss'] !== undefined) return { mss: uses['set-mss'].value };
    return new Refusal('option-missing', 'TCPMSS target: At least one parameter is required');
  },
  print: (c) => (c.mss === null ? ' --clamp-mss-to-pmtu' : ` --set-mss ${c.mss}`),
  list: (c) => (c.mss === null ? ' TCPMSS clamp to PMTU' : ` TCPMSS set ${c.mss}`),
  check: checkTcpmss,
  // Kernel: tcpmss_mangle_packet(), net/netfilter/xt_TCPMSS.c
  act: (c, action) => {
    const { skb } = action;
    if (action.fragoff !== 0) return 'continue';
    skb.fragSizes = null;
    const size = c.mss ?? clampedMss(action);
    if (size === null) return 'drop';
    const before = skb.packet.tcp?.mss ?? 'none';
    const packet = tcpmssManglePacket(skb.packet, size);
    if (packet === null) return 'drop';
    replacePacket(action, packet, 'mss', before, packet.tcp?.mss ?? 'none', 'TCPMSS');
    return 'continue';
  },
});

/** The MSS that fits the smaller MTU of the two directions. Kernel: tcpmss_reverse_mtu() */
function clampedMss({ skb, family, env }: XtAction): number | null {
  const back = env.port.route({ family: family === 'ip' ? 4 : 6, dst: skb.packet.src });
  const reverse = back.ok ? back.dst.mtu : Number.POSITIVE_INFINITY;
  const mtu = Math.min(skb.dst?.mtu ?? Number.POSITIVE_INFINITY, reverse);
  const headers = family === 'ip' ? 40 : 60;
  return mtu <= headers || mtu === Number.POSITIVE_INFINITY ? null : mtu - headers;
}

/** Only for TCP SYN, and clamping only where the way out is known. Kernel: tcpmss_tg4_check() */
function checkTcpmss(c: TcpmssConfig, { hooks, matches }: CheckCall): LoadError | null {
  const early = hooks.some((hook) => hook === 'PREROUTING' || hook === 'INPUT');
  if (c.mss === null && early) return 'EINVAL';
  const syn = matches.some(({ match, config }) => {
    if (match.name !== 'tcp') return false;
    const { flags } = config as { readonly flags: { readonly compare: number; readonly negated: boolean } | null };
    return flags !== null && (flags.compare & 2) !== 0 && !flags.negated;
  });
  return syn ? null : 'EINVAL';
}
