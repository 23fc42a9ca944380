import {
  ctCount,
  ctCreate,
  ctDelete,
  ctExpectations,
  ctFind,
  ctFlush,
  ctList,
  ctSnapshot,
  ctStats,
  ctUpdate,
  ctZero,
} from '../../conntrack';
import { type Conn, type ConnSnapshot, IPS, type TcpCtState } from '../../model';
import { familyOf } from '../../wire';
import type { Command, CommandInput, CommandOutput } from '../types';
import { type EntryForm, entryLine, expectationLine, expectationXml, secondsLeft } from './conntrack-entry';
import { readEntry, readTimeout } from './conntrack-entry-of';
import { stampText } from './conntrack-events';
import { type Fault, type Filter, parseFilters } from './conntrack-filter';
import { type Given, type Output, readConntrackWords, readOutput } from './conntrack-options';
import { HEAD, tryHelp } from './conntrack-parse';
import { type Masked, readMark, readStatus, TCP_STATES, USAGE } from './conntrack-words';

/** conntrack-tools 1.4.7 */
export const conntrack: Command = {
  names: ['conntrack'],
  help: 'Shows, makes, changes and deletes tracked connections; -E listens',
  run: runConntrack,
};

function wrong(message: string, before = ''): CommandOutput {
  return { stderr: `${before}${HEAD}${message}\n${tryHelp}`, exit: 2 };
}

function said(message: string, exit = 0): CommandOutput {
  return { stderr: `${HEAD}${message}\n`, exit };
}

const failed = (message: string) => said(`Operation failed: ${message}`, 1);

function refused(fault: Fault): CommandOutput {
  if ('wrong' in fault) return wrong(fault.wrong, fault.before);
  return 'failed' in fault ? said(fault.failed, 1) : fault;
}

interface At extends Pick<CommandInput, 'host'> {
  /** What `-o` asks for. */
  readonly kinds: ReadonlySet<Output>;
}

function runConntrack({ host, args }: CommandInput): CommandOutput {
  const read = readConntrackWords(args);
  if (!('options' in read)) return refused(read);
  const { verb, table, options } = read;
  if (verb === null || verb === 'h') return { stdout: USAGE };
  if (verb === 'V') return { stdout: 'conntrack v1.4.7 (conntrack-tools)\n' };
  // Entries would tell how old they are.
  if (table !== 'expect' && 'LGDU'.includes(verb) && host.sysctl('net.netfilter.nf_conntrack_timestamp') === '1')
    return { notModelled: `conntrack -${verb} with nf_conntrack_timestamp` };
  const output = readOutput(options);
  if (!('kinds' in output)) return refused(output);
  const { kinds } = output;
  const at = { host, kinds };
  let out: CommandOutput;
  if (table === 'expect') out = expectations(verb, options, at);
  else out = verb === 'G' || verb === 'I' || verb === 'A' ? one(verb, options, at) : many(verb, table, options, at);
  const merged = out.merged === undefined ? {} : { merged: read.said + out.merged };
  return { ...out, stderr: `${read.said}${out.stderr ?? ''}`, ...merged };
}

function many(verb: string, table: string, options: readonly Given[], at: At): CommandOutput {
  const { host } = at;
  const update = verb === 'U' ? takeChanges(options) : { rest: options, change: {} };
  if (!('change' in update)) return refused(update);
  const filter = parseFilters(
    update.rest.filter(({ name }) => name !== 'zero'),
    verb === 'L',
  );
  if (!('test' in filter)) return refused(filter);
  if (table !== 'conntrack') return shown(0); // nothing dies here, and all is confirmed within its step
  switch (verb) {
    case 'L':
      return list(filter, options, at);
    case 'D':
      return remove(filter, at);
    case 'U':
      return change(filter, update, at);
    case 'F':
      return flush(filter, at);
    case 'C':
      return { stdout: `${ctCount(host.ct)}\n` };
    default:
      return { stdout: stats(at) };
  }
}

function expectations(verb: string, options: readonly Given[], { host, kinds }: At): CommandOutput {
  const found = ctExpectations(host.ct, host);
  if (verb === 'C') return { stdout: `${found.length}\n` };
  if (verb === 'F') {
    host.ct.expectations.splice(0);
    return { stderr: `${HEAD}expectation table has been emptied.\n`, changed: found.length > 0 };
  }
  if (verb === 'S') return { notModelled: 'conntrack -S expect' };
  if (verb !== 'L')
    return { notModelled: ['conntrack', `-${verb}`, 'expect', ...options.map(({ name }) => `--${name}`)].join(' ') };
  const filter = parseFilters(options);
  if (!('test' in filter)) return refused(filter);
  const { family } = filter;
  const told = found.filter(({ tuple }) => family === null || tuple.family === family).reverse();
  const xml = kinds.has('xml');
  const stamp = kinds.has('timestamp') && !xml ? stampText(host.epoch * 1_000_000 + host.now()) : '';
  const lines = told.map((e) => stamp + (xml ? expectationXml : expectationLine)(e, host.now())).join('');
  return listed(`${told.length} expectations have been shown.\n`, xml ? 'expect' : null, lines);
}

/** `-G`, `-I` and `-A`: the words describe one flow. `-A` leaves one that is there as it is. */
function one(verb: 'G' | 'I' | 'A', options: readonly Given[], at: At): CommandOutput {
  const { host } = at;
  const entry = readEntry(options);
  // What is looked for has a beginning, or the kernel is asked for a flow without addresses.
  if (entry === null || (verb === 'G' && !options.some(({ name }) => name === 'src')))
    return failed('invalid parameters');
  const { original, zone } = entry;
  if (verb !== 'G') {
    const made = ctCreate(host.ct, host, entry);
    if (made === 'invalid') return failed('invalid parameters');
    if (made === 'full') return failed('not enough memory');
    if (made === 'exists' && verb === 'I') return failed('Such conntrack exists, try -U to update');
    const count = made === 'ok' ? 1 : 0;
    return { ...said(`${count} flow entries have been ${verb === 'I' ? 'created' : 'added'}.`), changed: count > 0 };
  }
  const found = ctFind(host.ct, host, { ...original, family: familyOf(original.src) }, zone);
  if (!found) return failed("such conntrack doesn't exist");
  // The tool begins a list here, and ends none.
  const head = at.kinds.has('xml') ? xmlHead('conntrack') : '';
  return { ...shown(1), stdout: head + entryLine(found.conn, form(at, 'A', 2)) };
}

const xmlHead = (list: string): string => `<?xml version="1.0" encoding="utf-8"?>\n<${list}>\n`;

/** A list, and how many there were. Of XML the tool does not wait with what it prints. */
function listed(count: string, xml: string | null, lines: string): CommandOutput {
  const stderr = `${HEAD}${count}`;
  if (xml === null || lines === '') return { stdout: lines, stderr };
  const stdout = `${xmlHead(xml)}${lines}</${xml}>\n`;
  return { stdout, stderr, merged: stdout + stderr };
}

interface Changes {
  readonly rest: readonly Given[];
  readonly change: {
    readonly mark?: Masked;
    readonly timeout?: number;
    readonly status?: number;
    readonly state?: TcpCtState;
  };
}

type ChangeDraft = { -readonly [K in keyof Changes['change']]: Changes['change'][K] };

/** What `-U` sets; the other words pick. */
function takeChanges(options: readonly Given[]): Changes | Fault {
  const rest: Given[] = [];
  const change: ChangeDraft = {};
  const tcp = options.some(({ name, value }) => name === 'protonum' && /^(tcp|6)$/i.test(value ?? ''));
  for (const option of options) {
    const value = option.value ?? '';
    switch (option.name) {
      case 'mark':
        change.mark = readMark(value);
        break;
      case 'timeout':
        change.timeout = readTimeout(value);
        break;
      case 'status': {
        const status = readStatus(value);
        if (typeof status === 'string') return { wrong: status };
        if ((status.bits & IPS.EXPECTED) !== 0) return { notModelled: 'conntrack -U --status EXPECTED' };
        change.status = status.bits;
        // The tool keeps it where it keeps the mark.
        if (change.mark !== undefined) change.mark = { ...change.mark, value: status.bits };
        break;
      }
      default:
        if (option.name === 'state' && tcp && TCP_STATES.includes(value)) change.state = value as TcpCtState;
        else rest.push(option);
    }
  }
  return { rest, change };
}

function change(filter: Filter, update: Changes, at: At): CommandOutput {
  const { host } = at;
  const { change } = update;
  const none = Object.keys(change).length === 0;
  const picked = none ? [] : ctList(host.ct, host).filter(filter.test);
  const asked = picked.filter((conn) => differs(conn, ctSnapshot(conn, host.now()), change));
  // The tool does not say the zone, and the kernel finds nothing in zone 0.
  const updated = asked.filter(({ zone }) => zone.id === 0 || zone.direction === 'reply');
  // Without an address or -f the tool asks for no family, and the kernel knows none such.
  const family = update.rest.some(
    ({ name, value }) => value !== null && /^((reply-)?(src|dst)|family|(src|dst)-nat)$/.test(name),
  );
  const unsupported = 'Operation failed: Operation not supported\n';
  if (!family && picked.length > 0) return { stderr: `${unsupported}${HEAD}${unsupported}`, exit: 1 };
  const shown = (list: readonly Conn[]): string =>
    list
      .slice(0, 1)
      .map((conn) => entryLine(conn, form(at, 'A', 2)))
      .join('');
  // What a flow is given is asked for, too, and that of a flow that is there the kernel does not change: the tool gives
  // up, but at the last entry does not notice.
  const given = update.rest.some(({ name, value }) => value !== null && /^(src|dst)-nat$/.test(name));
  if (given && updated.length > 0) {
    const several = updated.length > 1;
    const end = several ? unsupported : '1 flow entries have been updated.\n';
    return { stdout: shown(updated), stderr: `${unsupported}${HEAD}${end}`, exit: Number(several) };
  }
  // A timeout that is fixed the kernel does not change, nor anything else of the flow in one go. Kernel: __nf_ct_change_timeout()
  const fixed = (conn: Conn) => change.timeout !== undefined && (conn.status & IPS.FIXED_TIMEOUT) !== 0;
  const told = asked.map((conn) => (!updated.includes(conn) ? NO_FLOW : fixed(conn) ? NOT_PERMITTED : ''));
  const free = updated.filter((conn) => !fixed(conn));
  for (const conn of free) {
    const { mark, ...others } = change;
    const value = mark === undefined ? {} : { mark: markAfter(conn.mark, mark) };
    ctUpdate(host.ct, host, (c) => c === conn, { ...others, ...value });
  }
  // The tool looks each up, to show it: one whose time is over is found no more, and gone.
  const left = updated.filter((conn) => ctFind(host.ct, host, conn.original, conn.zone) !== null);
  return {
    stdout: shown(left),
    stderr: `${told.join('')}${HEAD}${left.length} flow entries have been updated.\n`,
    exit: left.length > 0 ? 0 : 1,
    changed: free.length > 0,
  };
}

const NO_FLOW = 'Operation failed: No such file or directory\n';
const NOT_PERMITTED = 'Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n';

type Change = Changes['change'];

const markAfter = (mark: number, change: Exclude<Change['mark'], undefined>) =>
  ((mark & ~change.mask) ^ change.value) >>> 0;

/** Whether `-U` sends the kernel anything for this entry: one that is so already, it leaves. */
function differs(conn: Conn, entry: ConnSnapshot, { mark, timeout, status = 0, state }: Change): boolean {
  return (
    (conn.status | status) !== conn.status ||
    (state !== undefined && state !== conn.proto.state) ||
    (mark !== undefined && markAfter(entry.mark, mark) !== entry.mark) ||
    (timeout !== undefined && timeout !== secondsLeft(entry.timeLeft))
  );
}

function shown(n: number): CommandOutput {
  return { stderr: `${HEAD}${n} flow entries have been shown.\n` };
}

function form({ host, kinds }: At, verb: 'A' | 'D', use: 1 | 2 = 1): EntryForm {
  return {
    extended: kinds.has('extended'),
    id: kinds.has('id'),
    xml: kinds.has('xml'),
    save: kinds.has('save') ? verb : null,
    accounting: host.sysctl('net.netfilter.nf_conntrack_acct') === '1',
    use,
    now: host.now(),
  };
}

function list(filter: Filter, options: readonly Given[], at: At): CommandOutput {
  const zero = options.some(({ name }) => name === 'zero');
  if (zero && options.some(({ name }) => !LISTS.has(name))) return wrong("Can't use -z with filtering parameters");
  const { family, test } = filter;
  const all = ctList(at.host.ct, at.host);
  const found = all.filter(test);
  const lines = found.map((conn) => entryLine(conn, form(at, 'A'))).join('');
  // The kernel knows only the family of what is asked for.
  const told = zero ? all.filter(({ original }) => family === null || original.family === family) : [];
  told.forEach(ctZero);
  const count = `${found.length} flow entries have been shown.\n`;
  return { ...listed(count, at.kinds.has('xml') ? 'conntrack' : null, lines), changed: told.length > 0 };
}

/** Words of `-L` that go with `-z`. conntrack-tools: CT_COMPARISON */
const LISTS: ReadonlySet<string> = new Set(['zero', 'family', 'output', 'src-nat', 'dst-nat', 'any-nat']);

function remove(filter: Filter, at: At): CommandOutput {
  const { host } = at;
  const found = ctList(host.ct, host).filter(filter.test);
  const lines = found.map((conn) => entryLine(conn, form(at, 'D')));
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
