import { IPPROTO } from '../../wire';
import { uint } from '../read/kinds';
import { criterion, defineMatch, flag, not, option, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import type { Criterion } from '../types';

interface EcnConfig {
  /** Null: not asked for. True: the bit must be set. */
  readonly ece: boolean | null;
  readonly cwr: boolean | null;
  readonly ect: { readonly value: number; readonly negated: boolean } | null;
}

const ECE = 64;
const CWR = 128;

export const ecn = defineMatch({
  name: 'ecn',
  title: 'Congestion notification',
  help: 'Bits of explicit congestion notification in the IP and TCP headers.',
  options: {
    'ecn-tcp-cwr': flag('CWR is set in the TCP header', { negatable: true }),
    'ecn-tcp-ece': flag('ECE is set in the TCP header', { negatable: true }),
    'ecn-ip-ect': option(uint(8, { max: 3 }), 'ECT codepoint of the IP header', { negatable: true }),
  },
  parse: (uses): Read<EcnConfig> => {
    const [cwr, ece, ect] = [uses['ecn-tcp-cwr'], uses['ecn-tcp-ece'], uses['ecn-ip-ect']];
    if (cwr === undefined && ece === undefined && ect === undefined) {
      return new Refusal('option-missing', 'ECN match: some option required');
    }
    return {
      ece: ece === undefined ? null : !ece.negated,
      cwr: cwr === undefined ? null : !cwr.negated,
      ect: ect === undefined ? null : { value: ect.value, negated: ect.negated },
    };
  },
  print: (c) => {
    let text = '';
    if (c.ece !== null) text += `${not(!c.ece)} --ecn-tcp-ece`;
    if (c.cwr !== null) text += `${not(!c.cwr)} --ecn-tcp-cwr`;
    return c.ect === null ? text : `${text}${not(c.ect.negated)} --ecn-ip-ect ${c.ect.value}`;
  },
  list: (c) => {
    let text = ' ECN match';
    if (c.ece !== null) text += ` ${c.ece ? '' : '!'}ECE`;
    if (c.cwr !== null) text += ` ${c.cwr ? '' : '!'}CWR`;
    return c.ect === null ? text : `${text} ${c.ect.negated ? '!' : ''}ECT=${c.ect.value}`;
  },
  // Kernel: ecn_mt_check4(), net/netfilter/xt_ecn.c
  check: (c, call) =>
    (c.ece !== null || c.cwr !== null) && (call.protocol !== IPPROTO.tcp || call.protocolNegated) ? 'EINVAL' : null,
  // Kernel: ecn_mt4(), ecn_mt6()
  match: (c, action) => tests(c, action).every(({ met }) => met),
  explain: (c, action): Criterion[] =>
    tests(c, action).map(({ text, met, because }) => criterion(text.trim(), met, because)),
});

function tests(c: EcnConfig, { skb, thoff }: XtAction): { text: string; met: boolean; because: string }[] {
  // A later fragment's bytes are taken for a TCP header, too.
  const { tos, bytes } = skb.packet;
  const flags = thoff + 20 <= bytes.length ? bytes[thoff + 13]! : null;
  const list: { text: string; met: boolean; because: string }[] = [];
  if (c.ect !== null) {
    const met = ((tos & 3) === c.ect.value) !== c.ect.negated;
    list.push({ text: `${not(c.ect.negated)} --ecn-ip-ect ${c.ect.value}`, met, because: `ECT is ${tos & 3}` });
  }
  const bit = (name: string, want: boolean | null, mask: number): void => {
    if (want === null) return;
    const has = flags !== null && (flags & mask) !== 0;
    const because = flags === null ? 'there is no TCP header here' : `the bit is ${has ? '' : 'not '}set`;
    list.push({ text: `${not(!want)} --ecn-tcp-${name}`, met: flags !== null && has === want, because });
  };
  bit('ece', c.ece, ECE);
  bit('cwr', c.cwr, CWR);
  return list;
}
