import { useState } from 'react';
import { Button, IconButton, onEscape } from '../ui';
import { Problem } from './fields';

/** Deletes at once if nothing hangs on it; else says first what goes with it. Undo takes it back in either case. */
export function Confirm({
  label,
  cost,
  testid,
  onYes,
}: {
  readonly label: string;
  readonly cost: string;
  readonly testid: string;
  /** What is refused comes back as a sentence. */
  readonly onYes: () => string | null;
}) {
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const act = (): void => {
    setRefused(onYes());
    setAsking(false);
  };
  const keep = (): void => {
    setAsking(false);
    setRefused(null);
  };
  if (asking || refused !== null) {
    return (
      <fieldset
        aria-label={label}
        className="m-0 flex basis-full flex-wrap items-center gap-2 border-0 p-0 pb-2 text-[13px]"
        onKeyDown={onEscape(keep)}
      >
        {refused === null ? <span>{cost}</span> : <Problem text={refused} testid={`${testid}-refused`} />}
        {refused === null && (
          <Button size="sm" tone="danger" data-testid={`${testid}-yes`} onClick={act} autoFocus>
            Delete
          </Button>
        )}
        <Button size="sm" onClick={keep}>
          {refused === null ? 'Keep' : 'OK'}
        </Button>
      </fieldset>
    );
  }
  return (
    <IconButton
      icon="trash"
      size={17}
      label={label}
      data-testid={testid}
      onClick={() => (cost === '' ? act() : setAsking(true))}
    />
  );
}
