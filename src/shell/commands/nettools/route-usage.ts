import { usagePage } from '../../output';

/** What `route -h` prints, and what a line that makes no sense is answered with. */
export const ROUTE_USAGE = usagePage(
  'route',
  `usage: route [-n] [-e]
       route add|del TARGET [gw ADDR] [metric NUMBER] [dev IF] [reject]
       route add|del -net ADDR netmask MASK dev IF
       route add|del -host ADDR dev IF
       route add TARGET gw ADDR [mss BYTES] [window BYTES] [irtt NUMBER]
  -n, --numeric   addresses, no names
  -e, --extend    MSS and window instead of metrics; twice: both
  -V, --version   the version of net-tools that is modelled
  -h, --help      this page
TARGET is default, an address or a prefix.
`,
);
