import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { type Diagnostic, SET_TYPES } from '../../src/engine';
import { stores, useLab } from '../store';
import { Button, cx, Empty, IconButton, thin } from '../ui';
import { Fields, FormHead, Problem, Row, Switch, TextBox } from './fields';
import { useByLine } from './hooks';
import { NewSet } from './NewSet';
import type { Picked } from './picked';
import {
  addMember,
  exampleOf,
  memberOptions,
  optionsOf,
  readSets,
  removeMember,
  removeSet,
  renameSet,
  renameSetInRules,
  rulesWithSet,
  type SetBlock,
  type SetMember,
  setElement,
  setMemberOption,
  setSetOption,
  TYPE_WORDS,
} from './sets';
import { linesOf, quoted } from './words';

/** The sets of a host: each with its type, its options and its members. */
export function SetsForm({ host, picked }: { readonly host: string; readonly picked: Picked }) {
  const text = useLab((s) => s.lab.hosts[host]?.ipset ?? '');
  const sets = useMemo(() => readSets(text), [text]);
  const byLine = useByLine(host, 'ipset');
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<string | null>(() => sets[0]?.name ?? null);
  // A line that is chosen in the text opens its set.
  const { line } = picked;
  useEffect(() => {
    if (line === null) return;
    const found = readSets(stores.lab.getState().lab.hosts[host]?.ipset ?? '').find(
      (s) => s.line === line || s.members.some((m) => m.line === line),
    );
    if (found !== undefined) setOpen(found.name);
  }, [line, host]);
  const loose = [...byLine].filter(([n]) => !sets.some((s) => s.line === n || s.members.some((m) => m.line === n)));
  return (
    <>
      <FormHead
        title="Sets"
        lead="Addresses, networks and ports under one name. A rule asks for all of them at once, with -m set."
      >
        <Button icon="plus" data-testid="add-set" onClick={() => setAdding(true)}>
          Add a set
        </Button>
      </FormHead>
      {adding && (
        <NewSet
          host={host}
          text={text}
          onDone={(name) => {
            setAdding(false);
            if (name !== null) setOpen(name);
          }}
        />
      )}
      <div className="flex flex-col gap-2">
        {sets.map((set) => (
          <SetCard
            key={`${set.line}/${set.name}`}
            host={host}
            text={text}
            set={set}
            open={open === set.name}
            byLine={byLine}
            onToggle={() => {
              setOpen(open === set.name ? null : set.name);
              picked.set(open === set.name ? null : set.line);
            }}
            onName={setOpen}
          />
        ))}
        {loose.map(([n, faults]) => (
          <div key={n} className="rounded-card border border-bad bg-card px-[14px] py-2">
            <p className="mono mb-1 truncate text-[12.5px]">{linesOf(text)[n - 1]}</p>
            <Problem text={faults[0]?.message ?? ''} />
          </div>
        ))}
        {sets.length === 0 && !adding && (
          <Empty text="No sets. A set saves a rule for each address, and its members can come and go while rules stay." />
        )}
      </div>
    </>
  );
}

/** Puts a text of sets into the lab. */
export function writeSets(host: string, text: string, group = ''): void {
  stores.lab
    .getState()
    .editHost(
      host,
      (h) => ((h.ipset ?? '') === text ? h : { ...h, ipset: text }),
      group === '' ? '' : `${host}/ipset/${group}`,
    );
}

function SetCard({
  host,
  text,
  set,
  open,
  byLine,
  onToggle,
  onName,
}: {
  readonly host: string;
  readonly text: string;
  readonly set: SetBlock;
  readonly open: boolean;
  readonly byLine: ReadonlyMap<number, readonly Diagnostic[]>;
  readonly onToggle: () => void;
  readonly onName: (name: string) => void;
}) {
  const faults = byLine.get(set.line) ?? [];
  const wrongMembers = set.members.filter((m) => byLine.has(m.line)).length;
  const options = optionsOf(set.text);
  const spec = useLab((s) => s.lab.hosts[host]);
  const used = rulesWithSet(spec?.iptables ?? '', set.name) + rulesWithSet(spec?.ip6tables ?? '', set.name);
  const count = `${thin(set.members.length)} ${set.members.length === 1 ? 'member' : 'members'}`;
  return (
    <Row
      open={open}
      onToggle={onToggle}
      wrong={faults.length > 0 || wrongMembers > 0}
      testid={`set-${set.name}`}
      label={`Set ${set.name}, ${set.type}, ${count}`}
      face={
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
          <b className="mono font-[650] text-[15px]">{set.name}</b>
          <span className="mono text-[12.5px] text-t2">{set.type}</span>
          <span className="text-[13px] text-t2">{TYPE_WORDS[set.type] ?? 'no type that ipset has'}</span>
        </span>
      }
      aside={
        <>
          <span className={cx('whitespace-nowrap text-[13px]', wrongMembers > 0 ? 'text-bad' : 'text-t3')}>
            {wrongMembers > 0 ? `${wrongMembers} left out` : count}
          </span>
          <IconButton
            icon="trash"
            size={17}
            label={`Delete set ${set.name}${used > 0 ? `, which ${used} ${used === 1 ? 'rule names' : 'rules name'}` : ''}`}
            data-testid={`remove-set-${set.name}`}
            onClick={() => writeSets(host, removeSet(text, set))}
          />
        </>
      }
    >
      {faults.map((fault) => (
        <div key={fault.message} className="px-[14px] pb-2">
          <Problem text={fault.message} />
        </div>
      ))}
      {open && (
        <div className="border-line border-t px-[14px] py-3">
          <Fields>
            <TextBox
              label="Name"
              value={set.name}
              late
              testid={`set-${set.name}-name`}
              {...(used > 0
                ? { help: `${used} ${used === 1 ? 'rule names' : 'rules name'} it, and will go on to.` }
                : {})}
              commit={(name) => rename(host, set.name, name, onName)}
            />
            {typeHas(set.type, 'timeout') && (
              <TextBox
                label="Timeout, in seconds"
                value={options.get('timeout')?.value ?? ''}
                placeholder="they stay"
                testid={`set-${set.name}-timeout`}
                commit={(v) => {
                  writeSets(host, setSetOption(text, set, 'timeout', v), `${set.line}/timeout`);
                  return null;
                }}
              />
            )}
          </Fields>
          <Members host={host} text={text} set={set} byLine={byLine} />
          <details className="mt-3">
            <summary
              className="min-h-7 cursor-pointer text-[13px] text-t2 hover:text-t1"
              data-testid={`set-${set.name}-options`}
            >
              Options
            </summary>
            <Fields className="mt-2">
              {['maxelem', 'netmask', 'range', 'size', 'markmask']
                .filter((key) => typeHas(set.type, key) && (key === 'maxelem' || key === 'size' || options.has(key)))
                .map((key) => (
                  <TextBox
                    key={key}
                    label={OPTION_WORDS[key] ?? key}
                    value={options.get(key)?.value ?? ''}
                    placeholder={key === 'maxelem' ? '65536' : key === 'size' ? '8' : ''}
                    testid={`set-${set.name}-${key}`}
                    commit={(v) => {
                      writeSets(host, setSetOption(text, set, key, v), `${set.line}/${key}`);
                      return null;
                    }}
                  />
                ))}
            </Fields>
            <div className="mt-2 flex flex-wrap gap-x-6">
              {(['counters', 'comment', 'forceadd', 'skbinfo'] as const)
                .filter((key) => typeHas(set.type, key))
                .map((key) => (
                  <Switch
                    key={key}
                    label={OPTION_WORDS[key] ?? key}
                    on={options.has(key)}
                    testid={`set-${set.name}-${key}`}
                    onChange={(on) => writeSets(host, setSetOption(text, set, key, on ? 'yes' : ''))}
                  />
                ))}
            </div>
          </details>
        </div>
      )}
    </Row>
  );
}

const OPTION_WORDS: Readonly<Record<string, string>> = {
  maxelem: 'Members at most',
  netmask: 'Netmask of members',
  range: 'Range',
  size: 'Sets at most',
  markmask: 'Mask of marks',
  counters: 'Counts packets',
  comment: 'Members have comments',
  forceadd: 'Full: an old member makes room',
  skbinfo: 'Members carry marks',
};

export function typeHas(type: string, option: string): boolean {
  return (
    SET_TYPES.find((t) => t.name === type)?.create.some((o) => o === option || o.startsWith(`${option}:`)) ?? false
  );
}

function rename(host: string, from: string, to: string, onName: (name: string) => void): string | null {
  if (to === from) return null;
  if (!/^\S{1,31}$/.test(to)) return 'The name of a set has 1 to 31 characters, and no space.';
  const text = stores.lab.getState().lab.hosts[host]?.ipset ?? '';
  if (readSets(text).some((s) => s.name === to)) return `There is a set ${to} already.`;
  stores.lab.getState().editHost(host, (h) => ({
    ...h,
    ipset: renameSet(text, from, to),
    ...(h.iptables === undefined ? {} : { iptables: renameSetInRules(h.iptables, from, to) }),
    ...(h.ip6tables === undefined ? {} : { ip6tables: renameSetInRules(h.ip6tables, from, to) }),
  }));
  onName(to);
  return null;
}

/** Members of a set. Of a long list, only what is in view is in the page. */
function Members({
  host,
  text,
  set,
  byLine,
}: {
  readonly host: string;
  readonly text: string;
  readonly set: SetBlock;
  readonly byLine: ReadonlyMap<number, readonly Diagnostic[]>;
}) {
  const options = optionsOf(set.text);
  const family = options.get('family')?.value ?? 'inet';
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const shown = useMemo(
    () =>
      wanted === '' ? set.members : set.members.filter((m) => `${m.element} ${m.rest}`.toLowerCase().includes(wanted)),
    [set.members, wanted],
  );
  const holder = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => holder.current,
    estimateSize: () => 44,
    overscan: 8,
    getItemKey: (i) => shown[i]?.line ?? i,
  });
  const extras = { timeout: options.has('timeout'), comment: options.has('comment') };
  return (
    <section className="mt-4" aria-label={`Members of ${set.name}`}>
      <NewMember
        example={exampleOf(set.type, family)}
        {...extras}
        name={set.name}
        onAdd={(element, rest) => writeSets(host, addMember(text, set, element, rest))}
      />
      {set.members.length > 8 && (
        <input
          type="search"
          value={search}
          placeholder="Find a member"
          aria-label={`Find a member of ${set.name}`}
          data-testid={`find-member-${set.name}`}
          className="mt-3 h-[34px] w-full rounded-control border border-line-2 bg-panel px-[9px] text-[13.5px] placeholder:text-t3 pointer-coarse:h-11"
          onChange={(e) => setSearch(e.target.value)}
        />
      )}
      {shown.length > 0 && (
        <section
          ref={holder}
          className="mt-2 max-h-[352px] overflow-y-auto border-line border-t"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls can be scrolled by keyboard
          tabIndex={0}
          aria-label={`${shown.length} members`}
          data-testid={`members-${set.name}`}
        >
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((v) => {
              const member = shown[v.index];
              return member === undefined ? null : (
                <div
                  key={v.key}
                  ref={virtual.measureElement}
                  data-index={v.index}
                  className="absolute inset-x-0 top-0 border-line border-b py-1"
                  style={{ transform: `translateY(${v.start}px)` }}
                >
                  <MemberRow
                    host={host}
                    text={text}
                    set={set}
                    member={member}
                    faults={byLine.get(member.line) ?? []}
                    {...extras}
                  />
                </div>
              );
            })}
          </div>
        </section>
      )}
      {set.members.length === 0 && <p className="mt-3 text-t2">No members yet: nothing is in the set.</p>}
      {set.members.length > 0 && shown.length === 0 && <p className="mt-3 text-t2">No member contains “{search}”.</p>}
    </section>
  );
}

function MemberRow({
  host,
  text,
  set,
  member,
  faults,
  timeout,
  comment,
}: {
  readonly host: string;
  readonly text: string;
  readonly set: SetBlock;
  readonly member: SetMember;
  readonly faults: readonly Diagnostic[];
  readonly timeout: boolean;
  readonly comment: boolean;
}) {
  const options = memberOptions(`add x y ${member.rest}`);
  const extra = (key: string) => ({
    value: options.get(key)?.value ?? '',
    commit: (v: string): null => {
      writeSets(host, setMemberOption(text, member, key, v), `${member.line}/${key}`);
      return null;
    },
  });
  return (
    <div
      className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2"
      data-testid={`member-${set.name}-${member.element}`}
    >
      <div className={cx('grid min-w-0 gap-2', grid(timeout, comment || options.has('comment')))}>
        <TextBox
          label="Element"
          hideLabel
          value={member.element}
          testid={`element-${set.name}-${member.line}`}
          {...(faults[0] === undefined ? {} : { problem: faults[0].message })}
          commit={(v) => {
            if (/^\S+$/.test(v)) writeSets(host, setElement(text, member, v), `${member.line}/element`);
            return /^\S+$/.test(v) ? null : 'An element is one word.';
          }}
        />
        {timeout && (
          <TextBox
            label="Timeout"
            hideLabel
            placeholder="set’s own"
            testid={`timeout-${set.name}-${member.line}`}
            {...extra('timeout')}
          />
        )}
        {(comment || options.has('comment')) && (
          <TextBox
            label="Comment"
            hideLabel
            sans
            placeholder="comment"
            testid={`comment-${set.name}-${member.line}`}
            {...extra('comment')}
          />
        )}
      </div>
      <IconButton
        icon="close"
        size={16}
        label={`Remove ${member.element} from ${set.name}`}
        data-testid={`remove-member-${set.name}-${member.line}`}
        onClick={() => writeSets(host, removeMember(text, member))}
      />
    </div>
  );
}

const grid = (timeout: boolean, comment: boolean): string =>
  timeout && comment
    ? 'grid-cols-[minmax(0,2fr)_96px_minmax(0,1.5fr)] max-md:grid-cols-2'
    : timeout
      ? 'grid-cols-[minmax(0,1fr)_120px]'
      : comment
        ? 'grid-cols-2'
        : 'grid-cols-1';

/** One more member: stays open, as they come in numbers. */
function NewMember({
  name,
  example,
  timeout,
  comment,
  onAdd,
}: {
  readonly name: string;
  readonly example: string;
  readonly timeout: boolean;
  readonly comment: boolean;
  readonly onAdd: (element: string, rest: string) => void;
}) {
  const [draft, setDraft] = useState({ element: '', timeout: '', comment: '' });
  const form = useRef<HTMLFormElement>(null);
  const put =
    (key: keyof typeof draft) =>
    (v: string): null => {
      setDraft((d) => ({ ...d, [key]: v }));
      return null;
    };
  return (
    <form
      ref={form}
      className="flex flex-wrap items-end gap-2 rounded-card bg-well p-3"
      aria-label={`New member of ${name}`}
      onSubmit={(e) => {
        e.preventDefault();
        if (!/^\S+$/.test(draft.element)) return;
        const rest = [
          draft.timeout === '' ? '' : `timeout ${draft.timeout}`,
          draft.comment === '' ? '' : `comment ${quoted(draft.comment)}`,
        ];
        onAdd(draft.element, rest.filter((r) => r !== '').join(' '));
        setDraft({ element: '', timeout: '', comment: '' });
        form.current?.querySelector('input')?.focus();
      }}
    >
      <TextBox
        className="min-w-[170px] flex-[2]"
        label="New member"
        value={draft.element}
        placeholder={example}
        testid={`new-member-${name}`}
        commit={put('element')}
      />
      {timeout && (
        <TextBox
          className="w-[96px]"
          label="Timeout"
          value={draft.timeout}
          placeholder="s"
          testid={`new-member-${name}-timeout`}
          commit={put('timeout')}
        />
      )}
      {comment && (
        <TextBox
          className="min-w-[130px] flex-1"
          sans
          label="Comment"
          value={draft.comment}
          testid={`new-member-${name}-comment`}
          commit={put('comment')}
        />
      )}
      <Button type="submit" icon="plus" disabled={!/^\S+$/.test(draft.element)} data-testid={`new-member-${name}-add`}>
        Add
      </Button>
    </form>
  );
}
