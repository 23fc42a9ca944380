import { type ReactNode, useEffect, useRef, useState } from 'react';
import { stores } from '../store';
import { Button, IconButton } from '../ui';
import { Problem } from './fields';

/** A short form that adds something, closed by Esc or Cancel. */
export function AddForm({
  label,
  testid,
  problem,
  action,
  onAdd,
  children,
}: {
  readonly label: string;
  readonly testid: string;
  readonly problem: string | null;
  readonly action: string;
  readonly onAdd: () => string | null;
  readonly children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    const field = form.current?.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
  }, []);
  const said = problem ?? refused;
  return (
    <form
      ref={form}
      aria-label={label}
      data-testid={testid}
      className="relative mt-3 flex flex-col gap-3 rounded-card border border-line-2 bg-card p-3"
      onSubmit={(e) => {
        e.preventDefault();
        if (problem === null) setRefused(onAdd());
      }}
    >
      <h3 className="pr-8 text-[14.5px]">{label}</h3>
      <IconButton
        icon="close"
        size={16}
        label="Cancel"
        className="absolute top-1 right-1"
        onClick={() => stores.view.getState().editNetwork({})}
      />
      {children}
      {said !== null && <Problem text={said} testid={`${testid}-problem`} />}
      <Button type="submit" tone="primary" disabled={problem !== null} data-testid={`${testid}-add`}>
        {action}
      </Button>
    </form>
  );
}
