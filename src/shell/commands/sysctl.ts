import type { Host } from '../../host';
import { getopt, getoptText } from '../getopt';
import { fails, usagePage } from '../output';
import type { Command, CommandInput, CommandOutput } from '../types';

/** Kernel: /proc/sys; the words are those of procps-ng 4. */
export const sysctl: Command = {
  names: ['sysctl'],
  help: 'Shows and sets values of the kernel',
  run: runSysctl,
};

const LONG: Readonly<Record<string, string>> = {
  all: 'a',
  deprecated: 'deprecated',
  'dry-run': 'dry-run',
  binary: 'b',
  ignore: 'e',
  names: 'N',
  values: 'n',
  load: 'p',
  system: 'system',
  'pattern=': 'r',
  quiet: 'q',
  write: 'w',
  help: 'h',
  version: 'V',
};

const USAGE = usagePage(
  'sysctl',
  `usage: sysctl [OPTIONS] NAME
       sysctl [OPTIONS] NAME=VALUE
       sysctl -a [-r PATTERN]
  -a, --all               all values of the net tree
  -r, --pattern PATTERN   only names that this regular expression fits
  --deprecated            old names, too
  -n, --values            values without names
  -N, --names             names without values
  -b, --binary            values without the end of a line
  -e, --ignore            names that do not exist are no mistake
  -q, --quiet             does not tell what was set
  -w, --write             each word sets something
  -V, --version           the version of procps that is modelled
  -h, --help              this page
`,
);

interface Form {
  /** Has an option of this letter. */
  readonly has: (letter: string) => boolean;
  /** `-r` */
  readonly pattern: RegExp | null;
}

function runSysctl({ host, args }: CommandInput): CommandOutput {
  const { options, rest, wrong } = getopt(args, 'bneNwfp::qoxaAXr:VdhTSI', LONG);
  if (wrong) return { stderr: getoptText('sysctl', wrong), stdout: USAGE };
  const given = new Map(options.map(({ name, value }) => [name, value]));
  const has = (letter: string) => given.has(letter);
  if (has('V')) return { stdout: 'sysctl from procps-ng 4.0.2\n' };
  if (has('h') || has('d')) return { stdout: USAGE };
  const other = ['system', 'dry-run', 'f', 'T', 'S', 'I'].find(has);
  if (other !== undefined) return { notModelled: `sysctl ${other.length > 1 ? '--' : '-'}${other}` };
  if (has('p')) return load(given.get('p') || rest[0] || '/etc/sysctl.conf');
  const form: Form = { has, pattern: has('r') ? regexp(given.get('r')!) : null };
  if (has('r') && form.pattern === null) return { notModelled: `the pattern ${given.get('r')}` };
  if (has('a') || has('A') || has('X')) return { stdout: printed(form, listed(host, '', has('deprecated'))) };
  if (rest.length === 0 && options.length > 0)
    return fails(1, "sysctl: no variables specified\nTry `sysctl --help' for more information.\n");
  if (rest.length === 0) return fails(1, USAGE);
  let out: CommandOutput = { stdout: '', stderr: '', exit: 0, changed: false };
  for (const word of rest) {
    const writes = has('w') || word.includes('=');
    const next = writes ? write(host, form, word) : readOne(host, form, word);
    if (next.notModelled !== undefined) return next;
    out = joined(out, next, writes);
  }
  return out;
}

function regexp(text: string): RegExp | null {
  try {
    return new RegExp(text);
  } catch {
    return null;
  }
}

/** There are no files of values on a host: only that one is missing can be said. */
function load(path: string): CommandOutput {
  if (path.startsWith('/etc/') || path === '-') return { notModelled: `sysctl -p ${path}` };
  return fails(1, `sysctl: cannot open "${path}": No such file or directory\n`);
}

/** What could not be read is counted, of what could not be written it is only told that there is some. */
function joined(a: CommandOutput, b: CommandOutput, writes: boolean): CommandOutput {
  const [before, now] = [a.exit ?? 0, b.exit ?? 0];
  return {
    stdout: (a.stdout ?? '') + (b.stdout ?? ''),
    stderr: (a.stderr ?? '') + (b.stderr ?? ''),
    exit: writes ? before | now : before + now,
    changed: (a.changed ?? false) || (b.changed ?? false),
  };
}

/** What lies in other trees than net; all else there is not modelled. */
const OUTSIDE: Readonly<Record<string, (host: Host) => string>> = {
  'kernel.hostname': (host) => host.name,
  'kernel.domainname': () => '(none)',
  'kernel.ostype': () => 'Linux',
};
const OTHER_TREES = /^(abi|crypto|debug|dev|fs|kernel|sunrpc|user|vm)(\.|$)/;

/** Dots and slashes part the names; with a dot first, a slash is a dot of an interface's name. sysctl(8) */
function pathOf(key: string): string {
  const slash = key.indexOf('/');
  const dot = key.indexOf('.');
  if (slash >= 0 && (dot < 0 || slash < dot)) return key;
  return [...key].map((c) => (c === '.' ? '/' : c === '/' ? '.' : c)).join('');
}

/** A name as it was written, and as the kernel's tree has it. */
interface Name {
  readonly said: string;
  readonly key: string;
  /** What the tool remarks. */
  readonly remark: string;
}

function nameOf(word: string): Name {
  const said = word.trim();
  const twice = /[./]{2}.*/.exec(said)?.[0];
  const remark = twice === undefined ? '' : `sysctl: separators should not be repeated: ${twice}\n`;
  return { said, key: said.replace(/^[./]+/, '').replaceAll(/([./])[./]+/g, '$1'), remark };
}

function readOne(host: Host, form: Form, word: string): CommandOutput {
  const { said, key, remark } = nameOf(word);
  const read = host.sysctl(key) ?? OUTSIDE[dotted(key)]?.(host);
  if (read !== undefined) return { stdout: printed(form, [[dotted(said), read]]), stderr: remark };
  if (OTHER_TREES.test(dotted(key))) return { notModelled: `sysctl ${dotted(key)}` };
  const inside = listed(host, `${dotted(key)}.`, form.has('deprecated'));
  if (inside.length > 0) return { stdout: printed(form, inside), stderr: remark };
  return form.has('e') ? { stderr: remark } : fails(1, remark + cannotStat(said));
}

function cannotStat(said: string): string {
  return `sysctl: cannot stat /proc/sys/${pathOf(said)}: No such file or directory\n`;
}

const dotted = (name: string): string => name.replaceAll('/', '.');

/** `NAME=VALUE`. Kernel side: parse_setting_line(), WriteSetting() of procps */
function write(host: Host, form: Form, word: string): CommandOutput {
  const equals = word.indexOf('=');
  if (word.length < 2) return { exit: 1 };
  if (equals < 0) return fails(1, 'sysctl: command line(0): invalid syntax, continuing...\n');
  // A dash in front would keep the next ones going.
  const { said, key, remark: first } = nameOf(word.slice(0, equals).replace(/^\s*-/, ''));
  // It looks at the name, and once more at the path that it makes of it.
  const remark = first + nameOf(pathOf(said)).remark;
  if (key === '') return fails(1, `${remark}sysctl: Path is not under /proc/sys/: /proc/sys/${pathOf(said)}\n`);
  if (host.sysctl(key) === undefined || OUTSIDE[dotted(key)]) {
    if (OTHER_TREES.test(dotted(key))) return { notModelled: `sysctl ${dotted(key)}` };
    return form.has('e') ? { stderr: remark } : fails(1, remark + cannotStat(said));
  }
  const value = word.slice(equals + 1).trim();
  const setting = `${remark}sysctl: setting key "${dotted(said)}": `;
  // procps looks at the mode first, and tells what errno was left at.
  if (host.isReadOnly(key)) return { stderr: `${setting}Invalid argument\n` };
  const refused = host.setSysctl(key, value);
  if (refused !== null) return fails(1, `${setting}${refused}\n`);
  // With -N it tells the value, too.
  const stdout = form.has('q') ? '' : form.has('N') ? `${value}\n` : printed(form, [[dotted(said), value]]);
  return { stdout, stderr: remark, changed: true };
}

/** Names that a listing leaves out, as newer ones in milliseconds say the same. */
const DEPRECATED = /\.(base_reachable_time|retrans_time)$/;

function listed(host: Host, begin: string, deprecated: boolean): readonly (readonly [string, string])[] {
  return host.sysctls().filter(([name]) => name.startsWith(begin) && (deprecated || !DEPRECATED.test(name)));
}

function printed({ has, pattern }: Form, pairs: readonly (readonly [string, string])[]): string {
  const wanted = pairs.filter(([key]) => pattern === null || pattern.test(key));
  return wanted
    .map(([key, value]) => {
      if (has('N')) return `${key}\n`;
      if (has('b')) return value;
      return has('n') ? `${value}\n` : `${key} = ${value}\n`;
    })
    .join('');
}
