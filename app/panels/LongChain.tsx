import { VirtualRows } from '../ui';
import type { RuleRow } from './ruleRows';

/** The rules of a chain so long that only those in view are in the page. */
export function LongChain({
  rows,
  item,
}: {
  readonly rows: readonly RuleRow[];
  readonly item: (row: RuleRow) => React.ReactNode;
}) {
  const matched = rows.findIndex((row) => row.kind === 'rule' && row.rule.outcome === 'matched');
  return (
    <li className="flex-none">
      <ol className="m-0 list-none p-0">
        <VirtualRows
          rows={rows}
          keyOf={(row) => (row.kind === 'fold' ? `fold-${row.from}` : row.rule.number)}
          size={(row) => (row.kind === 'fold' ? 38 : 92)}
          gap={8}
          at={matched}
        >
          {item}
        </VirtualRows>
      </ol>
    </li>
  );
}
