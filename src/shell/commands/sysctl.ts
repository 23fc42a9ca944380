import type { Host } from '../../host';
import type { Command, CommandInput, CommandOutput } from '../types';

/** Kernel: /proc/sys; the words are those of procps-ng 4. */
export const sysctl: Command = {
  names: ['sysctl'],
  help: 'Shows and sets values of the kernel',
  run: runSysctl,
};

interface Flags {
  all: boolean;
  quiet: boolean;
  values: boolean;
  names: boolean;
  ignore: boolean;
  write: boolean;
}

const LONG: Readonly<Record<string, string>> = {
  '--all': 'a',
  '--quiet': 'q',
  '--values': 'n',
  '--names': 'N',
  '--ignore': 'e',
  '--write': 'w',
};

function runSysctl({ host, args }: CommandInput): CommandOutput {
  const flags: Flags = { all: false, quiet: false, values: false, names: false, ignore: false, write: false };
  const wanted: string[] = [];
  for (const arg of args) {
    if (!arg.startsWith('-') || arg === '-') {
      wanted.push(arg);
      continue;
    }
    const letters = LONG[arg] ?? (arg.startsWith('--') ? null : arg.slice(1));
    if (letters === null || /[^aAXqnNewxo]/.test(letters)) return { notModelled: `sysctl ${arg}` };
    for (const letter of letters) setFlag(flags, letter);
  }
  if (flags.all)
    return {
      stdout: host
        .sysctls()
        .map((pair) => shown(flags, pair))
        .join(''),
    };
  if (wanted.length === 0)
    return { stderr: "sysctl: no variables specified\nTry `sysctl --help' for more information.\n", exit: 1 };
  let out: CommandOutput = { stdout: '', stderr: '', exit: 0, changed: false };
  for (const word of wanted) out = joined(out, one(host, flags, word));
  return out;
}

function setFlag(flags: Flags, letter: string): void {
  if (letter === 'a' || letter === 'A' || letter === 'X') flags.all = true;
  else if (letter === 'q') flags.quiet = true;
  else if (letter === 'n') flags.values = true;
  else if (letter === 'N') flags.names = true;
  else if (letter === 'e') flags.ignore = true;
  else if (letter === 'w') flags.write = true;
}

function joined(a: CommandOutput, b: CommandOutput): CommandOutput {
  return {
    stdout: (a.stdout ?? '') + (b.stdout ?? ''),
    stderr: (a.stderr ?? '') + (b.stderr ?? ''),
    exit: b.exit || a.exit || 0,
    changed: (a.changed ?? false) || (b.changed ?? false),
  };
}

function one(host: Host, flags: Flags, word: string): CommandOutput {
  const equals = word.indexOf('=');
  const key = (equals < 0 ? word : word.slice(0, equals)).trim().replaceAll('/', '.');
  const missing: CommandOutput = flags.ignore
    ? {}
    : { stderr: `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory\n`, exit: 1 };
  if (equals < 0) {
    if (flags.write) return { stderr: 'sysctl: command line(0): invalid syntax, continuing...\n', exit: 1 };
    const value = host.sysctl(key);
    return value === undefined ? missing : { stdout: shown(flags, [key, value]) };
  }
  if (host.sysctl(key) === undefined) return missing;
  const value = word.slice(equals + 1).trim();
  const refused = host.setSysctl(key, value);
  if (refused !== null) return { stderr: `sysctl: setting key "${key}": ${refused}\n`, exit: 1 };
  return { stdout: flags.quiet ? '' : shown(flags, [key, value]), changed: true };
}

function shown(flags: Flags, [key, value]: readonly [string, string]): string {
  if (flags.names) return `${key}\n`;
  return flags.values ? `${value}\n` : `${key} = ${value}\n`;
}
