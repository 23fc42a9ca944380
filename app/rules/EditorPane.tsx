import { Suspense } from 'react';
import { editorIsOpen, useView } from '../store';
import { later } from '../ui';

const RuleEditor = later(() => import('./lazy').then((m) => m.RuleEditor));

/** The rules and texts of the host on show, in place of all panes, while they are edited. */
export function EditorPane() {
  const open = useView(editorIsOpen);
  const host = useView((s) => s.editorAt?.host ?? s.selection?.host ?? s.host);
  if (!open) return null;
  return (
    <div className="h-full min-h-0 bg-canvas">
      <Suspense fallback={<p className="p-5 text-t2">The editor is loading …</p>}>
        <RuleEditor key={host} host={host} />
      </Suspense>
    </div>
  );
}
