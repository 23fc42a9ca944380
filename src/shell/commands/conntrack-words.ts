import { IPS } from '../../model';

/** Names and numbers of the conntrack tool, and what it says of itself. */

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
