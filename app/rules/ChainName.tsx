import { useState } from 'react';
import { Button, onEscape } from '../ui';
import { useEdit } from './context';
import { badChainName } from './model';

/** Asks for the name of a chain of the table on show: of a new one, or another one for `renamed`. */
export function ChainName({
  renamed = '',
  onName,
  onDone,
}: {
  readonly renamed?: string;
  readonly onName: (name: string) => void;
  readonly onDone: () => void;
}) {
  const table = useEdit((s) => s.table);
  const rules = useEdit((s) => s.rules);
  const catalogue = useEdit((s) => s.catalogue);
  const [name, setName] = useState(renamed);
  const taken = new Set([
    ...(rules.tables.find((t) => t.name === table)?.chains ?? []).map((c) => c.name),
    ...[...(catalogue?.targets ?? []), ...(catalogue?.verdicts ?? [])].map((t) => t.name),
  ]);
  taken.delete(renamed);
  const bad = badChainName(name, taken);
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(e) => {
        e.preventDefault();
        if (bad !== null) return;
        if (name !== renamed) onName(name);
        onDone();
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it has just been asked for
        autoFocus
        aria-label={renamed === '' ? `Name of a new chain in ${table}` : `New name of ${renamed}`}
        aria-invalid={bad !== null && name !== ''}
        data-testid="chain-name-input"
        placeholder={`new chain in ${table}`}
        className="mono h-[34px] w-[220px] rounded-control border border-line-2 bg-card px-[10px] text-[14px] pointer-coarse:h-11"
        value={name}
        onChange={(e) => setName(e.target.value)}
        onKeyDown={onEscape(onDone)}
      />
      <Button type="submit" tone="primary" disabled={bad !== null} data-testid="chain-name-done">
        {renamed === '' ? 'Create' : 'Rename'}
      </Button>
      <Button tone="quiet" onClick={onDone}>
        Cancel
      </Button>
      {bad !== null && name !== '' && <span className="text-[13px] text-bad">{bad}</span>}
    </form>
  );
}
