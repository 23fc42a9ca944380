import { text, uint } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface OsfConfig {
  readonly genre: string;
  readonly negated: boolean;
  readonly ttl: number | null;
  readonly log: number | null;
}

export const osf = defineMatch({
  name: 'osf',
  title: 'Operating system',
  help: 'Guesses the operating system from a SYN, by fingerprints that a program loads. Labs have none: it never matches.',
  families: ['ip'],
  protocols: [6],
  hooks: ['INPUT', 'PREROUTING', 'FORWARD'],
  options: {
    genre: option(text({ cut: 31 }), 'Name of the operating system', { required: true, negatable: true }),
    ttl: option(uint(32, { max: 2 }), 'How the TTL is held against the fingerprint'),
    log: option(uint(32, { max: 2 }), 'What is logged'),
  },
  parse: (uses): OsfConfig => ({
    genre: uses.genre!.value,
    negated: uses.genre!.negated,
    ttl: uses.ttl?.value ?? null,
    log: uses.log?.value ?? null,
  }),
  print: (c) => {
    const ttl = c.ttl === null ? '' : ` --ttl ${c.ttl}`;
    return `${not(c.negated)} --genre ${c.genre}${ttl}${c.log === null ? '' : ` --log ${c.log}`}`;
  },
  list: (c) => ` OS fingerprint match ${c.negated ? '! ' : ''}${c.genre}`,
  // Kernel: nf_osf_match(), net/netfilter/nfnetlink_osf.c: no fingerprint fits, with `!` or without
  match: () => false,
  because: () => 'no fingerprints are loaded',
});
