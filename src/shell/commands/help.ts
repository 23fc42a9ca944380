import { fails } from '../output';
import type { Command, LocalCommand } from '../types';
import { PAGES } from './man-pages';

/** Commands by what they are about; what stands nowhere is a small one. */
const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  [
    'Rules and sets',
    ['iptables', 'ip6tables', 'iptables-save', 'ip6tables-save', 'iptables-restore', 'ip6tables-restore', 'ipset'],
  ],
  ['Connections', ['conntrack', 'ss', 'netstat']],
  ['Interfaces and routes', ['ip', 'ifconfig', 'route', 'arp', 'bridge', 'brctl']],
  ['The kernel', ['sysctl', 'lsmod', 'modprobe', 'uname']],
  ['Sending packets', ['ping', 'traceroute', 'nc', 'telnet', 'curl', 'wget', 'dig', 'nmap', 'openssl']],
  ['Listening', ['tcpdump']],
];

/** All that can be called, but for what only says why it is not modelled. */
type All = () => readonly Command[];

export function helpCommands(all: All): readonly LocalCommand[] {
  return [
    {
      names: ['help'],
      help: 'Lists the commands',
      run: ({ args }) => (args.length > 0 ? page(all(), args[0]!) : { stdout: overview(all()) }),
    },
    {
      names: ['man'],
      help: 'Says in a few lines what a command does',
      run: ({ args }) => {
        const word = args.find((a) => !/^(-.*|\d)$/.test(a));
        if (word === undefined) return fails(1, "What manual page do you want?\nFor example, try 'man man'.");
        return page(all(), word);
      },
    },
    {
      names: ['type', 'which'],
      help: 'Says whether a command is there',
      run: ({ name, args }) => {
        const known = args.filter((a) => all().some((c) => !c.hidden && c.names.includes(a)));
        const missing = args.filter((a) => !known.includes(a));
        const stdout = known.map((a) => (name === 'which' ? `/usr/bin/${a}\n` : `${a} is /usr/bin/${a}\n`)).join('');
        const stderr = name === 'which' ? '' : missing.map((a) => `bash: type: ${a}: not found\n`).join('');
        return { stdout, stderr, exit: missing.length > 0 ? 1 : 0 };
      },
    },
  ];
}

function overview(all: readonly Command[]): string {
  const shown = all.filter((c) => !c.hidden);
  const grouped = new Set<Command>();
  const line = (c: Command) => `  ${c.names[0]!.padEnd(18)} ${c.help}\n`;
  const parts = GROUPS.map(([title, names]) => {
    const members = names.flatMap((name) => shown.filter((c) => c.names.includes(name)));
    for (const c of members) grouped.add(c);
    return members.length === 0 ? '' : `${title}\n${members.map(line).join('')}\n`;
  });
  const rest = shown.filter((c) => !grouped.has(c));
  const small = rest.map((c) => c.names[0]!).join(' ');
  const tail =
    'Lines know quotes, pipes, ; && ||, variables, $(…), if, for and while. "man COMMAND" says more of one command.\n';
  return `${parts.join('')}Small ones\n  ${small}\n\n${tail}`;
}

function page(all: readonly Command[], name: string) {
  const found = all.find((c) => c.names.includes(name));
  if (!found) return fails(16, `No manual entry for ${name}`);
  const text = PAGES[found.names[0]!];
  return { stdout: `${found.names[0]} - ${found.help}\n${text === undefined ? '' : `${text}\n`}` };
}
