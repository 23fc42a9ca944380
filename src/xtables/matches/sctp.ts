import { nearest } from '../../base';
import { type SctpChunk, sctpChunks, sctpHeader } from '../../wire';
import { defineMatch, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { listPorts, type PortTest, portMatches, saveGivenPorts } from './ports';
import { oldPortRange } from './tcp';

/** Chunk types, with the flags that each may have; an index in this list is what flags are kept by. */
const CHUNKS: readonly (readonly [name: string, type: number, flags: string])[] = [
  ['DATA', 0, '----IUBE'],
  ['INIT', 1, '--------'],
  ['INIT_ACK', 2, '--------'],
  ['SACK', 3, '--------'],
  ['HEARTBEAT', 4, '--------'],
  ['HEARTBEAT_ACK', 5, '--------'],
  ['ABORT', 6, '-------T'],
  ['SHUTDOWN', 7, '--------'],
  ['SHUTDOWN_ACK', 8, '--------'],
  ['ERROR', 9, '--------'],
  ['COOKIE_ECHO', 10, '--------'],
  ['COOKIE_ACK', 11, '--------'],
  ['ECN_ECNE', 12, '--------'],
  ['ECN_CWR', 13, '--------'],
  ['SHUTDOWN_COMPLETE', 14, '-------T'],
  ['I_DATA', 64, '----IUBE'],
  ['RE_CONFIG', 130, '--------'],
  ['PAD', 132, '--------'],
  ['ASCONF', 193, '--------'],
  ['ASCONF_ACK', 128, '--------'],
  ['FORWARD_TSN', 192, '--------'],
  ['I_FORWARD_TSN', 194, '--------'],
];

const CHUNK_NAMES = CHUNKS.map(([name]) => name);

/** Most chunk types with flags in one rule. Kernel: XT_NUM_SCTP_FLAGS */
const MOST_FLAGS = 4;

interface FlagTest {
  readonly index: number;
  readonly mask: number;
  readonly value: number;
}

interface ChunkTest {
  readonly how: 'any' | 'all' | 'only';
  /** Types, ascending; all 256 for `ALL`. */
  readonly types: readonly number[];
  readonly flags: readonly FlagTest[];
}

interface SctpConfig {
  /** Null: not asked for. All ports are printed, too. */
  readonly sport: PortTest | null;
  readonly dport: PortTest | null;
  readonly chunks: (ChunkTest & { readonly negated: boolean }) | null;
}

const EVERY_TYPE = Array.from({ length: 256 }, (_, i) => i);

const chunkTypes: Kind<ChunkTest> = {
  name: 'sctp-chunks',
  values: CHUNK_NAMES,
  second: '--chunk-types requires two args',
  read: (word, call) => {
    const how = (['any', 'all', 'only'] as const).find((value) => value === word.toLowerCase());
    if (how === undefined) {
      return new Refusal('bad-value', 'Match type has to be one of "ALL", "ANY" or "ONLY"');
    }
    const list = call.second;
    if (list.toUpperCase() === 'ALL') return { how, types: EVERY_TYPE, flags: [] };
    if (list.toUpperCase() === 'NONE') return { how, types: [], flags: [] };
    return readChunks(how, list);
  },
};

function readChunks(how: ChunkTest['how'], list: string): Read<ChunkTest> {
  const types = new Set<number>();
  const flags = new Map<number, { index: number; mask: number; value: number }>();
  for (const part of list.split(',')) {
    if (part === '') continue;
    const [name, letters] = [part.split(':', 1)[0]!, part.includes(':') ? part.slice(part.indexOf(':') + 1) : ''];
    const index = CHUNKS.findIndex(([known]) => known === name.toUpperCase());
    if (index < 0) {
      const suggestion = nearest(name, CHUNK_NAMES);
      return new Refusal('bad-value', `Unknown sctp chunk \`${name}'`, { suggestion });
    }
    types.add(CHUNKS[index]![1]);
    for (const letter of letters) {
      const at = CHUNKS[index]![2].indexOf(letter.toUpperCase());
      if (at < 0) return new Refusal('bad-value', `Invalid flags for chunk type ${index}`);
      let test = flags.get(index);
      if (test === undefined) {
        if (flags.size === MOST_FLAGS) {
          return new Refusal(
            'bad-value',
            'Number of chunk types with flags exceeds currently allowed limit. Increasing this limit involves changing IPT_NUM_SCTP_FLAGS and recompiling both the kernel space and user space modules',
          );
        }
        test = { index, mask: 0, value: 0 };
        flags.set(index, test);
      }
      const bit = 1 << (7 - at);
      test.mask |= bit;
      if (letter === letter.toUpperCase()) test.value |= bit;
    }
  }
  return { how, types: [...types].sort((a, b) => a - b), flags: [...flags.values()] };
}

function chunksText({ how, types, flags }: ChunkTest, numeric: boolean): string {
  if (types.length === 0) return ` ${how} NONE`;
  if (types.length === 256) return ` ${how} ALL`;
  const one = (type: number): string => {
    const index = CHUNKS.findIndex(([, number]) => number === type);
    const name = numeric ? `0x${type.toString(16).toUpperCase().padStart(4, '0')}` : (CHUNKS[index]?.[0] ?? '');
    // The tool looks flags up by the type's number, though it kept them by its place in the list.
    const test = flags.find((flag) => flag.index === type);
    return test === undefined ? name : `${name}:${flagLetters(test, CHUNKS[type]![2])}`;
  };
  return ` ${how} ${types.map(one).join(',')}`;
}

function flagLetters({ mask, value }: FlagTest, letters: string): string {
  let text = '';
  for (let bit = 7; bit >= 0; bit--) {
    if (((mask >> bit) & 1) === 0) continue;
    const letter = letters[7 - bit]!;
    text += ((value >> bit) & 1) === 1 ? letter : letter.toLowerCase();
  }
  return text;
}

export const sctp = defineMatch({
  name: 'sctp',
  title: 'SCTP',
  help: 'Ports and chunks of an SCTP packet.',
  protocols: [132],
  options: {
    sport: option(oldPortRange('sctp'), 'Source port, or a range of ports', {
      aliases: ['source-port'],
      negatable: true,
      twice: "Only one `--source-port' allowed",
    }),
    dport: option(oldPortRange('sctp'), 'Destination port, or a range of ports', {
      aliases: ['destination-port'],
      negatable: true,
      twice: "Only one `--destination-port' allowed",
    }),
    'chunk-types': option(chunkTypes, '`any`, `all` or `only`, then chunk types with flags: `DATA:Be,INIT`', {
      negatable: true,
      twice: "Only one `--chunk-types' allowed",
    }),
  },
  parse: (uses): SctpConfig => {
    const chunks = uses['chunk-types'];
    return {
      sport: uses.sport === undefined ? null : { ...uses.sport.value, negated: uses.sport.negated },
      dport: uses.dport === undefined ? null : { ...uses.dport.value, negated: uses.dport.negated },
      chunks: chunks === undefined ? null : { ...chunks.value, negated: chunks.negated },
    };
  },
  print: (c) => {
    const ports = saveGivenPorts('sport', c.sport) + saveGivenPorts('dport', c.dport);
    return c.chunks === null ? ports : `${ports}${not(c.chunks.negated)} --chunk-types${chunksText(c.chunks, false)}`;
  },
  list: (c, { numeric }) => {
    const ports = [
      c.sport === null ? '' : listPorts('spt', c.sport, 'sctp', numeric),
      c.dport === null ? '' : listPorts('dpt', c.dport, 'sctp', numeric),
    ].join('');
    const chunks = c.chunks === null ? '' : `${not(c.chunks.negated)}${chunksText(c.chunks, numeric)}`;
    return ` sctp${ports}${chunks}`;
  },
  onlyPort: (c) => (c.dport !== null && c.dport.min === c.dport.max && !c.dport.negated ? c.dport.min : null),
  // Kernel: sctp_mt(), net/netfilter/xt_sctp.c
  match: (c, action) => {
    if (action.fragoff !== 0) return false;
    const header = sctpHeader(action.skb.packet);
    if (header === null) {
      action.hotdrop = true;
      return false;
    }
    if (c.sport !== null && !portMatches(c.sport, header.sport)) return false;
    if (c.dport !== null && !portMatches(c.dport, header.dport)) return false;
    if (c.chunks === null) return true;
    const found = chunksMatch(c.chunks, sctpChunks(action.skb.packet));
    if (found === null) action.hotdrop = true;
    return (found ?? false) !== c.chunks.negated;
  },
  because: (_, { skb }) => {
    const header = sctpHeader(skb.packet);
    if (header === null) return 'there is no SCTP header here';
    const names = sctpChunks(skb.packet).chunks.map(({ type }) => chunkName(type));
    return `the ports are ${header.sport} and ${header.dport}, the chunks ${names.join(', ')}`;
  },
});

function chunkName(type: number): string {
  return CHUNKS.find(([, number]) => number === type)?.[0] ?? `${type}`;
}

/** Null: the chunks make no sense. Kernel: match_packet() */
function chunksMatch(test: ChunkTest, { chunks, error }: ReturnType<typeof sctpChunks>): boolean | null {
  const missing = new Set(test.types);
  const flagsFit = (chunk: SctpChunk): boolean => {
    const flag = test.flags.find(({ index }) => index === chunk.type);
    return flag === undefined || (chunk.flags & flag.mask) === flag.value;
  };
  for (const chunk of chunks) {
    if (test.types.includes(chunk.type)) {
      const fits = flagsFit(chunk);
      if (fits && test.how === 'any') return true;
      if (fits) missing.delete(chunk.type);
      else if (test.how === 'only') return false;
    } else if (test.how === 'only') return false;
  }
  if (error !== null || chunks.length === 0) return null;
  return test.how === 'all' ? missing.size === 0 : test.how === 'only';
}
