import { useEffect, useRef, useState } from 'react';

/**
 * What came of the latest question of its kind, and which it was; null until there is an answer, and when nothing is
 * asked (`ask` is null). An answer stays until the next one is there. A question to the engine that a newer run has
 * superseded, or that a stopped engine does not answer, is asked anew with the next key. `wait`: milliseconds that the
 * key stays the same before it is asked about.
 */
export function useAnswer<K, T>(
  key: K,
  ask: (() => Promise<T>) | null,
  wait = 0,
): { readonly key: K; readonly value: T } | null {
  const [answer, setAnswer] = useState<{ readonly key: K; readonly value: T } | null>(null);
  const latest = useRef(ask);
  latest.current = ask;
  const asks = ask !== null;
  useEffect(() => {
    if (!asks) {
      setAnswer(null);
      return;
    }
    let live = true;
    const put = (): void => {
      latest.current?.().then(
        (value) => {
          if (live) setAnswer({ key, value });
        },
        () => {
          // Whoever superseded it asks again; the failure of an engine is shown by the run store.
        },
      );
    };
    const timer = wait === 0 ? 0 : setTimeout(put, wait);
    if (wait === 0) put();
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [key, asks, wait]);
  return answer;
}
