import { Dialog } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cx, IconButton } from './controls';

/** What lies over the page until Esc, or a click outside, closes it. It says with `Dialog.Title` what it is called. */
export function Modal({
  testid,
  onClose,
  className,
  ...content
}: Omit<ComponentProps<typeof Dialog.Content>, 'title'> & {
  readonly testid: string;
  readonly onClose: () => void;
}) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid={testid}
          className={cx('fixed z-40 flex flex-col rounded-hook border border-line-2 bg-panel shadow-lift', className)}
          {...content}
        />
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A dialog with a title and a button that closes it. */
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
    <Modal
      testid={testid}
      onClose={onClose}
      tabIndex={-1}
      onOpenAutoFocus={(e) => {
        // The dialog itself, not its close button: what it is called is read out first.
        e.preventDefault();
        (e.currentTarget as HTMLElement).focus();
      }}
      className={cx(
        'top-[8dvh] left-1/2 max-h-[84dvh] -translate-x-1/2 outline-none',
        wide ? 'w-[min(860px,calc(100vw-24px))]' : 'w-[min(560px,calc(100vw-24px))]',
      )}
    >
      <header className="flex flex-none items-center gap-3 px-5 pt-4 pb-3">
        <Dialog.Title className="flex-1 text-[18px]">{title}</Dialog.Title>
        <IconButton icon="close" label="Close" keys="Esc" onClick={onClose} />
      </header>
      <div className="relative min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
    </Modal>
  );
}
