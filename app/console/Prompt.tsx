import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Completion } from '../../src/engine';
import { stores, useView } from '../store';
import { cx } from '../ui';
import { applied, completed } from './completing';
import { EMPTY } from './consoleStore';
import { consoles, useConsoles } from './consoles';

interface Menu {
  readonly list: readonly Completion[];
  /** Which one is chosen; -1: none yet, so that Enter runs the line. */
  readonly index: number;
}

/** The line in which commands are typed. */
export function Prompt({ host }: { readonly host: string }) {
  const draft = useConsoles((s) => s.hosts[host]?.draft ?? '');
  const history = useConsoles((s) => (s.hosts[host] ?? EMPTY).history);
  const input = useRef<HTMLInputElement>(null);
  const [menu, setMenu] = useState<Menu | null>(null);
  const [said, setSaid] = useState('');
  /** Place in the history; its length: what is being typed, which is kept meanwhile. */
  const place = useRef(history.length);
  const typed = useRef('');
  const caret = useRef<number | null>(null);
  /** What is known about a line and a place in it, so that Tab can be answered at once. */
  const known = useRef<{ readonly line: string; readonly at: number; readonly list: readonly Completion[] } | null>(
    null,
  );
  /** The list was closed for this line: Tab leaves the field. */
  const closed = useRef<string | null>(null);

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

  const learn = useCallback(
    async (line: string, at: number): Promise<readonly Completion[]> => {
      const list = line.trim() === '' ? [] : await consoles.getState().complete(host, line, at);
      known.current = { line, at, list };
      return list;
    },
    [host],
  );
  // While a line is typed, what it may become is asked ahead.
  useEffect(() => {
    const timer = setTimeout(() => {
      const at = input.current?.selectionStart ?? draft.length;
      void learn(draft, at).then((list) => {
        if (known.current?.line !== draft) return;
        // A list that is open goes on with what is typed; what is chosen in it stays chosen.
        const same = (a: readonly Completion[]): boolean =>
          a.map((c) => c.text).join('\n') === list.map((c) => c.text).join('\n');
        setMenu((m) => (m === null || same(m.list) ? m : list.length === 0 ? null : { list, index: -1 }));
      });
    }, 40);
    return () => clearTimeout(timer);
  }, [draft, learn]);

  const take = (line: string, at: number, one: Completion): void => {
    const [next, to] = completed(line, at, one);
    setMenu(null);
    set(next, to);
  };
  const offer = (line: string, at: number, list: readonly Completion[]): void => {
    const [one] = list;
    if (one === undefined) return;
    if (list.length === 1) {
      take(line, at, one);
      setSaid(`${one.text}`);
      return;
    }
    const [next, to] = applied(line, at, list);
    if (next !== line) set(next, to);
    setMenu({ list, index: -1 });
    setSaid(`${list.length} ways to go on. Arrows choose, Enter takes one, Escape closes.`);
  };
  const tab = (e: React.KeyboardEvent, back: boolean): void => {
    const line = draft;
    const at = input.current?.selectionStart ?? line.length;
    if (menu !== null) {
      e.preventDefault();
      move(back ? -1 : 1);
      return;
    }
    if (back || line.trim() === '' || closed.current === line) return;
    const { current } = known;
    if (current !== null && current.line === line && current.at === at) {
      if (current.list.length === 0) return;
      e.preventDefault();
      offer(line, at, current.list);
      return;
    }
    e.preventDefault();
    void learn(line, at).then((list) => {
      if (list.length > 0) offer(line, at, list);
      else setSaid('Nothing to complete. Tab once more leaves the field.');
    });
  };
  const move = (by: number): void =>
    setMenu((m) => {
      if (m === null) return m;
      const index = m.index < 0 && by < 0 ? m.list.length - 1 : (m.index + by + m.list.length) % m.list.length;
      return { ...m, index };
    });
  const run = (line: string): void => {
    setMenu(null);
    setSaid('');
    void consoles.getState().run(host, line);
    place.current = consoles.getState().hosts[host]?.history.length ?? 0;
  };
  const recall = (by: number): void => {
    if (place.current >= history.length) typed.current = draft;
    const to = Math.max(0, Math.min(history.length, place.current + by));
    if (to === place.current) return;
    place.current = to;
    set(to === history.length ? typed.current : (history[to] ?? ''));
  };

  const onKeyDown = (e: React.KeyboardEvent<HTMLInputElement>): void => {
    if (e.nativeEvent.isComposing) return;
    const plain = !e.ctrlKey && !e.metaKey && !e.altKey;
    if (e.key === 'Tab' && plain) {
      tab(e, e.shiftKey);
      return;
    }
    if (e.key === 'Escape') {
      e.preventDefault();
      e.stopPropagation();
      if (menu === null) stores.view.getState().closeConsole();
      else {
        closed.current = draft;
        setMenu(null);
      }
      return;
    }
    if (plain && menu !== null && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault();
      move(e.key === 'ArrowDown' ? 1 : -1);
      return;
    }
    if (plain && e.key === 'Enter') {
      e.preventDefault();
      const one = menu?.list[menu.index];
      if (one !== undefined) take(draft, input.current?.selectionStart ?? draft.length, one);
      else run(draft);
      return;
    }
    if (plain && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
      e.preventDefault();
      recall(e.key === 'ArrowUp' ? -1 : 1);
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
      setMenu(null);
      place.current = history.length;
    } else return false;
    return true;
  };

  return (
    <div className="relative flex-none">
      {menu !== null && (
        <div
          id="console-completions"
          role="listbox"
          aria-label="Ways to go on"
          data-testid="console-completions"
          className="absolute bottom-full left-4 z-10 mb-1 max-h-[180px] min-w-[260px] max-w-[calc(100%-32px)] overflow-y-auto rounded-[10px] border border-line-2 bg-card p-1 shadow-lift"
        >
          {menu.list.map((one, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
            <div
              key={one.text}
              id={`console-completion-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === menu.index}
              ref={i === menu.index ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
              className={cx(
                'flex cursor-pointer items-baseline gap-3 rounded-[6px] px-2 py-[3px] pointer-coarse:py-2',
                i === menu.index && 'bg-raised',
              )}
              onPointerDown={(e) => e.preventDefault()}
              onClick={() => take(draft, input.current?.selectionStart ?? draft.length, one)}
            >
              <span className="mono whitespace-nowrap text-[13px]">{one.text}</span>
              <span className="min-w-0 truncate text-[12.5px] text-t3">{one.help}</span>
            </div>
          ))}
        </div>
      )}
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
          aria-expanded={menu !== null}
          aria-controls={menu === null ? undefined : 'console-completions'}
          aria-activedescendant={menu !== null && menu.index >= 0 ? `console-completion-${menu.index}` : undefined}
          aria-describedby="console-keys"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="send"
          data-testid="console-line"
          className="h-7 min-w-0 flex-1 bg-transparent text-[13px] text-t1 caret-t1 outline-none! max-md:h-11 max-md:text-[16px]"
          onChange={(e) => {
            closed.current = null;
            place.current = history.length;
            consoles.getState().setDraft(host, e.target.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setMenu(null)}
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
        {said}
      </div>
    </div>
  );
}
