import { IPS } from '../../model';
import { usagePage } from '../output';

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

export const USAGE = usagePage(
  'conntrack',
  `usage: conntrack -L|--dump [conntrack|expect] [FILTER]
       conntrack -D|--delete [FILTER]
       conntrack -U|--update [FILTER] [--timeout SECONDS] [--mark MARK] [--status STATUS]
       conntrack -I|--create|-A|--add --protonum tcp --src ADDR --dst ADDR --sport PORT --dport PORT --state STATE --timeout SECONDS
       conntrack -G|--get --protonum tcp --src ADDR --dst ADDR --sport PORT --dport PORT
       conntrack -F|--flush [conntrack|expect]
       conntrack -C|--counter [conntrack|expect]
       conntrack -S|--stats
       conntrack -V|--version
In the console, conntrack -E listens to events; -e NEW,UPDATES,DESTROY says to which.
A FILTER picks entries, as all of these say:
  -s, --src, --orig-src PREFIX   where the first packet came from
  -d, --dst, --orig-dst PREFIX   where it went to
  -r, --reply-src ADDR           where replies come from
  -q, --reply-dst ADDR           where replies go to
  -p, --protonum PROTOCOL        with --sport, --dport, and --state of TCP; --icmp-type, --icmp-code, --icmp-id of ICMP
  -f, --family ipv4|ipv6         only this one
  -m, --mark MARK                with a mask behind a slash
  -u, --status STATUS            ASSURED, SEEN_REPLY, UNREPLIED, EXPECTED …
  -w, --zone NUMBER              this zone in both directions
  --orig-zone, --reply-zone NUMBER   this zone in one
  -n, --src-nat                  whose source is translated
  -g, --dst-nat                  whose destination is
  -j, --any-nat                  either
For lists:
  -z, --zero                     counters begin anew
  -o, --output extended|xml|id|timestamp|save   in which form
`,
);
