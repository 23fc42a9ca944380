import { lazy, Suspense } from 'react';
import { useView } from '../store';
import { Guard, type Layout } from '../ui';

const Console = lazy(() => import('./lazy').then((m) => ({ default: m.Console })));

/** The console of a host, below the canvas, while it is open. */
export function ConsolePane({ layout }: { readonly layout: Layout }) {
  const host = useView((s) => s.console);
  if (host === null) return null;
  return (
    <Guard what="The console">
      <Suspense
        fallback={<p className="flex-none border-line border-t bg-panel p-4 text-t2">The console is loading …</p>}
      >
        <Console host={host} layout={layout} />
      </Suspense>
    </Guard>
  );
}
