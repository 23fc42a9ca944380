import { usagePage } from '../output';

/** What `ss -h` prints, and what a line that makes no sense is answered with. */
export const SS_USAGE = usagePage(
  'ss',
  `usage: ss [OPTIONS] [state STATE] [exclude STATE] [FILTER]
  -t, --tcp                    sockets of TCP
  -u, --udp                    sockets of UDP
  -A, --query, --socket KIND   the same by name: tcp,udp
  -4, --ipv4                   only IPv4
  -6, --ipv6                   only IPv6
  -f, --family inet|inet6      the same by name
  -l, --listening              what listens
  -a, --all                    what listens, is connected or half open
  -n, --numeric                ports as numbers
  -p, --processes              with the program
  -o, --options                with timers
  -H, --no-header              without the first line
  -s, --summary                how many there are
  -V, --version                the version of iproute2 that is modelled
  -h, --help                   this page
STATE: established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait, close-wait, last-ack, closing, listening, closed,
         all, connected, synchronized, bucket, big
FILTER: sport = PORT, dport gt PORT, sport le PORT, src PREFIX, dst ADDR:PORT, not dport = PORT, src PREFIX or dst ADDR
`,
);
