import { usagePage } from '../../output';

/** What `netstat -h` prints, and what a wrong option is answered with. */
export const NETSTAT_USAGE = usagePage(
  'netstat',
  `usage: netstat [OPTIONS]
       netstat -r [-n] [-e]
       netstat -i [-a] [-e]
  -t, --tcp                    sockets of TCP
  -u, --udp                    sockets of UDP
  -4, --inet, --ip             only IPv4
  -6, --inet6                  only IPv6
  -A, --protocol inet|inet6    the same by name
  -l, --listening              what listens
  -a, --all                    what listens and what is connected
  -n, --numeric                addresses, ports and users as numbers
  --numeric-hosts, --numeric-ports, --numeric-users   one of these
  -p, --programs               with the program
  -e, --extend                 with user and inode
  -o, --timers                 with timers
  -W, --wide                   long addresses are not cut
  -r, --route                  routes instead
  -i, --interfaces             interfaces instead
  -V, --version                the version of net-tools that is modelled
  -h, --help                   this page
`,
);
