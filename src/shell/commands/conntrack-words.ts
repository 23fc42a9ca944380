import { IPS } from '../../model';

/** What the conntrack tool says of itself, and which words go together. */

export const VERBS: Readonly<Record<string, string>> = {
  '--dump': '-L',
  '--get': '-G',
  '--delete': '-D',
  '--create': '-I',
  '--add': '-A',
  '--update': '-U',
  '--event': '-E',
  '--flush': '-F',
  '--count': '-C',
  '--stats': '-S',
};

/** Long names of options, as complaints call them, with the letters of those that are a letter. */
const NAMES: readonly (readonly [name: string, ...others: readonly string[]])[] = [
  ['src', '-s', '--orig-src'],
  ['dst', '-d', '--orig-dst'],
  ['reply-src', '-r'],
  ['reply-dst', '-q'],
  ['protonum', '-p', '--proto'],
  ['timeout', '-t'],
  ['status', '-u'],
  ['zero', '-z'],
  ['event-mask', '-e'],
  ['mark', '-m'],
  ['family', '-f'],
  ['src-nat', '-n'],
  ['dst-nat', '-g'],
  ['any-nat', '-j'],
  ['output', '-o'],
  ['buffer-size', '-b'],
  ['zone', '-w'],
  ['label', '-l'],
];

/** The long name of an option, by any of its names. */
export function optionName(word: string): string | null {
  const found = NAMES.find(([name, ...others]) => word === `--${name}` || others.includes(word));
  return found?.[0] ?? null;
}

/** Which options a command of the table of flows does not go with. */
const ILLEGAL: Readonly<Record<string, readonly string[]>> = {
  '-L': ['timeout', 'event-mask', 'buffer-size'],
  '-D': ['event-mask', 'buffer-size', 'zero'],
  '-G': ['timeout', 'event-mask', 'buffer-size', 'zero', 'family', 'status'],
  '-I': ['family', 'event-mask', 'buffer-size', 'zero', 'output', 'any-nat'],
  '-U': ['event-mask', 'buffer-size', 'zero'],
  '-F': NAMES.map(([name]) => name).filter((name) => name !== 'family' && name !== 'zone'),
  '-C': NAMES.map(([name]) => name),
  '-S': NAMES.map(([name]) => name),
};

/** The first option that does not go with the command, by its long name. */
export function illegalOption(verb: string | undefined, args: readonly string[]): string | null {
  const illegal = verb === undefined ? NAMES.map(([name]) => name) : (ILLEGAL[verb] ?? []);
  for (const arg of args) {
    const name = optionName(arg.startsWith('--') ? arg.replace(/=.*/, '') : arg.slice(0, 2));
    if (name !== null && illegal.includes(name)) return name;
  }
  return null;
}

/** An option, and what is glued to it: `--src=…`, `-s…`. */
export function splitOption(word: string): { readonly name: string; readonly inline: string | undefined } {
  const [, name = word, inline] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? /^(-[a-zA-Z])(.+)$/s.exec(word) ?? [];
  return { name, inline };
}

/** libc: strtoul(): what is no number is 0. */
export function numberOf(text: string): number {
  return Number(/^\s*(0x[0-9a-f]+|\d+)/i.exec(text)?.[1] ?? 0);
}

export const TCP_STATES =
  'NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE LISTEN SYN_SENT2'.split(' ');
export const SCTP_STATES =
  'NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT HEARTBEAT_SENT HEARTBEAT_ACKED'.split(
    ' ',
  );

/** What may be set of an entry's status. */
export const STATUS: Readonly<Record<string, number>> = {
  ASSURED: IPS.ASSURED,
  SEEN_REPLY: IPS.SEEN_REPLY,
  UNSET: 0,
  FIXED_TIMEOUT: IPS.FIXED_TIMEOUT,
  EXPECTED: IPS.EXPECTED,
};

/** Bits of a list of words, each the beginning of a name; or what the tool says to it. */
export function statusBits(list: string, names: Readonly<Record<string, number>>): number | string {
  let bits = 0;
  for (const word of list.split(',')) {
    const name = Object.keys(names).find((known) => word !== '' && known.startsWith(word.toUpperCase()));
    if (name === undefined) return `Bad parameter \`${word}'`;
    bits |= names[name]!;
  }
  return bits;
}

/** `-Lp tcp` is `-L -p tcp`. */
export function splitVerb(args: readonly string[]): string[] {
  return args.flatMap((arg) => (/^-[LGDIUEFCSA][a-z]/.test(arg) ? [arg.slice(0, 2), `-${arg.slice(2)}`] : [arg]));
}

export const USAGE = `Command line interface for the connection tracking system. Version 1.4.7
Usage: conntrack [commands] [options]

Commands:
  -L [table] [options]		List conntrack or expectation table
  -G [table] parameters		Get conntrack or expectation
  -D [table] parameters		Delete conntrack or expectation
  -I [table] parameters		Create a conntrack or expectation
  -U [table] parameters		Update a conntrack
  -E [table] [options]		Show events
  -F [table]			Flush table
  -C [table]			Show counter
  -S				Show statistics

Tables: conntrack, expect, dying, unconfirmed

Conntrack parameters and options:
  -n, --src-nat ip			source NAT ip
  -g, --dst-nat ip			destination NAT ip
  -j, --any-nat ip			source or destination NAT ip
  -m, --mark mark			Set mark
  -c, --secmark secmark			Set selinux secmark
  -e, --event-mask eventmask		Event mask, eg. NEW,DESTROY
  -z, --zero 				Zero counters while listing
  -o, --output type[,...]		Output format, eg. xml
  -l, --label label[,...]		conntrack labels

Expectation parameters and options:
  --tuple-src ip	Source address in expect tuple
  --tuple-dst ip	Destination address in expect tuple

Updating parameters and options:
  --label-add label	Add label
  --label-del label	Delete label

Common parameters and options:
  -s, --src, --orig-src ip		Source address from original direction
  -d, --dst, --orig-dst ip		Destination address from original direction
  -r, --reply-src ip		Source addres from reply direction
  -q, --reply-dst ip		Destination address from reply direction
  -p, --protonum proto		Layer 4 Protocol, eg. 'tcp'
  -f, --family proto		Layer 3 Protocol, eg. 'ipv6'
  -t, --timeout timeout		Set timeout
  -u, --status status		Set status, eg. ASSURED
  -w, --zone value		Set conntrack zone
  --orig-zone value		Set zone for original direction
  --reply-zone value		Set zone for reply direction
  -b, --buffer-size		Netlink socket buffer size
  --mask-src ip			Source mask address
  --mask-dst ip			Destination mask address

`;
