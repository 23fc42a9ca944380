import { lazy, type RefObject, Suspense, useRef } from 'react';
import { useView } from '../store';
import { Guard, type Layout } from '../ui';

const Console = lazy(() => import('./lazy').then((m) => ({ default: m.Console })));

/** The console of a host, below the canvas, while it is open. */
export function ConsolePane({ layout }: { readonly layout: Layout }) {
  const host = useView((s) => s.console);
  const typed = useRef('');
  if (host === null) return null;
  return (
    <Guard what="The console">
      <Suspense fallback={<Loading typed={typed} />}>
        <Console host={host} layout={layout} typed={typed} />
      </Suspense>
    </Guard>
  );
}

/** Takes what is typed before the console is there, so that it is not lost, nor taken for keys of the page. */
function Loading({ typed }: { readonly typed: RefObject<string> }) {
  return (
    <div
      className="flex-none border-line border-t bg-panel p-4 text-t2"
      data-takes-focus=""
      data-testid="console-loading"
    >
      The console is loading …
      <textarea
        // biome-ignore lint/a11y/noAutofocus: it was opened to type into it
        autoFocus
        aria-label="Command"
        className="sr-only"
        onChange={(e) => {
          typed.current = e.target.value;
        }}
      />
    </div>
  );
}
