import { usagePage } from '../../output';

/** What `arp -h` prints, and what a wrong option is answered with. */
export const ARP_USAGE = usagePage(
  'arp',
  `usage: arp [-a] [-n] [-v] [-i IF] [ADDR]
       arp [-i IF] -s ADDR MAC
       arp [-i IF] -d ADDR
  -a, --all             a line for each, as BSD writes it
  -n, --numeric         addresses, no names
  -v, --verbose         with counts at the end
  -i, --device IF       only neighbours on this interface
  -s, --set ADDR MAC    keeps a neighbour
  -d, --delete ADDR     forgets one
  -V, --version         the version of net-tools that is modelled
  -h, --help            this page
`,
);
