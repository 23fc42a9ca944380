import { programOf, type XtFamily } from '../../xtables';
import { usagePage } from '../output';

/** What `iptables -h` prints, by the name that it was called by. */
export function iptablesUsage(family: XtFamily, program: string = programOf(family)): string {
  const four = family === 'ip';
  const page = `usage: iptables [-t TABLE] -A|--append|-C|--check|-D|--delete CHAIN RULE
       iptables [-t TABLE] -I|--insert CHAIN [NUMBER] RULE
       iptables [-t TABLE] -R|--replace CHAIN NUMBER RULE
       iptables [-t TABLE] -D|--delete CHAIN NUMBER
       iptables [-t TABLE] -L|--list [CHAIN] [-n|--numeric] [-v|--verbose] [-x|--exact] [--line-numbers]
       iptables [-t TABLE] -S|--list-rules|-Z|--zero [CHAIN [NUMBER]]
       iptables [-t TABLE] -F|--flush [CHAIN]
       iptables [-t TABLE] -X|--delete-chain [OWN]
       iptables [-t TABLE] -N|--new-chain NEW
       iptables [-t TABLE] -E|--rename-chain OWN NEW
       iptables [-t TABLE] -P|--policy BUILTIN ACCEPT|DROP
TABLE is filter, nat, mangle, raw or security. In lists -n shows numbers, no names; -v counters and interfaces; -x counters to
the last digit.
A RULE is what a packet must be, all of it, and what is then done. "!" before an option asks for the opposite.
  -p, --protocol PROTOCOL       tcp, udp, ${four ? 'icmp' : 'icmpv6'} …, a number or all
  -s, --source, --src PREFIX    where it comes from; several make several rules
  -d, --destination, --dst PREFIX   where it goes to
  -i, --in-interface IF         where it came in; a + at the end stands for anything
  -o, --out-interface IF        where it goes out
${four ? '  -f, --fragments               pieces behind the first one\n' : ''}  -m, --match NAME              one more kind of criteria; Tab lists its options
  -j, --jump TARGET             what is done: a target, or a chain of your own
  -g, --goto OWN                goes on in that chain, without a way back
  -c, --set-counters PACKETS BYTES   what the rule has counted before
  -w, --wait [SECONDS]          changes nothing: no one else holds the lock
  ${four ? '-4, --ipv4' : '-6, --ipv6'}                    as it is anyway; iptables-restore and ip6tables-restore leave out the other's lines
  -V, --version                 the version that is modelled
`;
  return `${program} v1.8.9 (legacy)\n\n${usagePage(program, page.replaceAll(' iptables [', ` ${program} [`))}`;
}
