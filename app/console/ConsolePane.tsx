import { type RefObject, Suspense, useRef } from 'react';
import { useView } from '../store';
import { Guard, type Layout, later, TypedAhead } from '../ui';

const Console = later(() => import('./lazy').then((m) => m.Console));

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

function Loading({ typed }: { readonly typed: RefObject<string> }) {
  return (
    <div
      className="flex-none border-line border-t bg-panel p-4 text-t2"
      data-takes-focus=""
      data-testid="console-loading"
    >
      The console is loading …
      <TypedAhead label="Command" typed={typed} />
    </div>
  );
}
