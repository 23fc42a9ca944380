import { useMemo, useState } from 'react';
import type { SetMember, SetView } from '../../src/engine';
import type { EventOf } from '../../src/model';
import { stores, useAnswer, useBeat, useHostState, useMoment, usePlay, useRun } from '../store';
import { Badge, counted, cx, Empty, Glyph, thin, VirtualRows } from '../ui';
import { Ring } from './Ring';
import { Scroll } from './Scroll';
import { costOf, defaultTimeout, notesOf } from './sets';
import { eventsBack } from './subject';

/** Sets of more members are put into the page only as far as they are in view. */
const SHOWN_WHOLE = 60;

/** The sets of a host: their members, and what this packet's rules asked of them. */
export function SetsPanel({ host }: { readonly host: string }) {
  const sets = useHostState(host)?.ipset ?? [];
  const asked = useLookups(host);
  if (sets.length === 0) return <Empty text={`${host} has no sets.`} />;
  // Those that were asked come first, the latest at the top.
  const order = [...new Set([...asked.map((t) => t.event.set), ...sets.map((s) => s.name)])];
  const shown = order.flatMap((name) => sets.filter((s) => s.name === name));
  return (
    <Scroll label="Sets" className="flex-1 px-[14px] pt-[14px] pb-4">
      {shown.map((set) => (
        <SetSection
          key={set.name}
          host={host}
          set={set}
          sets={sets}
          asked={asked.filter((t) => t.event.set === set.name)}
        />
      ))}
    </Scroll>
  );
}

interface Lookup {
  readonly event: EventOf<'set'>;
  /** True if it belongs to the event on show. */
  readonly now: boolean;
}

/** What was asked of the host's sets for the packet on show, the latest first: of each set and kind once. */
function useLookups(host: string): readonly Lookup[] {
  const events = useRun((s) => s.result?.events);
  const cursor = usePlay((s) => s.cursor);
  const beat = useBeat();
  return useMemo(() => {
    if (events === undefined || beat === undefined) return [];
    const found: Lookup[] = [];
    for (const event of eventsBack(events, cursor, beat.userStep)) {
      if (event.type !== 'set' || event.host !== host || event.packet !== beat.packet) continue;
      if (found.some((t) => t.event.set === event.set && t.event.what === event.what)) continue;
      found.push({ event, now: event.id >= beat.first });
    }
    return found;
  }, [events, cursor, beat, host]);
}

function SetSection({
  host,
  set,
  sets,
  asked,
}: {
  readonly host: string;
  readonly set: SetView;
  readonly sets: readonly SetView[];
  readonly asked: readonly Lookup[];
}) {
  const members = useMembers(host, set);
  const tested = asked.find((t) => t.event.what === 'test') ?? asked[0];
  return (
    <section className="border-line border-b pb-4 not-first:pt-4" data-testid={`set-${set.name}`} aria-label={set.name}>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mono text-[15px] wrap-anywhere">{set.name}</h2>
        <Badge>{set.type}</Badge>
        <span className="num text-[13px] text-t2">{counted(set.size, 'member')}</span>
      </div>
      <p className="mono mt-1 text-[12px] text-t3 wrap-anywhere">{set.header}</p>
      {asked.map(({ event, now }) => (
        <Asked key={event.id} event={event} now={now} set={set} sets={sets} />
      ))}
      {members.length > SHOWN_WHOLE ? (
        <LongList members={members} set={set} sets={sets} tested={tested?.event} />
      ) : (
        <ul className="m-0 mt-2 list-none p-0">
          {members.map((member) => (
            <li key={member.text}>
              <Member member={member} set={set} sets={sets} tested={tested?.event} />
            </li>
          ))}
        </ul>
      )}
      {set.size === 0 && <p className="pt-2 text-[13px] text-t2">Empty: nothing is in it.</p>}
    </section>
  );
}

const NO_MEMBERS: readonly SetMember[] = [];

/** The members of a set; of a long one the engine is asked. */
function useMembers(host: string, set: SetView): readonly SetMember[] {
  const event = useMoment((s) => s.world?.event ?? -1);
  const long = set.members.length < set.size;
  const answer = useAnswer(
    `${event}/${host}/${set.name}`,
    long ? () => stores.moment.members(event, host, set.name) : null,
  );
  return long ? (answer?.value ?? NO_MEMBERS) : set.members;
}

/** What was asked, the answer, and what it cost. */
function Asked({
  event,
  now,
  set,
  sets,
}: {
  readonly event: EventOf<'set'>;
  readonly now: boolean;
  readonly set: SetView;
  readonly sets: readonly SetView[];
}) {
  const { element, matched, what } = event;
  const met = set.members.find((m) => m.element === element);
  const excluded = what === 'test' && !matched && met !== undefined && notesOf(met).nomatch;
  return (
    <div
      className={cx('mt-2 rounded-card p-[10px] text-[13px]', matched ? 'bg-ok-w' : 'bg-raised')}
      data-testid={`lookup-${set.name}`}
      data-state={`${what}-${matched ? 'yes' : 'no'}${now ? '' : '-before'}`}
    >
      <p className="flex items-start gap-2">
        <Glyph name={matched ? 'ok' : 'bad'} className={cx('mt-[2px]', matched ? 'text-ok' : 'text-t3')} />
        <span className="min-w-0">
          <span className="mono font-semibold wrap-anywhere">{element === '' ? 'The packet' : element}</span>{' '}
          {sentence(event, excluded, set.type === 'list:set')}
          {!now && <span className="text-t3"> Earlier, for this packet.</span>}
        </span>
      </p>
      {what === 'test' && <Cost event={event} sets={sets} />}
    </div>
  );
}

function sentence({ what, matched, element }: EventOf<'set'>, excluded: boolean, list: boolean): string {
  if (what === 'add') return matched ? 'was added.' : 'could not be added.';
  if (what === 'del') return matched ? 'was taken out.' : 'was not in the set, so nothing was taken out.';
  if (excluded) return 'is the longest that fits, and says nomatch: the packet does not count as in the set.';
  if (list && matched) return 'is the set of the list that has it.';
  if (element === '')
    return matched ? 'is in the set.' : list ? 'is in none of the sets.' : 'has nothing that this set could hold.';
  return matched ? 'is in the set.' : 'is not in the set.';
}

/** Steps of the set beside those of the rules that it stands for. */
function Cost({ event, sets }: { readonly event: EventOf<'set'>; readonly sets: readonly SetView[] }) {
  const { probes, how, tried, rules } = costOf(event, sets);
  const most = Math.max(probes, rules, 1);
  const bar = (value: number, colour: string) => (
    <span className="col-span-2 h-[7px] overflow-hidden rounded-full bg-well">
      <span
        className="block h-full rounded-full"
        style={{ width: `${(value / most) * 100}%`, minWidth: value > 0 ? 4 : 0, background: colour }}
      />
    </span>
  );
  return (
    <div className="mt-2 grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-[3px]" data-testid="set-cost">
      <span className="text-t2">This set</span>
      <b className="num font-[650]">{counted(probes, 'probe')}</b>
      {bar(probes, 'var(--filter)')}
      <span className="col-span-2 pb-1 text-[12.5px] text-t2">{how}</span>
      <span className="text-t2">A rule for each member</span>
      <b className="num font-[650]">{tried === null ? `up to ${counted(rules, 'rule')}` : counted(tried, 'rule')}</b>
      {bar(tried ?? rules, 'var(--line-2)')}
      <span className="col-span-2 text-[12.5px] text-t2">
        {tried === null
          ? `of ${thin(rules)}, as far as the one that matches`
          : tried < rules
            ? `of ${thin(rules)}, as far as the one that matches`
            : rules === 1
              ? 'there is only one'
              : 'all of them, one by one'}
        . Steps are counted, not time.
      </span>
    </div>
  );
}

function Member({
  member,
  set,
  sets,
  tested,
}: {
  readonly member: SetMember;
  readonly set: SetView;
  readonly sets: readonly SetView[];
  readonly tested: EventOf<'set'> | undefined;
}) {
  const { nomatch, comment, rest } = notesOf(member);
  const hit = tested !== undefined && tested.element === member.element;
  const yes = hit && tested.matched;
  const inner = set.type === 'list:set' ? sets.find((s) => s.name === member.element) : undefined;
  const whole = defaultTimeout(set.header);
  return (
    <div
      className={cx(
        'mono flex flex-wrap items-center gap-x-3 gap-y-[2px] rounded-[6px] px-[6px] py-[3px] text-[12.5px]',
        yes && 'bg-ok-w',
        hit && !yes && 'bg-raised',
      )}
      data-testid="set-member"
      data-state={hit ? (yes ? 'matched' : 'failed') : 'idle'}
    >
      <span className="flex min-w-[120px] flex-1 items-center gap-[6px]">
        {hit && (
          <>
            <Glyph name={yes ? 'ok' : 'bad'} size={14} className={yes ? 'text-ok' : 'text-bad'} />
            <span className="sr-only">{yes ? 'tested: matches' : 'tested: does not match'}</span>
          </>
        )}
        <span className={cx('min-w-0 wrap-anywhere', hit && 'font-semibold')}>{member.element}</span>
      </span>
      {nomatch && <Badge hue="rej">nomatch</Badge>}
      {inner !== undefined && (
        <span className="font-sans text-t3">
          {inner.type}, {thin(inner.size)}
        </span>
      )}
      {rest !== '' && <span className="text-t2">{rest}</span>}
      {member.packets !== null && (
        <span className="num whitespace-nowrap text-t3">
          {counted(member.packets, 'pkt')} · {thin(member.bytes ?? 0)} B
        </span>
      )}
      {member.timeout !== null && (
        <span className="num flex items-center gap-[6px] whitespace-nowrap text-t2">
          {member.timeout > 0 && whole > 0 && <Ring share={Math.min(1, member.timeout / whole)} size={13} />}
          {member.timeout === 0 ? 'for ever' : `${thin(member.timeout)} s`}
        </span>
      )}
      {comment !== '' && <span className="w-full font-sans text-t3 wrap-anywhere">{comment}</span>}
    </div>
  );
}

/** A long set in a box of its own, of which only what is in view is in the page; a word finds members. */
function LongList({
  members,
  set,
  sets,
  tested,
}: {
  readonly members: readonly SetMember[];
  readonly set: SetView;
  readonly sets: readonly SetView[];
  readonly tested: EventOf<'set'> | undefined;
}) {
  const [text, setText] = useState('');
  const rows = useMemo(
    () => (text === '' ? members : members.filter((m) => m.text.toLowerCase().includes(text.trim().toLowerCase()))),
    [members, text],
  );
  const at = tested === undefined ? -1 : rows.findIndex((m) => m.element === tested.element);
  return (
    <>
      <input
        type="search"
        value={text}
        onChange={(e) => setText(e.target.value)}
        placeholder="Find a member"
        aria-label={`Find a member of ${set.name}`}
        className="mt-2 h-8 w-full rounded-control border border-line-2 bg-card px-[10px] text-[13px] placeholder:text-t3 pointer-coarse:h-11"
      />
      <section
        data-scrolls=""
        aria-label={`Members of ${set.name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: or its content is out of reach for the keyboard
        tabIndex={0}
        className="relative mt-2 h-[300px] overflow-y-auto rounded-card border border-line -outline-offset-2"
        data-testid={`members-${set.name}`}
      >
        {rows.length === 0 && <p className="p-3 text-[13px] text-t2">No member contains “{text}”.</p>}
        <VirtualRows rows={rows} keyOf={(m) => m.text} size={26} overscan={10} at={at}>
          {(member) => <Member member={member} set={set} sets={sets} tested={tested} />}
        </VirtualRows>
      </section>
    </>
  );
}
