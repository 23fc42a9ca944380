import { type EditorMember, SECTIONS, sectionOf } from '../setup';
import { hostIcon, stores, useLab, useRun } from '../store';
import { cx, Icon, IconButton } from '../ui';
import { useDrafts } from './drafts';
import { memberTitle } from './members';

/** What there is to edit of a host, and the way out. */
export function SectionBar({
  host,
  member,
  onMember,
}: {
  readonly host: string;
  readonly member: EditorMember;
  readonly onMember: (member: EditorMember) => void;
}) {
  const texts = useRun((s) => s.result?.texts);
  const drafts = useDrafts();
  const icon = useLab((s) => hostIcon(s.lab.hosts[host]));
  const section = sectionOf(member);
  const wrong = (members: readonly string[]): boolean =>
    drafts.some((d) => d.host === host && members.includes(d.member)) ||
    (texts ?? []).some(
      (t) =>
        t.host === host &&
        members.includes(t.member === 'addresses' ? 'interfaces' : t.member) &&
        t.diagnostics.some((d) => d.severity === 'error'),
    );
  return (
    <div className="flex h-[46px] flex-none items-center gap-2 border-line border-b bg-panel pr-2 pl-[22px] max-[900px]:pl-3 pointer-coarse:h-[54px]">
      <Icon name={icon} size={17} className="text-t3 max-md:hidden" />
      <h2 className="max-w-[200px] truncate pr-2 text-[15.5px] max-md:sr-only" title={host}>
        {host}
      </h2>
      <div
        className="flex min-w-0 flex-1 gap-1 overflow-x-auto p-1 [scrollbar-width:none]"
        role="tablist"
        aria-label={`What is edited of ${host}`}
        onKeyDown={(e) => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
          if (by === undefined) return;
          e.preventDefault();
          e.stopPropagation();
          const at = SECTIONS.indexOf(section);
          const next = SECTIONS[(at + by + SECTIONS.length) % SECTIONS.length];
          if (next?.members[0] === undefined) return;
          onMember(next.members[0]);
          const bar = e.currentTarget;
          requestAnimationFrame(() => bar.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
        }}
      >
        {SECTIONS.map((s) => (
          <button
            key={s.key}
            type="button"
            role="tab"
            aria-selected={s === section}
            tabIndex={s === section ? 0 : -1}
            data-testid={`section-${s.key}`}
            className={cx(
              'flex h-[30px] flex-none items-center gap-[6px] rounded-[7px] px-[10px] text-[13.5px] pointer-coarse:h-11',
              s === section ? 'bg-raised font-semibold text-t1' : 'text-t2 hover:bg-raised hover:text-t1',
            )}
            onClick={() => {
              if (s !== section && s.members[0] !== undefined) onMember(s.members[0]);
            }}
          >
            {s.title}
            {wrong(s.members) && (
              <span className="size-[7px] rounded-full bg-bad" role="img" aria-label="something is wrong here" />
            )}
          </button>
        ))}
      </div>
      <IconButton
        icon="close"
        label="Close"
        keys="Esc"
        data-testid="editor-close"
        onClick={() => stores.view.getState().setOverlay(null)}
      />
    </div>
  );
}

/** What is on show where there is no room for both. */
export type Pane = 'form' | 'text';

/** On narrow screens: form or text, and which text of the section the form is of. */
export function PaneBar({
  pane,
  onPane,
  member,
  onMember,
}: {
  readonly pane: Pane;
  readonly onPane: (pane: Pane) => void;
  readonly member: EditorMember;
  readonly onMember: (member: EditorMember) => void;
}) {
  const { members } = sectionOf(member);
  return (
    <div className="flex flex-none items-center gap-2 overflow-x-auto border-line border-b bg-panel px-3 py-2 [scrollbar-width:none]">
      <div className="flex gap-1" role="tablist" aria-label="View">
        {(['form', 'text'] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={pane === name}
            data-testid={`pane-${name}`}
            className={cx(
              'h-8 rounded-[7px] px-3 text-[13.5px] pointer-coarse:h-11',
              pane === name ? 'bg-raised font-semibold' : 'text-t2',
            )}
            onClick={() => onPane(name)}
          >
            {name === 'form' ? 'Form' : 'Text'}
          </button>
        ))}
      </div>
      {pane === 'form' && members.length > 1 && (
        <select
          aria-label="Which text"
          data-testid="pick-member"
          value={member}
          className="ml-auto h-8 rounded-[7px] border border-line-2 bg-card px-2 text-[13px] pointer-coarse:h-11"
          onChange={(e) => onMember(e.target.value as EditorMember)}
        >
          {members.map((name) => (
            <option key={name} value={name}>
              {memberTitle(name)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
