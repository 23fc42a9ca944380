import { useCallback, useEffect, useRef, useState } from 'react';
import type { Completion } from '../../src/engine';
import { applied, completed } from './completing';
import { consoles } from './consoles';

/** The ways to go on that are offered for the line. */
export interface Offered {
  readonly list: readonly Completion[];
  /** Which one is chosen; -1: none yet, so that Enter runs the line. */
  readonly index: number;
}

/**
 * What a line may become: asked while it is typed, offered with Tab, chosen in a list. `caret` says where in the line the
 * caret is, `set` writes the line.
 */
export function useCompletion(
  host: string,
  line: string,
  caret: () => number,
  set: (line: string, at: number) => void,
) {
  const [offered, setOffered] = useState<Offered | null>(null);
  const [said, setSaid] = useState('');
  /** What is known about a line and a place in it, so that Tab can be answered at once. */
  const known = useRef<{ readonly line: string; readonly at: number; readonly list: readonly Completion[] } | null>(
    null,
  );
  /** The list was closed for this line: Tab leaves the field. */
  const closed = useRef<string | null>(null);
  const caretNow = useRef(caret);
  caretNow.current = caret;

  const learn = useCallback(
    async (about: string, at: number): Promise<readonly Completion[]> => {
      const list = about.trim() === '' ? [] : await consoles.getState().complete(host, about, at);
      known.current = { line: about, at, list };
      return list;
    },
    [host],
  );
  // While a line is typed, what it may become is asked ahead.
  useEffect(() => {
    const timer = setTimeout(() => {
      void learn(line, caretNow.current()).then((list) => {
        if (known.current?.line !== line) return;
        // A list that is open goes on with what is typed; what is chosen in it stays chosen.
        const same = (a: readonly Completion[]): boolean =>
          a.map((c) => c.text).join('\n') === list.map((c) => c.text).join('\n');
        setOffered((m) => (m === null || same(m.list) ? m : list.length === 0 ? null : { list, index: -1 }));
      });
    }, 40);
    return () => clearTimeout(timer);
  }, [line, learn]);

  const put = (at: number, one: Completion): void => {
    const [next, to] = completed(line, at, one);
    setOffered(null);
    set(next, to);
  };
  const offer = (at: number, list: readonly Completion[]): void => {
    const [one] = list;
    if (one === undefined) return;
    if (list.length === 1) {
      put(at, one);
      setSaid(one.text);
      return;
    }
    const [next, to] = applied(line, at, list);
    if (next !== line) set(next, to);
    setOffered({ list, index: -1 });
    setSaid(`${list.length} ways to go on. Arrows choose, Enter takes one, Escape closes.`);
  };
  const move = (by: number): void =>
    setOffered((m) => {
      if (m === null) return m;
      const index = m.index < 0 && by < 0 ? m.list.length - 1 : (m.index + by + m.list.length) % m.list.length;
      return { ...m, index };
    });
  return {
    offered,
    /** For screen readers: what Tab came to. */
    said,
    move,
    take: (one: Completion): void => put(caret(), one),
    /** Tab, or Shift and Tab: moves in the list, completes, or leaves the field. */
    tab: (e: React.KeyboardEvent): void => {
      if (offered !== null) {
        e.preventDefault();
        move(e.shiftKey ? -1 : 1);
        return;
      }
      if (e.shiftKey || line.trim() === '' || closed.current === line) return;
      const at = caret();
      const { current } = known;
      if (current !== null && current.line === line && current.at === at) {
        if (current.list.length === 0) return;
        e.preventDefault();
        offer(at, current.list);
        return;
      }
      e.preventDefault();
      void learn(line, at).then((list) => {
        if (list.length > 0) offer(at, list);
        else setSaid('Nothing to complete. Tab once more leaves the field.');
      });
    },
    /** Takes the list away; with Esc, for as long as the line is this one. */
    close: (forLine = false): void => {
      if (forLine) closed.current = line;
      setOffered(null);
    },
    /** The line is being typed: Tab completes again. */
    reopen: (): void => {
      closed.current = null;
    },
    hush: (): void => setSaid(''),
  };
}
