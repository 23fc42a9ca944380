import { SET_TYPES, type SetType } from '../catalogue';
import { OPTS, type Opt } from './data';
import { type OptionCommand, optionsOf } from './options';
import { type Session, type Stop, stopWith } from './session';

/** What must be said and was not. libipset: check_mandatory() */
export function checkMandatory(session: Session, type: SetType, command: OptionCommand): Stop | null {
  const { given } = session.data;
  if (command !== 'create') {
    // An element that could be read is whole, but for one that made the tool forget everything.
    if (given.has('setname') || optionsOf(type, command).length > 0) return null;
    const excuse = "There are missing mandatory flags but can't check them. It's a bug, please report the problem.";
    return stopWith(session, 'other', excuse);
  }
  const missing = (needed(type) as readonly Opt[]).filter(
    (opt) => !given.has(opt) && !(opt === 'ipTo' && given.has('cidr')),
  );
  const option = optionsOf(type, command).find((o) => missing.includes(o.opt));
  return option ? stopWith(session, 'parameter', `Mandatory option \`${option.name}' is missing`) : null;
}

function needed(type: SetType): readonly Opt[] {
  if (!type.name.startsWith('bitmap:')) return [];
  return type.name === 'bitmap:port' ? ['port', 'portTo'] : ['ip', 'ipTo'];
}

/** What was said and has no place here. libipset: check_allowed() */
export function checkAllowed(session: Session, type: SetType, command: OptionCommand): Stop | null {
  const { data } = session;
  const allowed = ALLOWED.get(type.name)![command];
  const wrong = CHECKED.find((opt) => data.given.has(opt) && !allowed.has(opt));
  if (wrong === undefined) return null;
  const where = `in command ${command} with set type ${type.name} and family ${data.family}`;
  const say = (message: string) => stopWith(session, 'other', message);
  if (wrong === 'cidr') return say(`IP/CIDR range is not allowed ${where}`);
  if (wrong === 'ipTo') return say(`FROM-TO IP range is not allowed ${where}`);
  if (wrong === 'portTo') return say(`FROM-TO port range is not allowed ${where}`);
  const why = optionsOf(type, command).length === 0 ? 'option list is empty' : "can't resolve them";
  const number = OPTS.indexOf(wrong);
  return say(`There are not allowed options (${number}) but ${why}. It's a bug, please report the problem.`);
}

/** In their order. */
const CHECKED: readonly Opt[] = ['ip', 'ipTo', 'cidr', 'port', 'portTo', 'ip2', 'cidr2', 'proto'];

/** Which parts of an element a command takes. */
function parts(type: SetType, command: OptionCommand): readonly Opt[] {
  if (command === 'create') return needed(type);
  const range = command !== 'test';
  const single = type.parts.includes('mac');
  let first = true;
  return type.parts.flatMap((part): readonly Opt[] => {
    const here = first;
    if (part !== 'port') first = false;
    switch (part) {
      case 'ip':
        if (!here) return ['ip2'];
        if (single) return ['ip'];
        return range || type.name === 'hash:ip' || type.name === 'hash:ip,mark' ? ['ip', 'ipTo'] : ['ip'];
      case 'net':
        if (!here) return range ? ['ip2', 'cidr2', 'ip2To'] : ['ip2', 'cidr2'];
        return range ? ['ip', 'cidr', 'ipTo'] : ['ip', 'cidr'];
      case 'port':
        return range ? ['proto', 'port', 'portTo'] : ['proto', 'port'];
      default:
        return [];
    }
  });
}

const ALLOWED: ReadonlyMap<string, Readonly<Record<OptionCommand, ReadonlySet<Opt>>>> = new Map(
  SET_TYPES.map((type) => {
    const allowed = (command: OptionCommand): ReadonlySet<Opt> => {
      const opts = new Set<Opt>([...parts(type, command), ...optionsOf(type, command).map((o) => o.opt)]);
      return opts.has('ipTo') ? opts.add('cidr') : opts;
    };
    return [type.name, { create: allowed('create'), add: allowed('add'), del: allowed('del'), test: allowed('test') }];
  }),
);
