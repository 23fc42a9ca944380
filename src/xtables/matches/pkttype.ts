import type { Skb } from '../../model';
import { isMulticast } from '../../wire';
import { defineMatch, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';

interface PkttypeConfig {
  readonly type: 'unicast' | 'broadcast' | 'multicast' | 'otherhost';
  readonly negated: boolean;
}

const WORDS: Readonly<Record<string, PkttypeConfig['type']>> = {
  unicast: 'unicast',
  broadcast: 'broadcast',
  multicast: 'multicast',
  otherhost: 'otherhost',
  host: 'unicast',
  bcast: 'broadcast',
  mcast: 'multicast',
};

const packetType: Kind<PkttypeConfig['type']> = {
  name: 'choice',
  values: ['unicast', 'broadcast', 'multicast', 'otherhost'],
  read: (word) => WORDS[word.toLowerCase()] ?? new Refusal('bad-value', `Bad packet type '${word}'`),
};

/** Kernel: pkttype_mt(), net/netfilter/xt_pkttype.c */
function typeOf({ packet, pktType }: Skb): PkttypeConfig['type'] {
  switch (pktType) {
    case 'host':
    case 'outgoing':
      return 'unicast';
    case 'loopback':
      return isMulticast(packet.dst) ? 'multicast' : 'broadcast';
    default:
      return pktType;
  }
}

export const pkttype = defineMatch({
  name: 'pkttype',
  title: 'Kind of frame',
  help: 'Whether the frame was for this host, for everybody or for a group.',
  options: { 'pkt-type': option(packetType, 'Kind of frame', { negatable: true, required: true }) },
  parse: (uses): PkttypeConfig => ({ type: uses['pkt-type']!.value, negated: uses['pkt-type']!.negated }),
  print: (c) => `${not(c.negated)} --pkt-type ${c.type}`,
  list: (c) => ` PKTTYPE ${c.negated ? '!' : ''}= ${c.type}`,
  match: (c, { skb }) => (typeOf(skb) === c.type) !== c.negated,
  because: (_, { skb }) => `the frame is ${skb.pktType === 'otherhost' ? 'for another host' : typeOf(skb)}`,
});
