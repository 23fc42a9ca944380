import type { Host } from '../host';
import type { loadSets } from '../ipset';
import type { configureOwn } from '../own';
import type { ShellResult, Talk } from '../shell';
import type { Extensions } from '../xtables';

/**
 * The large parts of the engine that a run needs only now and then. In Node all are there (`wholeToolbox`); in a page's
 * worker they load when one is wanted, and asking too early throws `PartMissing`.
 */
export interface Toolbox {
  readonly extensions: () => Extensions;
  /** Does running this line ask anything of the network? */
  readonly talks: (line: string) => boolean;
  readonly exec: (host: Host, line: string) => Talk<ShellResult>;
  /** Reads `ipset save` text into a host's sets. */
  readonly loadSets: (host: Host, text: string) => ReturnType<typeof loadSets>;
  /** Hook functions of one's own, and queue programs. */
  readonly configureOwn: typeof configureOwn;
}
