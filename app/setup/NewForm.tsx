import { type ReactNode, useEffect, useRef } from 'react';
import { Button, onEscape } from '../ui';
import { Fields } from './fields';

/** A short form above a list, for what is added to it: a few fields, closed by Esc or Cancel. */
export function NewForm({
  label,
  testid,
  action,
  ready,
  note,
  onAdd,
  onCancel,
  children,
}: {
  readonly label: string;
  readonly testid: string;
  /** What the button says. */
  readonly action: string;
  readonly ready: boolean;
  /** What it will mean, or what is wanting. */
  readonly note: string;
  readonly onAdd: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = form.current?.querySelector('input');
    field?.focus();
    field?.select();
  }, []);
  return (
    <form
      ref={form}
      className="mb-3 rounded-card border border-line-2 bg-card p-[14px]"
      data-testid={testid}
      aria-label={label}
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) onAdd();
      }}
      onKeyDown={onEscape(onCancel)}
    >
      <Fields>{children}</Fields>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" disabled={!ready} data-testid={`${testid}-add`}>
          {action}
        </Button>
        <Button tone="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <span className="min-w-0 flex-1 text-[13px] text-t2" aria-live="polite">
          {note}
        </span>
      </div>
    </form>
  );
}
