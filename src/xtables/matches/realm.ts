import type { ValueMask } from '../read/kinds';
import { NO_NAMES, namedValue, namedValueText, REALMS } from '../read/named-value';
import { hex } from '../read/numbers';
import { defineMatch, not, option } from '../record';

interface RealmConfig extends ValueMask {
  readonly negated: boolean;
}

export const realm = defineMatch({
  name: 'realm',
  title: 'Realm of the route',
  help: 'Realm (`ip route … realm`) of the route that the packet goes by.',
  families: ['ip'],
  hooks: ['POSTROUTING', 'FORWARD', 'OUTPUT', 'INPUT'],
  options: {
    realm: option(namedValue('realm', REALMS), 'Number with a mask, or a name', { negatable: true, required: true }),
  },
  parse: (uses): RealmConfig => ({ ...uses.realm!.value, negated: uses.realm!.negated }),
  print: (c) => `${not(c.negated)} --realm${namedValueText(c, REALMS)}`,
  list: (c, { numeric }) => `${not(c.negated)} realm${namedValueText(c, numeric ? NO_NAMES : REALMS)}`,
  // Kernel: realm_mt(), net/netfilter/xt_realm.c
  match: (c, { skb }) => skb.dst !== null && ((skb.dst.realm & c.mask) >>> 0 === c.value) !== c.negated,
  because: (_, { skb }) => (skb.dst === null ? 'the packet has no route yet' : `it is ${hex(skb.dst.realm)}`),
});
