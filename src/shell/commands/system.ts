import { dateText } from '../date';
import { fails, prints } from '../output';
import type { LocalCommand } from '../types';

/** Small commands about the host, and those that lines are made with. */
export const systemCommands: readonly LocalCommand[] = [
  {
    names: ['hostname'],
    help: "Prints the host's name",
    run: ({ host, args }) => {
      if (args[0] === '-I') {
        const list = host.interfaces().flatMap((i) => (i.kind === 'loopback' ? [] : i.addresses.map((a) => a.addr)));
        return { stdout: `${list.map((a) => `${a} `).join('')}\n` };
      }
      if (args.length > 0 && !/^-[sf]$/.test(args[0]!)) return { notModelled: `hostname ${args[0]}` };
      return { stdout: `${host.name}\n` };
    },
  },
  {
    names: ['uname'],
    help: 'Prints the name and version of the kernel',
    run: ({ host, args }) => {
      const parts: Readonly<Record<string, string>> = {
        s: 'Linux',
        n: host.name,
        r: '6.1.0',
        v: '#1 SMP',
        m: 'x86_64',
        p: 'unknown',
        i: 'unknown',
        o: 'GNU/Linux',
      };
      const letters = args.join('').replaceAll('-', '') || 's';
      const odd = /[^asnrvmpio]/.exec(letters);
      if (odd) return fails(1, `uname: invalid option -- '${odd[0]}'\nTry 'uname --help' for more information.`);
      const wanted = letters.includes('a') ? 'snrvmo' : 'snrvmpio';
      const shown = [...wanted].filter((l) => letters.includes('a') || letters.includes(l)).map((l) => parts[l]!);
      return { stdout: `${shown.join(' ')}\n` };
    },
  },
  { names: ['whoami'], help: 'Prints who you are: root', run: () => ({ stdout: 'root\n' }) },
  {
    names: ['id'],
    help: 'Prints who you are',
    run: ({ args }) => {
      const [option, ...more] = args;
      if (option === undefined) return { stdout: 'uid=0(root) gid=0(root) groups=0(root)\n' };
      if (more.length > 0 || !/^-([ugG]|[ugG]n|n[ugG])$/.test(option)) return { notModelled: `id ${args.join(' ')}` };
      return { stdout: option.includes('n') ? 'root\n' : '0\n' };
    },
  },
  { names: ['pwd'], help: 'Prints the folder', run: () => ({ stdout: '/root\n' }) },
  {
    names: ['date'],
    help: "Prints the time of the lab's clock",
    run: ({ host, args }) => {
      const now = host.epoch + Math.floor(host.now() / 1_000_000);
      if (args[0] === '+%s') return { stdout: `${now}\n` };
      if (args.length > 0 && args[0] !== '-u') return { notModelled: `date ${args.join(' ')}` };
      return { stdout: `${dateText(now).replace(/ (\d+)$/, ' UTC $1')}\n` };
    },
  },
  {
    names: ['seq'],
    help: 'Prints numbers',
    run: ({ args }) => {
      const n = args.map(Number);
      if (args.length === 0) return fails(1, "seq: missing operand\nTry 'seq --help' for more information.");
      const odd = args.find((a) => !/^-?\d+$/.test(a));
      if (odd !== undefined) {
        return odd.startsWith('-')
          ? { notModelled: `seq ${odd}` }
          : fails(1, `seq: invalid floating point argument: '${odd}'\nTry 'seq --help' for more information.`);
      }
      const [from, step, to] =
        n.length === 1 ? [1, 1, n[0]!] : n.length === 2 ? [n[0]!, 1, n[1]!] : [n[0]!, n[1]!, n[2]!];
      if (step === 0) return fails(1, "seq: invalid Zero increment value: '0'");
      const count = Math.max(0, Math.floor((to - from) / step) + 1);
      if (count > 100_000) return { notModelled: 'seq of more than 100,000 numbers' };
      return prints(Array.from({ length: count }, (_, i) => String(from + i * step)));
    },
  },
];
