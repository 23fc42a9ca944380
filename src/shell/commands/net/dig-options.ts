import type { Family } from '../../../wire';
import { fails, usagePage } from '../../output';
import type { CommandOutput } from '../../types';
import { DNS_TYPES, reverseName } from './dns';

export interface DigOptions {
  readonly server: string;
  readonly port: number;
  readonly name: string;
  readonly type: number;
  readonly family: Family | undefined;
  readonly short: boolean;
  readonly recursion: boolean;
  readonly edns: boolean;
  /** Seconds for each try. */
  readonly time: number;
  readonly tries: number;
  readonly cmd: boolean;
  readonly comments: boolean;
  readonly question: boolean;
  readonly answer: boolean;
  readonly stats: boolean;
}

type Draft = { -readonly [K in keyof DigOptions]: DigOptions[K] };
type Refused = { readonly output: CommandOutput };

const USAGE = usagePage(
  'dig',
  `usage: dig @HOST NAME [DNSTYPE] [OPTIONS]
  -4, -6             asks over this family
  -p PORT            of the server
  -q NAME            the name, if it looks like something else
  -t DNSTYPE         the type
  -x ADDR            the name of an address
  -v                 the version of BIND that is modelled
  +short             answers alone
  +nocmd, +nocomments, +noquestion, +noanswer, +nostats, +noall   leaves that out
  +norecurse         asks for what the server itself knows
  +noedns            without EDNS
  +time=SECONDS, +tries=COUNT   how long, how often
`,
);

export const DIG_VERSION = '9.18.49-1~deb12u3-Debian';

/** Options with + that the real one knows, and this one does not. */
const OTHERS =
  /^(no)?(aaflag|aaonly|additional|adflag|badcookie|besteffort|bufsize|cdflag|class|cookie|crypto|defname|dns64prefix|dnssec|do|domain|dscp|ednsflags|ednsnegotiation|ednsopt|expandaaaa|expire|fail|header-only|http.*|idn.*|identify|ignore|keepalive|keepopen|mapped|multiline|ndots|nsid|nssearch|onesoa|opcode|padding|qid|raflag|rrcomments|search|showbadcookie|showsearch|split|subnet|tcflag|tcp|tls.*|trace|ttlid|ttlunits|unknownformat|vc|yaml|zflag|authority)(=.*)?$/;

/** Reads the words of a call; or what dig says to them. */
export function readDig(args: readonly string[]): DigOptions | Refused {
  const draft: Draft = {
    server: '',
    port: 53,
    name: '',
    type: 0,
    family: undefined,
    short: false,
    recursion: true,
    edns: true,
    time: 5,
    tries: 3,
    cmd: true,
    comments: true,
    question: true,
    answer: true,
    stats: true,
  };
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word.startsWith('@')) draft.server = word.slice(1);
    else if (word.startsWith('+')) {
      const refused = plus(draft, word.slice(1));
      if (refused) return refused;
    } else if (word.startsWith('-')) {
      const letter = word[1] ?? '';
      if (letter === '4' || letter === '6') draft.family = letter === '4' ? 4 : 6;
      else if (letter === 'v') return { output: { stderr: `DiG ${DIG_VERSION}\n` } };
      else if ('pqtxc'.includes(letter) && letter !== '') {
        const value = word.length > 2 ? word.slice(2) : args[++i];
        if (value === undefined) return invalid(word);
        const refused = dash(draft, letter, value);
        if (refused) return refused;
      } else if ('bfhikmruy'.includes(letter) && letter !== '') return { output: { notModelled: `dig -${letter}` } };
      else return invalid(word);
    } else if (draft.type === 0 && DNS_TYPES[word.toUpperCase()] !== undefined)
      draft.type = DNS_TYPES[word.toUpperCase()]!;
    else if (/^(in|ch|hs)$/i.test(word)) {
      if (word.toLowerCase() !== 'in') return { output: { notModelled: `dig in class ${word}` } };
    } else if (draft.name !== '') return { output: { notModelled: 'dig for more than one name' } };
    else draft.name = word;
  }
  if (draft.server === '')
    return { output: { notModelled: 'dig without @server (hosts of a lab have no resolv.conf)' } };
  if (draft.name === '') {
    draft.name = '.';
    if (draft.type === 0) draft.type = DNS_TYPES.NS!;
  }
  if (draft.type === 0) draft.type = DNS_TYPES.A!;
  if (draft.name !== '.' && !/^([!-\-/-~]{1,63}(\.|$))+$/.test(draft.name)) {
    return { output: { notModelled: `dig for the name ${draft.name}` } };
  }
  if (!draft.name.endsWith('.')) draft.name += '.';
  return draft;
}

function invalid(word: string): Refused {
  return { output: fails(1, `Invalid option: ${word}\n${USAGE}`) };
}

function dash(draft: Draft, letter: string, value: string): Refused | null {
  if (letter === 'p') {
    if (!/^\d{1,5}$/.test(value)) return { output: fails(1, `dig: parsing port number '${value}'`) };
    draft.port = Number(value);
  } else if (letter === 'q') draft.name = value;
  else if (letter === 't') {
    const type = DNS_TYPES[value.toUpperCase()];
    if (type === undefined) return { output: { notModelled: `dig for the type ${value}` } };
    draft.type = type;
  } else if (letter === 'c')
    return value.toLowerCase() === 'in' ? null : { output: { notModelled: `dig -c ${value}` } };
  else {
    const name = reverseName(value);
    if (name === null) return { output: fails(1, `Invalid IP address ${value}`) };
    draft.name = name;
    draft.type = DNS_TYPES.PTR!;
  }
  return null;
}

function plus(draft: Draft, word: string): Refused | null {
  const [full = '', value = ''] = word.split('=');
  const on = !full.startsWith('no');
  const name = on ? full : full.slice(2);
  switch (name) {
    case 'short':
      draft.short = on;
      return null;
    case 'cmd':
    case 'comments':
    case 'question':
    case 'answer':
    case 'stats':
      draft[name] = on;
      return null;
    case 'all':
      draft.cmd = on;
      draft.comments = on;
      draft.question = on;
      draft.answer = on;
      draft.stats = on;
      return null;
    case 'recurse':
    case 'rdflag':
      draft.recursion = on;
      return null;
    case 'edns':
      draft.edns = on;
      return null;
    case 'time':
    case 'timeout':
    case 'tries':
    case 'retry': {
      if (!/^\d{1,5}$/.test(value))
        return { output: fails(1, `Couldn't parse ${name === 'time' ? 'timeout' : name} '${value}'`) };
      if (name === 'tries') draft.tries = Math.max(1, Number(value));
      else if (name === 'retry') draft.tries = Number(value) + 1;
      else draft.time = Math.max(1, Number(value));
      return null;
    }
    default:
      return OTHERS.test(word) ? { output: { notModelled: `dig +${word}` } } : invalid(`+${word}`);
  }
}
