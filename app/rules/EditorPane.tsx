import { lazy, Suspense } from 'react';
import { useView } from '../store';

const TextEditor = lazy(() => import('./lazy').then((m) => ({ default: m.TextEditor })));

/** The texts of the host on show, over the graph, while they are edited. */
export function EditorPane() {
  const open = useView((s) => s.overlay === 'editor');
  const host = useView((s) => s.editorAt?.host ?? s.selection?.host ?? s.host);
  if (!open) return null;
  return (
    <div className="absolute inset-0 z-20 bg-canvas">
      <Suspense fallback={<p className="p-5 text-t2">The editor is loading …</p>}>
        <TextEditor key={host} host={host} />
      </Suspense>
    </div>
  );
}
