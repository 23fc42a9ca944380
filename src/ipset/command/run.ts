import { assertNever } from '../../base';
import { findType, type SetType, typeOf } from '../catalogue';
import { type Action, errorText } from '../errors';
import { dataText } from '../list-text';
import type { CreateAttrs, SetError, SetFamily } from '../types';
import { checkAllowed, checkMandatory } from './check';
import { emptyData } from './data';
import { readElement } from './element';
import { helpText, typeHelpText } from './help';
import { type OptionCommand, optionsOf } from './options';
import { listSets } from './print';
import {
  done,
  ERROR,
  NOTICE,
  report,
  type Session,
  type Stop,
  stopWith,
  stopWithReport,
  syntaxError,
  WARNING,
} from './session';
import { readSetname } from './values';
import { type CommandName, findCommand, GLOBAL_OPTIONS } from './words';

/** A command that was read and is to be done. */
interface Ready {
  readonly command: CommandName;
}

/** Reads one command line into the data of the session. libipset: ipset_parser() */
export function readCommand(session: Session, args: readonly string[]): Ready | Stop {
  if (args.length + 1 > 32) return stopWith(session, 'parameter', 'Line is too long to parse.');
  const argv = [...args];
  const stopped = readGlobalOptions(session, argv);
  if (stopped) return stopped;
  const command = argv[0] === undefined ? undefined : findCommand(argv[0]);
  if (!command) {
    if (argv[0] === '-') session.notModelled = 'ipset -: interactive mode';
    const unknown = argv[0] === undefined ? '.' : `: unknown argument ${argv[0]}`;
    return stopWith(session, 'parameter', `No command specified${unknown}`);
  }
  const { name } = command;
  if (session.line !== 0 && (name === 'restore' || name === 'version' || name === 'help')) {
    return stopWith(session, 'parameter', `Command \`${name}' is invalid in restore mode.`);
  }
  argv.shift();
  if (command.args === 2 && argv.length < 2) {
    const which = argv.length === 0 ? 'mandatory' : 'second mandatory';
    return stopWith(session, 'parameter', `Missing ${which} argument to command ${name}`);
  }
  const first = command.args === 0 ? undefined : argv.shift();
  const second = command.args === 2 ? argv.shift()! : '';
  return readArguments(session, name, first, second, argv);
}

function readGlobalOptions(session: Session, argv: string[]): Stop | null {
  if (!argv.some((word) => word.startsWith('-'))) return null;
  for (const option of GLOBAL_OPTIONS) {
    for (let i = 0; i < argv.length; ) {
      const word = argv[i]!;
      const plain = word.startsWith('--') ? word.slice(1) : word;
      if (!(option.names as readonly string[]).includes(plain)) {
        i++;
        continue;
      }
      argv.splice(i, 1);
      if (!option.value) {
        session.options[option.key] = true;
        continue;
      }
      const value = argv.splice(i, 1)[0];
      if (value === undefined) {
        return stopWith(session, 'parameter', `Missing mandatory argument to option ${option.names[0]}`);
      }
      if (option.key === 'file') session.notModelled = 'ipset -file';
      else if (value === 'plain' || value === 'save' || value === 'xml') session.mode = value;
      else {
        syntaxError(session, `unknown output mode '${value}'`);
        return stopWithReport(session);
      }
    }
  }
  return null;
}

function readArguments(
  session: Session,
  command: CommandName,
  first: string | undefined,
  second: string,
  rest: string[],
): Ready | Stop {
  const { data } = session;
  switch (command) {
    case 'version':
      session.stdout += 'ipset v7.17, protocol version: 7\n';
      return done();
    case 'quit':
      return done();
    case 'help':
      return help(session, first);
    case 'create': {
      const type = readName(session, first!) ? readType(session, second) : null;
      if (!type) return stopWithReport(session);
      const stopped =
        readOptions(session, type, 'create', rest, true) ?? readOptions(session, type, 'create', rest, false);
      return stopped ?? checkMandatory(session, type, 'create') ?? checkAllowed(session, type, 'create') ?? { command };
    }
    case 'add':
    case 'del':
    case 'test': {
      const type = readName(session, first!) ? knownType(session) : null;
      if (!type || !readElement(session, second)) return stopWithReport(session);
      const stopped = readOptions(session, type, command, rest, false);
      return stopped ?? checkMandatory(session, type, command) ?? checkAllowed(session, type, command) ?? { command };
    }
    case 'rename':
    case 'swap': {
      const to = readName(session, first!) ? readSetname(session, second) : null;
      if (to === null) return stopWithReport(session);
      data.setname2 = to;
      break;
    }
    case 'restore':
    case 'destroy':
    case 'list':
    case 'save':
    case 'flush':
      if (first !== undefined && !readName(session, first)) return stopWithReport(session);
      break;
    default:
      assertNever(command);
  }
  if (rest.length > 0) return stopWith(session, 'parameter', `Unknown argument ${rest[0]}`);
  return { command };
}

function readName(session: Session, text: string): boolean {
  const name = readSetname(session, text);
  if (name === null) return false;
  session.data.setname = name;
  session.data.given.add('setname');
  return true;
}

function help(session: Session, name: string | undefined): Stop {
  const type = name === undefined ? undefined : findType(name);
  session.stdout += helpText();
  if (name !== undefined && !type) return stopWith(session, 'parameter', `Unknown settype: \`${name}'`);
  if (type) session.stdout += typeHelpText(type);
  return done();
}

/** libipset: ipset_parse_typename(), create_type_get() */
function readType(session: Session, text: string): SetType | null {
  const type = text.length > 31 ? undefined : findType(text);
  if (!type) {
    const what = text.length > 31 ? 'is longer than 31 characters' : 'is unknown';
    syntaxError(session, `typename '${text}' ${what}`);
    return null;
  }
  session.data.type = type;
  if (type.family !== 'none') {
    session.data.family = 'inet';
    session.data.familyByDefault = type.family === 'both';
    session.data.given.add('family');
  }
  return type;
}

/** The type of the set that is named. libipset: adt_type_get() */
function knownType(session: Session): SetType | null {
  const { data } = session;
  const set = session.sets.find(data.setname);
  if (!set) {
    report(session, ERROR, errorText('ENOENT', 'add', null));
    return null;
  }
  data.type = typeOf(set.type);
  data.family = set.family === 4 ? 'inet' : set.family === 6 ? 'inet6' : 'unspec';
  data.given.add('family');
  return data.type;
}

/** Reads options; of create first the family, as others depend on it. libipset: call_parser() */
function readOptions(
  session: Session,
  type: SetType,
  command: OptionCommand,
  words: readonly string[],
  familyOnly: boolean,
): Stop | null {
  const options = optionsOf(type, command);
  for (let i = 0; i < words.length; ) {
    const word = words[i]!;
    const plain = word.startsWith('--') ? word.slice(2) : word;
    const option = options.find((o) => o.name === plain);
    if (!option) return stopWith(session, 'parameter', `Unknown argument: \`${word}'`);
    i++;
    let text = word;
    if (option.value) {
      if (i >= words.length) {
        return stopWith(session, 'parameter', `Missing mandatory argument of option \`${option.name}'`);
      }
      text = words[i++]!;
    }
    if (familyOnly !== (option.opt === 'family')) continue;
    const again = session.data.given.has(option.opt) && !(option.opt === 'family' && session.data.familyByDefault);
    if (again) syntaxError(session, `${option.name} already specified`);
    if (again || !option.read(session, text)) return stopWithReport(session);
  }
  return null;
}

/** Does what was read, at once. Of restore and of batches another is in charge. libipset: ipset_cmd() */
export function runCommand(session: Session, command: CommandName): Stop | null {
  const { sets, data } = session;
  const exist = session.options.exist;
  const name = data.given.has('setname') ? data.setname : null;
  switch (command) {
    case 'create': {
      const error = sets.create(data.setname, data.type!.name, familyOf(session), createAttrs(session), exist);
      return finish(session, 'create', error);
    }
    case 'add':
    case 'del':
      if (name === null) return missingName(session, command);
      return finish(session, command, sets.change(command, name, data.elem, exist));
    case 'test':
      return name === null ? missingName(session, command) : test(session);
    case 'destroy':
      return finish(session, 'destroy', sets.destroy(name, exist));
    case 'flush':
      return finish(session, 'flush', sets.flush(name));
    case 'rename':
    case 'swap':
      return finish(session, command, sets[command](data.setname, data.setname2));
    case 'list':
    case 'save':
      if (name !== null && !sets.find(name)) return finish(session, 'list', 'ENOENT');
      session.stdout += listSets(session, command, name);
      session.data = emptyData();
      return null;
    default:
      return null;
  }
}

/** After an element that was not understood the tool has forgotten what it is about. */
export function missingName(session: Session, command: string): Stop {
  report(session, ERROR, `Invalid ${command} command: missing setname`);
  return stopWithReport(session);
}

function test(session: Session): Stop | null {
  const { sets, data } = session;
  const found = sets.contains(data.setname, data.elem);
  if (session.options.quiet) {
    session.data = emptyData();
    return found ? null : { exit: 1, line: 0, message: '' };
  }
  const text = dataText(data.type!, data.elem, familyOf(session));
  report(session, found ? WARNING : NOTICE, `${text} is ${found ? '' : 'NOT '}in set ${data.setname}.`);
  return stopWithReport(session);
}

function finish(session: Session, action: Action, error: SetError | null): Stop | null {
  if (error === null) {
    session.changed = true;
    session.data = emptyData();
    return session.level > 0 ? stopWithReport(session) : null;
  }
  report(session, ERROR, errorText(error, action, session.data.type?.name ?? null));
  return stopWithReport(session);
}

function familyOf(session: Session): SetFamily {
  const { family } = session.data;
  return family === 'inet' ? 4 : family === 'inet6' ? 6 : 0;
}

function createAttrs(session: Session): CreateAttrs {
  const { elem, create } = session.data;
  return { ...pick(elem, ['ip', 'ipTo', 'cidr', 'port', 'portTo']), ...create };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((k) => from[k] !== undefined).map((k) => [k, from[k]])) as Pick<T, K>;
}
