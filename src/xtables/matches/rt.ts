import { addrFromBytes, IPPROTO, parseAddr, u32 } from '../../wire';
import { text, uint, uintRange } from '../read/kinds';
import { defineMatch, flag, not, type OptionSpecs, option, type Uses } from '../record';
import { type Read, Refusal } from '../refusal';
import { extensionHeader } from './extension-header';
import { inRange, listRange, type NumberRange, numberRange, saveRange } from './number-range';

interface Negatable {
  readonly value: number;
  readonly negated: boolean;
}

interface RtConfig {
  readonly type: Negatable | null;
  readonly segsleft: NumberRange;
  readonly length: Negatable | null;
  readonly reserved: boolean;
  readonly addresses: readonly string[] | null;
  readonly notStrict: boolean;
}

/** Most addresses. Kernel: IP6T_RT_HOPS */
const MOST = 16;

/** Kernel side: parse_addresses() */
function readAddresses(text: string): Read<readonly string[]> {
  const list: string[] = [];
  for (const word of text.split(',')) {
    if (list.length === MOST) return new Refusal('bad-value', 'too many addresses specified');
    const addr = word.includes(':') ? parseAddr(word) : null;
    if (addr === null) return new Refusal('bad-address', `bad address: ${word}`);
    list.push(addr);
  }
  return list;
}

const afterTypeZero =
  (flag: string) =>
  (before: Uses<OptionSpecs>): Refusal | null => {
    const type = before['rt-type'];
    return type?.value === 0 && !type.negated ? null : missing(`\`--rt-type 0' required before \`--${flag}'`);
  };

export const rt = defineMatch({
  name: 'rt',
  title: 'Routing header',
  help: 'Fields of an IPv6 routing header.',
  families: ['ip6'],
  options: {
    'rt-type': option(uint(32), 'Type', { negatable: true }),
    'rt-segsleft': option(uintRange(32), 'Segments left, or a range', { negatable: true }),
    'rt-len': option(uint(32), 'Length of the header in bytes', { negatable: true }),
    'rt-0-res': flag('The reserved field is zero (type 0)', { taken: afterTypeZero('rt-0-res') }),
    'rt-0-addrs': option(text({ name: 'addresses' }), 'Addresses of the header, with commas between (type 0)', {
      taken: (before, value) => {
        const list = afterTypeZero('rt-0-addrs')(before) ?? readAddresses(value as string);
        return list instanceof Refusal ? list : null;
      },
    }),
    'rt-0-not-strict': flag('The addresses are some of the header, in this order', {
      taken: (before) =>
        before['rt-0-addrs'] === undefined ? missing("`--rt-0-addr ...' required before `--rt-0-not-strict'") : null,
    }),
  },
  parse: (uses): RtConfig => {
    const [type, length] = [uses['rt-type'], uses['rt-len']];
    const [res, addrs, loose] = [uses['rt-0-res'], uses['rt-0-addrs'], uses['rt-0-not-strict']];
    return {
      type: type === undefined ? null : { value: type.value, negated: type.negated },
      segsleft: numberRange(uses['rt-segsleft']),
      length: length === undefined ? null : { value: length.value, negated: length.negated },
      reserved: res !== undefined,
      addresses: addrs === undefined ? null : (readAddresses(addrs.value) as readonly string[]),
      notStrict: loose !== undefined,
    };
  },
  print: (c) => {
    let text = c.type === null ? '' : `${not(c.type.negated)} --rt-type ${c.type.value}`;
    text += saveRange('rt-segsleft', c.segsleft);
    if (c.length !== null) text += `${not(c.length.negated)} --rt-len ${c.length.value}`;
    if (c.reserved) text += ' --rt-0-res';
    if (c.addresses !== null) text += ` --rt-0-addrs ${c.addresses.join(',')}`;
    return c.notStrict ? `${text} --rt-0-not-strict` : text;
  },
  list: (c) => {
    let text = c.type === null ? ' rt' : ` rt type:${c.type.negated ? '!' : ''}${c.type.value | 0}`;
    const range = listRange('segsleft', c.segsleft);
    if (range !== '') text += ` ${range}`;
    if (c.length !== null) text += ` length:${c.length.negated ? '!' : ''}${c.length.value}`;
    if (c.reserved) text += ' reserved';
    if (c.addresses !== null) text += ` 0-addrs ${c.addresses.join(',')}`;
    return c.notStrict ? `${text} 0-not-strict` : text;
  },
  // Kernel: rt_mt6(), net/ipv6/netfilter/ip6t_rt.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    const header = extensionHeader(action, IPPROTO.routing);
    if (header === null) return false;
    if (!inRange(c.segsleft, bytes[header.offset + 3]!)) return false;
    if (c.length !== null && (header.length === c.length.value) === c.length.negated) return false;
    if (c.type !== null && (bytes[header.offset + 2] === c.type.value) === c.type.negated) return false;
    if (c.reserved && u32(bytes, header.offset + 4) !== 0) return false;
    if (c.addresses === null) return true;
    const found: string[] = [];
    for (let at = 8; at + 16 <= header.length; at += 16) found.push(addrFromBytes(bytes, header.offset + at, 6));
    if (!c.notStrict) return found.length === c.addresses.length && found.every((a, i) => a === c.addresses![i]);
    let next = 0;
    for (const addr of found) if (next < c.addresses.length && addr === c.addresses[next]) next++;
    return next === c.addresses.length;
  },
  because: (_, { skb }) => {
    const header = skb.packet.extensions.find(({ protocol }) => protocol === IPPROTO.routing);
    if (header === undefined) return 'there is no routing header';
    const { bytes } = skb.packet;
    return `the type is ${bytes[header.offset + 2]}, segments left ${bytes[header.offset + 3]}`;
  },
});

function missing(message: string): Refusal {
  return new Refusal('option-missing', message);
}
