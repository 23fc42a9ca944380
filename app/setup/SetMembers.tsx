import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../src/engine';
import { Button, cx, IconButton, VirtualRows } from '../ui';
import { TextBox } from './fields';
import {
  addMember,
  exampleOf,
  memberOptions,
  optionsOf,
  removeMember,
  type SetBlock,
  type SetMember,
  setElement,
  setMemberOption,
} from './sets';
import { writeSets } from './setsEdit';
import { keep } from './typed';
import { quoted } from './words';

/** Members of a set. Of a long list, only what is in view is in the page. */
export function Members({
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
          data-scrolls=""
          className="relative mt-2 max-h-[352px] overflow-y-auto border-line border-t"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls can be scrolled by keyboard
          tabIndex={0}
          aria-label={`${shown.length} members`}
          data-testid={`members-${set.name}`}
        >
          <VirtualRows rows={shown} keyOf={(m) => m.line} size={44} overscan={8} className="border-line border-b py-1">
            {(member) => (
              <MemberRow
                host={host}
                text={text}
                set={set}
                member={member}
                faults={byLine.get(member.line) ?? []}
                {...extras}
              />
            )}
          </VirtualRows>
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
    commit: keep((v) => writeSets(host, setMemberOption(text, member, key, v), `${member.line}/${key}`)),
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
          problem={faults[0]?.message}
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
  const put = (key: keyof typeof draft) => keep((v) => setDraft((d) => ({ ...d, [key]: v })));
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
