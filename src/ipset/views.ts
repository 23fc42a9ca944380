import { headerOptions, memberTexts, optionsText } from './list-text';
import type { IpSets } from './sets';
import type { IpSet } from './types';

/** A set as the page shows it. */
export interface SetView {
  readonly name: string;
  readonly type: string;
  /** What `ipset save` says behind the type. */
  readonly header: string;
  readonly size: number;
  /** Empty if there are more than was asked for. */
  readonly members: readonly SetMember[];
}

export interface SetMember {
  /** As `ipset save` prints it, without timeout and counters. */
  readonly text: string;
  /** Of `text`, the element alone. */
  readonly element: string;
  /** Seconds that are left; 0: for ever; null: the set has no timeouts. */
  readonly timeout: number | null;
  readonly packets: number | null;
  readonly bytes: number | null;
}

const LEFT_OUT: ReadonlySet<string> = new Set(['timeout', 'packets', 'bytes']);

/** All sets, each with its members if there are no more than `most`. */
export function setViews(sets: IpSets, most = Number.POSITIVE_INFINITY): readonly SetView[] {
  return sets.all().map((set) => {
    const size = sets.count(set);
    return {
      name: set.name,
      type: set.type,
      header: optionsText(headerOptions(set)).trimStart(),
      size,
      members: size > most ? [] : membersOf(set, sets.tick()),
    };
  });
}

/** All members of the set of this name; none if there is no such set. */
export function setMembers(sets: IpSets, name: string): readonly SetMember[] {
  const set = sets.find(name);
  return set === undefined ? [] : membersOf(set, sets.tick());
}

function membersOf(set: IpSet, tick: number): readonly SetMember[] {
  return memberTexts(set, tick).map((m) => ({
    text: m.element + optionsText(m.options.filter(([name]) => !LEFT_OUT.has(name))),
    element: m.element,
    timeout: m.timeout,
    packets: set.counters ? Number(m.ext.packets) : null,
    bytes: set.counters ? Number(m.ext.bytes) : null,
  }));
}
