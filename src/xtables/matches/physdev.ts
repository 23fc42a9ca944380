import { weirdInterface } from '../read/names';
import { defineMatch, flag, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import type { IfaceTest } from '../rule';
import { ifaceMatches } from '../run/builtin';

interface Flag {
  readonly negated: boolean;
}

interface PhysdevConfig {
  readonly isIn: Flag | null;
  readonly in: IfaceTest | null;
  readonly isOut: Flag | null;
  readonly out: IfaceTest | null;
  readonly isBridged: Flag | null;
}

const PORT = { negatable: true, warning: (_: string, text: string) => weirdInterface(text) } as const;

const iface: Kind<string> = {
  name: 'interface',
  read: (text) =>
    text.length > 15
      ? new Refusal('bad-interface', `interface name \`${text}' must be shorter than IFNAMSIZ (15)`)
      : text,
};

function testOf(use: { readonly value: string; readonly negated: boolean } | undefined): IfaceTest | null {
  if (use === undefined) return null;
  const wild = use.value.endsWith('+');
  return { text: use.value, name: wild ? use.value.slice(0, -1) : use.value, wild, negated: use.negated };
}

export const physdev = defineMatch({
  name: 'physdev',
  title: 'Port of a bridge',
  help: 'The bridge ports by which a bridged packet comes and goes.',
  options: {
    'physdev-in': option(iface, 'Port that it came in by', PORT),
    'physdev-out': option(iface, 'Port that it goes out by', PORT),
    'physdev-is-in': flag('It came in by a bridge port', { negatable: true }),
    'physdev-is-out': flag('It goes out by a bridge port', { negatable: true }),
    'physdev-is-bridged': flag('It is bridged, not routed', { negatable: true }),
  },
  parse: (uses): Read<PhysdevConfig> => {
    if (Object.keys(uses).length === 0) {
      return new Refusal('option-missing', 'PHYSDEV: no physdev option specified');
    }
    const flagOf = (use: Flag | undefined): Flag | null => (use === undefined ? null : { negated: use.negated });
    return {
      isIn: flagOf(uses['physdev-is-in']),
      in: testOf(uses['physdev-in']),
      isOut: flagOf(uses['physdev-is-out']),
      out: testOf(uses['physdev-out']),
      isBridged: flagOf(uses['physdev-is-bridged']),
    };
  },
  print: (c) => physdevText(c),
  list: (c) => ` PHYSDEV match${physdevText(c)}`,
  // Kernel: physdev_mt_check(), net/netfilter/xt_physdev.c
  check: (c, { hooks }) => {
    const out = c.out !== null || c.isOut !== null;
    const bridged = c.isBridged !== null && !c.isBridged.negated;
    return out && !bridged && hooks.includes('OUTPUT') ? 'EINVAL' : null;
  },
  // Kernel: physdev_mt()
  match: (c, { skb }) => {
    if (!skb.bridged && skb.physIn === '' && skb.physOut === '') {
      return [c.isBridged, c.isIn, c.isOut, c.in, c.out].every((test) => test === null || test.negated);
    }
    const [came, goes] = [skb.physIn !== '', skb.physOut !== ''];
    if (c.isBridged !== null && goes === c.isBridged.negated) return false;
    if (c.isIn !== null && came === c.isIn.negated) return false;
    if (c.isOut !== null && goes === c.isOut.negated) return false;
    if (c.in !== null && came && ifaceMatches(c.in, skb.physIn) === c.in.negated) return false;
    if (c.out === null) return true;
    return goes && ifaceMatches(c.out, skb.physOut) !== c.out.negated;
  },
  because: (_, { skb }) => {
    if (skb.physIn === '' && skb.physOut === '') return 'it is not on a bridge';
    return `bridge ports: in ${skb.physIn || 'none'}, out ${skb.physOut || 'none'}`;
  },
});

function physdevText(c: PhysdevConfig): string {
  let out = '';
  if (c.isIn !== null) out += `${not(c.isIn.negated)} --physdev-is-in`;
  if (c.in !== null) out += `${not(c.in.negated)} --physdev-in ${c.in.text}`;
  if (c.isOut !== null) out += `${not(c.isOut.negated)} --physdev-is-out`;
  if (c.out !== null) out += `${not(c.out.negated)} --physdev-out ${c.out.text}`;
  if (c.isBridged !== null) out += `${not(c.isBridged.negated)} --physdev-is-bridged`;
  return out;
}
