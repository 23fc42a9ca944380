import { Suspense, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { stores, useView } from '../store';
import { Guard, later, TypedAhead } from '../ui';
import { followRequests } from './composerStore';
import { endImport, importFile, importing, openLink, startImport } from './labFiles';
import { isShareFragment } from './shareLink';

const Palette = later(() => import('./Palette').then((m) => m.Palette));
const Help = later(() => import('./Help').then((m) => m.Help));
const LabsDialog = later(() => import('./LabsDialog').then((m) => m.LabsDialog));
const ShareDialog = later(() => import('./ShareDialog').then((m) => m.ShareDialog));
const ImportDialog = later(() => import('./ImportDialog').then((m) => m.ImportDialog));

/** What opens over the page, and what is listened to on all of it: requests to the composer, paste, drop, share links. */
export function Overlays() {
  const overlay = useView((s) => s.overlay);
  const text = useStore(importing, (s) => s.now);
  useEffect(followRequests, []);
  useEffect(followLinks, []);
  usePaste();
  const over = useDrop();
  const close = (): void => stores.view.getState().setOverlay(null);
  return (
    <>
      <Guard key={overlay} what="The dialog" onClose={close}>
        {overlay === 'palette' && <PaletteDoor onClose={close} />}
        <Suspense fallback={null}>
          {overlay === 'help' && <Help onClose={close} />}
          {overlay === 'labs' && <LabsDialog onClose={close} />}
          {overlay === 'share' && <ShareDialog onClose={close} />}
        </Suspense>
      </Guard>
      {text !== null && (
        <Guard what="The dialog" onClose={endImport}>
          <Suspense fallback={null}>
            <ImportDialog importing={text} />
          </Suspense>
        </Guard>
      )}
      {over && (
        <div
          className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-hook border-2 border-line-2 border-dashed bg-panel/90 text-[18px]"
          data-testid="drop-here"
        >
          Drop a lab, an iptables-save dump, or the output of ip addr and ip route
        </div>
      )}
    </>
  );
}

/** The palette, and until it is there what takes the letters that are typed for it. */
function PaletteDoor({ onClose }: { readonly onClose: () => void }) {
  const typed = useRef('');
  return (
    <Suspense fallback={<TypedAhead label="Find or run" typed={typed} />}>
      <Palette onClose={onClose} typed={typed} />
    </Suspense>
  );
}

function followLinks(): () => void {
  const changed = (): void => {
    if (isShareFragment(location.hash)) void openLink(location.hash);
  };
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

/** Of what takes text itself. Its line may be gone by now: an editor has drawn what was put into it. */
const inField = (e: Event): boolean =>
  e
    .composedPath()
    .some((e) => e instanceof Element && e.matches('input, textarea, select, [contenteditable], .cm-editor'));

/** Text that is pasted anywhere but into a field. */
function usePaste(): void {
  useEffect(() => {
    const paste = (e: ClipboardEvent): void => {
      if (e.defaultPrevented || inField(e)) return;
      const file = e.clipboardData?.files[0];
      const text = e.clipboardData?.getData('text/plain') ?? '';
      if (file !== undefined) void importFile(file);
      else if (text.trim() === '') return;
      else if (/^https?:\/\/\S+#lab=\S+$/.test(text.trim())) void openLink(text.trim().slice(text.trim().indexOf('#')));
      else startImport(text);
      e.preventDefault();
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, []);
}

/** Files or text that is dropped anywhere. True while something is held over the page. */
function useDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const wanted = (e: DragEvent): boolean =>
      [...(e.dataTransfer?.types ?? [])].some((t) => t === 'Files' || t === 'text/plain');
    const drag = (e: DragEvent): void => {
      if (!wanted(e)) return;
      e.preventDefault();
      setOver(true);
    };
    const leave = (e: DragEvent): void => {
      if (e.relatedTarget === null) setOver(false);
    };
    const drop = (e: DragEvent): void => {
      setOver(false);
      const file = e.dataTransfer?.files[0];
      const text = e.dataTransfer?.getData('text/plain') ?? '';
      if (file === undefined && text.trim() === '') return;
      if (file === undefined && (e.defaultPrevented || inField(e))) return;
      e.preventDefault();
      if (file !== undefined) void importFile(file);
      else startImport(text);
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over;
}
