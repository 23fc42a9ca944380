import { type ReactNode, useEffect, useRef } from 'react';
import { stores, useView } from '../store';
import { cx, IconButton } from '../ui';
import { Notices } from './Notices';

const SIDES = {
  left: 'left-0 top-0 bottom-0 h-full w-[min(320px,90vw)] border-r',
  right: 'right-0 left-auto top-0 bottom-0 h-full w-[min(380px,92vw)] border-l',
  bottom: 'top-auto right-0 bottom-0 left-0 h-[min(75dvh,640px)] w-full rounded-t-[22px] border-t',
} as const;

/** A pane that does not fit beside the graph: over it, until it is closed. The browser's own modal dialog. */
export function Drawer({
  name,
  side,
  label,
  children,
}: {
  readonly name: 'packets' | 'inspector';
  readonly side: keyof typeof SIDES;
  readonly label: string;
  readonly children: ReactNode;
}) {
  const open = useView((s) => s.drawer === name);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open && dialog.current?.open === true) dialog.current.close();
  }, [open]);
  const close = (): void => {
    if (stores.view.getState().drawer === name) stores.view.getState().setDrawer(null);
  };
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      data-testid={`drawer-${name}`}
      className={cx(
        'fixed m-0 hidden max-h-none max-w-none flex-col overflow-y-auto border-line bg-panel text-t1 shadow-lift open:flex backdrop:bg-scrim',
        SIDES[side],
      )}
      onClose={close}
      onClick={(e) => {
        if (e.target === dialog.current) close();
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape') close();
      }}
    >
      {open && (
        <>
          <IconButton icon="close" label="Close" className="absolute top-1 right-1 z-10" onClick={close} />
          {children}
          <Notices place="drawer" />
        </>
      )}
    </dialog>
  );
}
