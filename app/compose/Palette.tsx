import { Dialog } from 'radix-ui';
import { type RefObject, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { stores } from '../store';
import { cx, Icon, Kbd, Modal } from '../ui';
import { allEntries, type Entry, ruleEntry } from './paletteEntries';
import { detailOf, type RuleFound, rulesOf } from './ruleEntries';
import { search } from './search';
import { toEnd, useSliced, type Work } from './slices';

const SHOWN = 60;
const BEHIND = /^(step|panel|chain|rule)-|^(play|send|network)$/;

/** Finds hosts, chains, rules, steps, panels, labs and commands, and does what is picked. */
export function Palette({ onClose, typed }: { readonly onClose: () => void; readonly typed: RefObject<string> }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries = useMemo(allEntries, []);
  const hosts = useMemo(() => stores.lab.getState().lab.hosts, []);
  const rules = useSliced(hosts, rulesOf);
  const wanted = useDeferredValue(text);
  // With rules without number this takes a moment; what was found before stays meanwhile.
  const asked = useMemo(
    () => ({ entries: rules === null ? entries : [...entries, ...rules], text: wanted }),
    [entries, rules, wanted],
  );
  const answer = useSliced(asked, find);
  const before = useRef<readonly Entry[]>([]);
  const found = answer ?? before.current;
  useEffect(() => {
    before.current = found;
  }, [found]);
  const list = useRef<HTMLDivElement>(null);
  // Read when the field is there, not before: until then letters still come.
  useLayoutEffect(() => setText(typed.current), [typed]);
  const active = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const pick = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    // What shows something of the graph or its panels closes an editor that lies over them.
    if (BEHIND.test(entry.key)) stores.view.getState().closeAll();
    entry.run();
  };
  return (
    <Modal
      testid="palette"
      onClose={onClose}
      onCloseAutoFocus={(e) => {
        // What was picked has taken the focus.
        if (document.activeElement?.closest('[data-takes-focus]') != null) e.preventDefault();
      }}
      className="top-[10dvh] left-1/2 max-h-[72dvh] w-[min(640px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden"
    >
      <Dialog.Title className="sr-only">Find or run</Dialog.Title>
      <div className="flex flex-none items-center gap-3 border-line border-b px-4">
        <Icon name="search" size={18} className="text-t3" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type into it
          autoFocus
          value={text}
          placeholder="Host, chain, rule, step, command"
          aria-label="Find or run"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={active === undefined ? undefined : `palette-${active.key}`}
          autoComplete="off"
          spellCheck={false}
          data-testid="palette-input"
          className="h-[52px] min-w-0 flex-1 bg-transparent text-[16px] outline-none placeholder:text-t3"
          onChange={(e) => {
            setText(e.target.value);
            setAt(0);
          }}
          onKeyDown={(e) => {
            const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key];
            if (by !== undefined) {
              e.preventDefault();
              setAt(Math.max(0, Math.min(found.length - 1, Math.min(at, found.length - 1) + by)));
            } else if (e.key === 'Enter') {
              e.preventDefault();
              // The list may be a moment behind the text: what was typed counts.
              if (wanted === text && rules !== null && answer !== null) pick(active);
              else pick(toEnd(find({ entries: [...entries, ...(rules ?? toEnd(rulesOf(hosts)))], text }))[at]);
            }
          }}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label="Found"
        className="min-h-0 flex-1 overflow-y-auto p-2"
      >
        {found.length === 0 && rules !== null && answer !== null && (
          <p className="px-3 py-4 text-t2">Nothing contains “{wanted}”.</p>
        )}
        {found.map((entry, i) => (
          <div key={entry.key}>
            {(i === 0 || found[i - 1]?.group !== entry.group) && (
              <div className="px-2 pt-2 pb-1 font-semibold text-[12px] text-t3" role="presentation">
                {entry.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above */}
            <div
              id={`palette-${entry.key}`}
              role="option"
              tabIndex={-1}
              aria-selected={entry === active}
              data-testid={`find-${entry.key}`}
              className={cx(
                'flex min-h-9 cursor-pointer items-center gap-3 rounded-control px-2 pointer-coarse:min-h-11',
                entry === active && 'bg-raised',
              )}
              onClick={() => pick(entry)}
              onPointerMove={() => setAt(i)}
            >
              <Icon name={entry.icon} size={16} className="text-t3" />
              <span
                className={cx(
                  'min-w-0 max-w-[60%]',
                  entry.group === 'Rules' ? 'mono wrap-anywhere py-1 text-[12.5px] leading-[1.4]' : 'truncate',
                )}
              >
                {entry.title}
              </span>
              <span
                className="my-1 line-clamp-2 min-w-0 flex-1 text-[12.5px] text-t3 leading-[1.35]"
                title={entry.detail}
              >
                {entry.detail}
              </span>
              {entry.keys !== undefined && <Kbd>{entry.keys}</Kbd>}
            </div>
          </div>
        ))}
      </div>
    </Modal>
  );
}

function* find({
  entries,
  text,
}: {
  readonly entries: readonly (Entry | RuleFound)[];
  readonly text: string;
}): Work<readonly Entry[]> {
  const textOf = (e: Entry | RuleFound): string => `${e.title} ${'run' in e ? e.detail : detailOf(e)}`;
  const found = yield* search(entries, text, textOf, text === '' ? 40 : SHOWN);
  return found.map((e) => ('run' in e ? e : ruleEntry(e)));
}
