import type { Addr } from '../../wire';

/** What /etc/hosts and /etc/networks of Debian call addresses: `iptables -L` prints names where it finds them. */
const NAMES: Readonly<Record<Addr, string>> = {
  '127.0.0.1': 'localhost',
  '127.0.0.0': 'loopback',
  '169.254.0.0': 'link-local',
  '0.0.0.0': 'default',
};

/** Without `-n`, an address as a list shows it. libxtables: xtables_ipaddr_to_anyname(), xtables_ip6addr_to_anyname() */
export function addressName(addr: Addr): string {
  return NAMES[addr] ?? addr;
}
