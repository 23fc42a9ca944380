import { matches } from './matches';
import { protocolName } from './read/names';
import type { ExtensionBase } from './record';
import { targets } from './targets';
import type { ExtensionInfo, OptionInfo } from './types';

/** What form, completion and help need of every extension: plain data made from the records. */
export function catalogue(): {
  readonly matches: readonly ExtensionInfo[];
  readonly targets: readonly ExtensionInfo[];
} {
  return { matches: matches.map(infoOf), targets: targets.map(infoOf) };
}

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
    options: Object.entries(record.options).map(
      ([flag, spec]): OptionInfo => ({
        flag,
        aliases: spec.aliases,
        kind: spec.kind?.name ?? 'none',
        values: spec.kind?.values ?? [],
        negatable: spec.negatable,
        required: spec.required,
        help: spec.help,
      }),
    ),
  };
}
