import type { LocalCommand } from '../types';

/** Tools that many know and that do nothing here: each says why. */
const TOOLS: Readonly<Record<string, string>> = {
  nft: 'nftables is not modelled; the rules of iptables are changed with iptables',
  ipvsadm: 'IPVS is not modelled',
  tc: 'traffic control is not modelled: no queue delays or drops a packet',
  watch: 'the clock stands still while nothing is done; give the command again after a step',
  sleep: 'time passes in steps: add a wait to the lab',
  ethtool: 'network cards are not modelled',
  systemctl: 'services are not modelled',
  service: 'services are not modelled',
  ufw: 'ufw writes rules of iptables: give those',
  'firewall-cmd': 'firewalld is not modelled: give rules of iptables',
  ebtables: 'ebtables is not modelled',
  arptables: 'arptables is not modelled',
  iperf: 'throughput is not modelled',
  iperf3: 'throughput is not modelled',
  rmmod: 'modules are not unloaded here',
  ps: 'processes are not modelled',
  vi: 'there are no files to edit: rules are changed in the editor or with iptables',
  nano: 'there are no files to edit: rules are changed in the editor or with iptables',
  ssh: 'logins are not modelled; nc or telnet tries the port',
};

export const notModelledTools: readonly LocalCommand[] = Object.entries(TOOLS).map(([name, why]) => ({
  names: [name],
  help: `Not modelled: ${why}`,
  hidden: true,
  run: () => ({ notModelled: name, stderr: `hookline: ${name}: not modelled: ${why}\n` }),
}));
