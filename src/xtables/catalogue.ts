import { matches } from './matches';
import { hostMask } from './read/host-kinds';
import { protocolName } from './read/names';
import { protocol } from './read/port-kinds';
import { type ExtensionBase, flag, type Kind, type OptionSpec, option } from './record';
import { targets } from './targets';
import type { Catalogue, ExtensionInfo, OptionInfo } from './types';

/** The catalogue of all extensions. */
export function catalogue(): Catalogue {
  return { matches: matches.map(infoOf), targets: targets.map(infoOf), rule: RULE, verdicts: VERDICTS };
}

/** The command reader reads these itself: here they are only named. */
const named = (name: string, from?: Kind<unknown>): Kind<string> => ({
  name,
  ...(from?.values === undefined ? {} : { values: from.values }),
  read: (text) => text,
});

const own = { support: 'full', families: ['ip', 'ip6'], tables: null, hooks: null, protocols: null } as const;

const RULE: ExtensionInfo = {
  ...own,
  name: '',
  title: 'Every rule',
  help: 'What iptables itself looks at, without a match.',
  options: optionsOf({
    source: option(named('networks', hostMask), 'Source: an address or network, or several', { negatable: true }),
    destination: option(named('networks', hostMask), 'Destination: an address or network, or several', {
      negatable: true,
    }),
    'in-interface': option(named('interface'), 'Came in by this interface; `eth+` for all that begin so', {
      negatable: true,
    }),
    'out-interface': option(named('interface'), 'Goes out by this interface; `eth+` for all that begin so', {
      negatable: true,
    }),
    protocol: option(named('protocol', protocol), 'Protocol by name or number', { negatable: true }),
    fragments: flag('Second and further fragments, which have no ports', { negatable: true }),
  }),
};

const verdict = (name: string, title: string, help: string): ExtensionInfo => ({
  ...own,
  name,
  title,
  help,
  tables: name === 'DROP' ? ['filter', 'mangle', 'raw', 'security'] : null,
  options: [],
});

const VERDICTS: readonly ExtensionInfo[] = [
  verdict('ACCEPT', 'Let through', 'The packet passes this table; later tables still see it.'),
  verdict('DROP', 'Drop', 'The packet ends here, and the sender is not told.'),
  verdict('RETURN', 'Return', 'Back to the rule after the jump; in a built-in chain the policy decides.'),
  verdict('QUEUE', 'Queue', 'Hands the packet to a program; it is dropped if none listens.'),
];

function infoOf(record: ExtensionBase): ExtensionInfo {
  return {
    name: record.name,
    title: record.title,
    help: record.help,
    support: record.support,
    families: record.families,
    tables: record.tables,
    hooks: record.hooks,
    protocols: record.protocols?.map((number) => protocolName(number) ?? `${number}`) ?? null,
    options: optionsOf(record.options),
  };
}

function optionsOf(options: Readonly<Record<string, OptionSpec>>): readonly OptionInfo[] {
  return Object.entries(options).map(
    ([name, spec]): OptionInfo => ({
      flag: name,
      aliases: spec.aliases,
      kind: spec.kind?.name ?? 'none',
      values: spec.kind?.values ?? [],
      negatable: spec.negatable,
      required: spec.required,
      optional: spec.kind?.optional ?? false,
      twoValues: spec.kind?.second !== undefined,
      repeatable: spec.repeatable,
      excludes: spec.excludes.filter((other) => other !== name),
      needs: spec.needs,
      help: spec.help,
    }),
  );
}
