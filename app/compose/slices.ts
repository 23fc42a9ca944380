import { useEffect, useMemo, useState } from 'react';

/** Milliseconds of work between which the page draws and takes keys. */
const SLICE = 8;

/** Work that can be interrupted wherever it yields. */
export type Work<T> = Generator<undefined, T>;

/** Does work to its end. */
export function toEnd<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Goes on with work for a moment; null if that was not enough. */
function slice<T>(work: Work<T>): { readonly value: T } | null {
  const end = performance.now() + SLICE;
  do {
    const step = work.next();
    if (step.done === true) return step;
  } while (performance.now() < end);
  return null;
}

/** What comes of work on `key`: at once if it is little, else a moment later; null until then. */
export function useSliced<K, T>(key: K, begin: (key: K) => Work<T>): T | null {
  const [late, setLate] = useState<{ readonly key: K; readonly value: T } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the work is that on the key
  const started = useMemo(() => {
    const work = begin(key);
    return { work, done: slice(work) };
  }, [key]);
  useEffect(() => {
    if (started.done !== null) return;
    let timer: ReturnType<typeof setTimeout>;
    const goOn = (): void => {
      const done = slice(started.work);
      if (done === null) timer = setTimeout(goOn);
      else setLate({ key, value: done.value });
    };
    timer = setTimeout(goOn);
    return () => clearTimeout(timer);
  }, [started, key]);
  if (started.done !== null) return started.done.value;
  return late !== null && late.key === key ? late.value : null;
}
