import type { Host } from '../host';
import type { TraceEvent } from '../model';
import { conntrackEvents } from './commands/conntrack-events';
import { listening } from './listening';
import { tcpdump } from './tcpdump';

/** A piece of a run, for a command that listens. */
export interface LiveStory {
  readonly line: string;
  /** The host as it was when the command began. */
  readonly host: Host;
  /** Events since then, of all hosts. */
  readonly events: readonly TraceEvent[];
  /** Bytes of the packet of an event. */
  readonly frame: (event: TraceEvent) => Uint8Array | null;
  /** Wall-clock time (ms since 1970) at which the lab's clock stood at 0. */
  readonly epoch: number;
  /** The person has ended it: it says how it ends. */
  readonly stopped: boolean;
}

export interface LiveOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** True if it has ended: by itself (`-c`), or because its options are wrong. */
  readonly ended: boolean;
}

/** What a command that listens (`tcpdump`, `conntrack -E`) prints of a piece of a run; null if it is no such command. */
export function live(story: LiveStory): LiveOutput | null {
  const found = listening(story.line);
  if (found === null || found.piped) return null;
  const said = found.name === 'tcpdump' ? tcpdump(story, found.args) : conntrackEvents(story, found.args);
  const { stderr, stdout } = found.quiet;
  return { stdout: stdout ? '' : said.stdout, stderr: stderr ? '' : said.stderr, ended: said.ended };
}
