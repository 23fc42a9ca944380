import { nearest } from '../../base';
import { IPPROTO } from '../../wire';
import { defineTarget, type Kind, option } from '../record';
import { Refusal } from '../refusal';
import { sendReset, sendUnreachable } from './reject-send';

interface RejectConfig {
  readonly with: string;
  /** Code of the ICMP error of type 3, or 1 in IPv6; null for a TCP reset. */
  readonly code: number | null;
}

interface Reason {
  readonly name: string;
  readonly alias: string;
  readonly code: number | null;
}

/** In the order in which the beginning of a word is tried. */
const REASONS4: readonly Reason[] = [
  { name: 'icmp-net-unreachable', alias: 'net-unreach', code: 0 },
  { name: 'icmp-host-unreachable', alias: 'host-unreach', code: 1 },
  { name: 'icmp-proto-unreachable', alias: 'proto-unreach', code: 2 },
  { name: 'icmp-port-unreachable', alias: 'port-unreach', code: 3 },
  { name: 'icmp-net-prohibited', alias: 'net-prohib', code: 9 },
  { name: 'icmp-host-prohibited', alias: 'host-prohib', code: 10 },
  { name: 'tcp-reset', alias: 'tcp-rst', code: null },
  { name: 'icmp-admin-prohibited', alias: 'admin-prohib', code: 13 },
];

const REASONS6: readonly Reason[] = [
  { name: 'icmp6-no-route', alias: 'no-route', code: 0 },
  { name: 'icmp6-adm-prohibited', alias: 'adm-prohibited', code: 1 },
  { name: 'icmp6-addr-unreachable', alias: 'addr-unreach', code: 3 },
  { name: 'icmp6-port-unreachable', alias: 'port-unreach', code: 4 },
  { name: 'tcp-reset', alias: 'tcp-reset', code: null },
  { name: 'icmp6-policy-fail', alias: 'policy-fail', code: 5 },
  { name: 'icmp6-reject-route', alias: 'reject-route', code: 6 },
];

const reason: Kind<Reason> = {
  name: 'choice',
  values: [...new Set([...REASONS4, ...REASONS6].map(({ name }) => name))],
  read: (word, { family }) => {
    const start = word.toLowerCase();
    const reasons = family === 'ip' ? REASONS4 : REASONS6;
    const found = reasons.find(({ name, alias }) => name.startsWith(start) || alias.startsWith(start));
    if (found !== undefined) return found;
    const suggestion = nearest(
      word,
      reasons.flatMap(({ name, alias }) => [name, alias]),
    );
    return new Refusal('bad-value', `unknown reject type "${word}"`, { suggestion });
  },
};

export const REJECT = defineTarget({
  name: 'REJECT',
  title: 'Refuse with an answer',
  help: 'Drops the packet and tells the sender: by an ICMP error, or by a TCP reset.',
  verdict: 'drop',
  tables: ['filter'],
  hooks: ['INPUT', 'FORWARD', 'OUTPUT'],
  options: {
    'reject-with': option(reason, 'What the sender is told; port unreachable if absent'),
  },
  parse: (uses, { family }): RejectConfig => {
    const fallback = family === 'ip' ? REASONS4[3]! : REASONS6[3]!;
    const { name, code } = uses['reject-with']?.value ?? fallback;
    return { with: name, code };
  },
  print: (c) => ` --reject-with ${c.with}`,
  list: (c) => ` reject-with ${c.with}`,
  // Kernel: reject_tg_check(), net/ipv4/netfilter/ipt_REJECT.c
  check: (c, { protocol, protocolNegated }) =>
    c.code === null && (protocol !== IPPROTO.tcp || protocolNegated) ? 'EINVAL' : null,
  // Kernel: reject_tg()
  act: (c, action) => {
    const why = c.code === null ? sendReset(action) : sendUnreachable(action, c.code);
    if (why !== null) action.env.port.emit(action.skb, { type: 'note', note: 'reject-silent', params: { why } });
    return 'drop';
  },
});
