import { headerOptions, memberTexts, optionsText } from './list-text';
import type { IpSets } from './sets';

/** A set as the page shows it. */
export interface SetView {
  readonly name: string;
  readonly type: string;
  /** What `ipset save` says behind the type. */
  readonly header: string;
  readonly members: readonly SetMemberView[];
}

export interface SetMemberView {
  /** As `ipset save` prints it, without timeout and counters. */
  readonly text: string;
  /** Seconds that are left; 0: for ever; null: the set has no timeouts. */
  readonly timeout: number | null;
  readonly packets: number | null;
  readonly bytes: number | null;
}

const LEFT_OUT: ReadonlySet<string> = new Set(['timeout', 'packets', 'bytes']);

export function setViews(sets: IpSets): readonly SetView[] {
  const tick = sets.tick();
  return sets.all().map((set) => ({
    name: set.name,
    type: set.type,
    header: optionsText(headerOptions(set)).trimStart(),
    members: memberTexts(set, tick).map((m) => ({
      text: m.element + optionsText(m.options.filter(([name]) => !LEFT_OUT.has(name))),
      timeout: m.timeout,
      packets: set.counters ? Number(m.ext.packets) : null,
      bytes: set.counters ? Number(m.ext.bytes) : null,
    })),
  }));
}

/** Members by set as a recording has them: without timeouts and counters, sorted. */
export function recordedSets(sets: IpSets): Record<string, readonly string[]> {
  return Object.fromEntries(setViews(sets).map((s) => [s.name, s.members.map((m) => m.text).sort()]));
}
