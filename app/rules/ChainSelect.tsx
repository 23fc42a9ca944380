import { memo, type ReactNode, useState } from 'react';
import type { TableBlock } from './model';

/** More chains than this are put into the page only when one is to be chosen: it takes a browser long. */
const MANY = 500;

/** Keys that choose nothing. */
const PASSING: ReadonlySet<string> = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'Escape']);

/** A choice of one of the text's chains, by the keys of a select. */
export function ChainSelect({
  label,
  testid,
  className,
  tables,
  chosen = '',
  onChoose,
  children,
}: {
  readonly label: string;
  readonly testid: string;
  readonly className: string;
  readonly tables: readonly TableBlock[];
  /** `TABLE CHAIN`; '' if none is. */
  readonly chosen?: string;
  readonly onChoose: (table: string, chain: string) => void;
  /** What stands before the chains. */
  readonly children?: ReactNode;
}) {
  const [opened, setOpened] = useState(false);
  const open = (): void => setOpened(true);
  const all = opened || tables.reduce((sum, t) => sum + t.chains.length, 0) <= MANY;
  return (
    <select
      aria-label={label}
      data-testid={testid}
      className={className}
      value={chosen}
      onPointerDown={open}
      onMouseDown={open}
      onKeyDown={(e) => PASSING.has(e.key) || open()}
      onBlur={() => setOpened(false)}
      onChange={(e) => {
        const [table = '', chain = ''] = e.target.value.split(' ');
        onChoose(table, chain);
      }}
    >
      {children}
      {all ? <Chains tables={tables} /> : chosen !== '' && <option value={chosen}>{chosen}</option>}
    </select>
  );
}

const Chains = memo(function Chains({ tables }: { readonly tables: readonly TableBlock[] }) {
  return tables.map((t) => (
    <optgroup key={t.name} label={t.name}>
      {t.chains.map((c) => (
        <option key={c.name} value={`${t.name} ${c.name}`}>
          {t.name} {c.name} · {c.rules.length}
        </option>
      ))}
    </optgroup>
  ));
});
