import { ctCount, ctDelete, ctExpectations, ctFlush, ctList, ctStats } from '../../conntrack';
import type { Command, CommandInput, CommandOutput } from '../types';
import { type EntryForm, entryLine } from './conntrack-entry';
import { type Filter, parseFilters } from './conntrack-filter';

const HEAD = 'conntrack v1.4.7 (conntrack-tools): ';

/** conntrack-tools 1.4.7 */
export const conntrack: Command = {
  names: ['conntrack'],
  help: 'Shows and deletes tracked connections',
  run: runConntrack,
};

const VERBS: Readonly<Record<string, string>> = {
  '--dump': '-L',
  '--get': '-G',
  '--delete': '-D',
  '--create': '-I',
  '--update': '-U',
  '--event': '-E',
  '--flush': '-F',
  '--count': '-C',
  '--stats': '-S',
};
const TABLES = ['conntrack', 'expect', 'dying', 'unconfirmed'];

function wrong(message: string): CommandOutput {
  return { stderr: `${HEAD}${message}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`, exit: 2 };
}

function runConntrack({ host, args }: CommandInput): CommandOutput {
  const verbs = args.map((a) => VERBS[a] ?? a).filter((a) => /^-[LGDIUEFCS]$/.test(a));
  const verb = verbs[0];
  if (verb === undefined)
    return args.length === 0 ? { notModelled: 'conntrack without a command' } : wrong('No command');
  if (verbs.length > 1) return wrong("Can't specify two commands");
  if (/^-[GIUE]$/.test(verb)) return { notModelled: `conntrack ${verb}` };
  const rest = args.filter((a) => (VERBS[a] ?? a) !== verb);
  const table = TABLES.includes(rest[0] ?? '') ? rest.shift()! : 'conntrack';
  const filter = parseFilters(rest);
  if ('wrong' in filter) return wrong(filter.wrong);
  if ('failed' in filter) return { stderr: `${HEAD}Operation failed: ${filter.failed}\n`, exit: 1 };
  if ('notModelled' in filter) return { notModelled: filter.notModelled };
  if (table === 'expect' && verb === '-L') return expectations(ctExpectations(host.ct, host).length);
  if (table !== 'conntrack')
    return table === 'expect' || verb !== '-L' ? { notModelled: `conntrack ${verb} ${table}` } : shown(0);
  switch (verb) {
    case '-L':
      return list(filter, { host });
    case '-D':
      return remove(filter, { host });
    case '-F':
      return flush(filter, { host });
    case '-C':
      return { stdout: `${ctCount(host.ct)}\n` };
    default:
      return { stdout: stats({ host }) };
  }
}

type At = Pick<CommandInput, 'host'>;

function expectations(n: number): CommandOutput {
  if (n > 0) return { notModelled: 'conntrack -L expect, with expectations' };
  return { stderr: `${HEAD}0 expectations have been shown.\n` };
}

function shown(n: number): CommandOutput {
  return { stderr: `${HEAD}${n} flow entries have been shown.\n` };
}

function form(filter: Filter, { host }: At): EntryForm {
  const accounting = host.sysctl('net.netfilter.nf_conntrack_acct') === '1';
  return {
    extended: filter.output.includes('extended'),
    id: filter.output.includes('id'),
    accounting,
    now: host.now(),
  };
}

function list(filter: Filter, at: At): CommandOutput {
  const found = ctList(at.host.ct, at.host).filter(filter.test);
  const lines = found.map((conn) => entryLine(conn, form(filter, at)));
  return { ...shown(found.length), stdout: lines.join('') };
}

function remove(filter: Filter, at: At): CommandOutput {
  const { host } = at;
  const found = ctList(host.ct, host).filter(filter.test);
  const lines = found.map((conn) => entryLine(conn, form(filter, at)));
  const gone = new Set(found);
  ctDelete(host.ct, host, (conn) => gone.has(conn));
  return {
    stdout: lines.join(''),
    stderr: `${HEAD}${found.length} flow entries have been deleted.\n`,
    exit: found.length > 0 ? 0 : 1,
    changed: found.length > 0,
  };
}

function flush(filter: Filter, { host }: At): CommandOutput {
  const count =
    filter.family === null
      ? ctFlush(host.ct, host)
      : ctDelete(host.ct, host, (conn) => conn.original.family === filter.family);
  return { stderr: `${HEAD}connection tracking table has been emptied.\n`, changed: count > 0 };
}

function stats({ host }: At): string {
  const s = ctStats(host.ct);
  const names = [
    'found',
    'invalid',
    'insert',
    'insert_failed',
    'drop',
    'early_drop',
    'error',
    'search_restart',
    'clash_resolve',
    'chaintoolong',
  ] as const;
  return `cpu=0   \t${names.map((name) => `${name}=${s[name]} `).join('')}\n`;
}
