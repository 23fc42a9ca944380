import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Completion } from '../../src/engine';
import { stores, useView } from '../store';
import { cx } from '../ui';
import { EMPTY } from './consoleStore';
import { consoles, useConsoles } from './consoles';
import { type Offered, useCompletion } from './useCompletion';

/** The line in which commands are typed. */
export function Prompt({ host }: { readonly host: string }) {
  const draft = useConsoles((s) => s.hosts[host]?.draft ?? '');
  const history = useConsoles((s) => (s.hosts[host] ?? EMPTY).history);
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const set = useCallback(
    (line: string, at = line.length): void => {
      caret.current = at;
      consoles.getState().setDraft(host, line);
    },
    [host],
  );
  useLayoutEffect(() => {
    if (caret.current === null) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const serial = useView((s) => s.consoleSerial);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever opens it again wants to type
  useEffect(() => input.current?.focus({ preventScroll: true }), [serial]);

  const completion = useCompletion(host, draft, () => input.current?.selectionStart ?? draft.length, set);
  const { offered } = completion;
  const recall = useRecall(history, draft, set);
  const run = (line: string): void => {
    completion.close();
    completion.hush();
    void consoles.getState().run(host, line);
    recall.toEnd(consoles.getState().hosts[host]?.history.length ?? 0);
  };

  const onKeyDown = (e: React.KeyboardEvent<HTMLInputElement>): void => {
    if (e.nativeEvent.isComposing) return;
    const plain = !e.ctrlKey && !e.metaKey && !e.altKey;
    const by = { ArrowUp: -1, ArrowDown: 1 }[e.key];
    if (e.key === 'Tab' && plain) {
      completion.tab(e);
      return;
    }
    if (e.key === 'Escape') {
      e.preventDefault();
      e.stopPropagation();
      if (offered === null) stores.view.getState().closeConsole();
      else completion.close(true);
      return;
    }
    if (plain && by !== undefined) {
      e.preventDefault();
      if (offered !== null) completion.move(by);
      else recall.go(by);
      return;
    }
    if (plain && e.key === 'Enter') {
      e.preventDefault();
      const one = offered?.list[offered.index];
      if (one !== undefined) completion.take(one);
      else run(draft);
      return;
    }
    const key = e.key.toLowerCase();
    if (e.ctrlKey && !e.metaKey && !e.altKey && !e.shiftKey && keyOfTerminal(key)) e.preventDefault();
    // The field's own undo has nothing to take back in an empty line: it is the command that is to be undone.
    if ((e.ctrlKey || e.metaKey) && draft === '' && (key === 'z' || key === 'y')) {
      e.preventDefault();
      const { undo, redo } = stores.lab.getState();
      if (key === 'y' || e.shiftKey) redo();
      else undo();
    }
  };
  const keyOfTerminal = (key: string): boolean => {
    const { selectionStart, selectionEnd } = input.current ?? {};
    if (key === 'l') consoles.getState().clear(host);
    else if (key === 'u') set(draft.slice(selectionStart ?? 0), 0);
    else if (key === 'c') {
      if (selectionStart !== selectionEnd || (getSelection()?.toString() ?? '') !== '') return false;
      if (draft !== '') consoles.getState().giveUp(host);
      else if (!consoles.getState().stop(host)) return false;
      completion.close();
      recall.toEnd(history.length);
    } else return false;
    return true;
  };

  return (
    <div className="relative flex-none">
      {offered !== null && <Completions {...offered} onTake={completion.take} />}
      <div className="mono flex items-center px-4 py-1 text-[13px] focus-within:shadow-[inset_3px_0_0_var(--focus)] max-md:pb-[max(12px,env(safe-area-inset-bottom))]">
        <label htmlFor="console-line" className="whitespace-pre text-t3">
          <span className="sr-only">Command on </span>root@{host}:~#{' '}
        </label>
        <input
          id="console-line"
          ref={input}
          value={draft}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={offered !== null}
          aria-controls={offered === null ? undefined : 'console-completions'}
          aria-activedescendant={
            offered !== null && offered.index >= 0 ? `console-completion-${offered.index}` : undefined
          }
          aria-describedby="console-keys"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="send"
          data-testid="console-line"
          className="h-7 min-w-0 flex-1 bg-transparent text-[13px] text-t1 caret-t1 outline-none! max-md:h-11 max-md:text-[16px]"
          onChange={(e) => {
            completion.reopen();
            recall.toEnd(history.length);
            consoles.getState().setDraft(host, e.target.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => completion.close()}
          onPaste={(e) => {
            const text = e.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n');
            if (!text.includes('\n')) return;
            e.preventDefault();
            const { selectionStart, selectionEnd } = e.currentTarget;
            const all = draft.slice(0, selectionStart ?? 0) + text + draft.slice(selectionEnd ?? draft.length);
            // A here-document is one command; other lines are run one after the other, the last one waits for Enter.
            if (/<<-?\s*\S/.test(all)) run(all);
            else {
              const lines = all.split('\n');
              const rest = lines.pop() ?? '';
              for (const line of lines) run(line);
              set(rest);
            }
          }}
        />
      </div>
      <p id="console-keys" className="sr-only">
        Enter runs the command. Arrow up and down bring earlier ones. Tab completes a word; where there is nothing to
        complete, or after Escape has closed the list, it leaves the field. Control C ends a command that listens,
        Control L clears.
      </p>
      <div role="status" className="sr-only">
        {completion.said}
      </div>
    </div>
  );
}

/** Earlier commands by the arrow keys; what was being typed is kept meanwhile, and comes after the last of them. */
function useRecall(history: readonly string[], draft: string, set: (line: string) => void) {
  const place = useRef(history.length);
  const typed = useRef('');
  return {
    go: (by: number): void => {
      if (place.current >= history.length) typed.current = draft;
      const to = Math.max(0, Math.min(history.length, place.current + by));
      if (to === place.current) return;
      place.current = to;
      set(to === history.length ? typed.current : (history[to] ?? ''));
    },
    toEnd: (length: number): void => {
      place.current = length;
    },
  };
}

/** Ways to go on, above the line. */
function Completions({ list, index, onTake }: Offered & { readonly onTake: (one: Completion) => void }) {
  return (
    <div
      id="console-completions"
      role="listbox"
      aria-label="Ways to go on"
      data-testid="console-completions"
      className="absolute bottom-full left-4 z-10 mb-1 max-h-[180px] min-w-[260px] max-w-[calc(100%-32px)] overflow-y-auto rounded-[10px] border border-line-2 bg-card p-1 shadow-lift"
    >
      {list.map((one, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
        <div
          key={one.text}
          id={`console-completion-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === index}
          ref={i === index ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
          className={cx(
            'flex cursor-pointer items-baseline gap-3 rounded-[6px] px-2 py-[3px] pointer-coarse:py-2',
            i === index && 'bg-raised',
          )}
          onPointerDown={(e) => e.preventDefault()}
          onClick={() => onTake(one)}
        >
          <span className="mono whitespace-nowrap text-[13px]">{one.text}</span>
          <span className="min-w-0 truncate text-[12.5px] text-t3">{one.help}</span>
        </div>
      ))}
    </div>
  );
}
