import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx, IconButton } from '../ui';

/** A dialog over the page: title, content, closed by Esc, outside or its button. */
export function DialogFrame({
  title,
  testid,
  wide = false,
  onClose,
  children,
}: {
  readonly title: string;
  readonly testid: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Content
          aria-describedby={undefined}
          tabIndex={-1}
          onOpenAutoFocus={(e) => {
            // The dialog itself, not its close button: what it is called is read out first.
            e.preventDefault();
            (e.currentTarget as HTMLElement).focus();
          }}
          data-testid={testid}
          className={cx(
            'fixed top-[8dvh] left-1/2 z-40 flex max-h-[84dvh] -translate-x-1/2 flex-col rounded-hook border border-line-2 bg-panel shadow-lift outline-none',
            wide ? 'w-[min(860px,calc(100vw-24px))]' : 'w-[min(560px,calc(100vw-24px))]',
          )}
        >
          <header className="flex flex-none items-center gap-3 px-5 pt-4 pb-3">
            <Dialog.Title className="flex-1 text-[18px]">{title}</Dialog.Title>
            <IconButton icon="close" label="Close" keys="Esc" onClick={onClose} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
