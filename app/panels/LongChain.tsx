import { VirtualRows } from '../ui';
import { keyOf, type RuleRow } from './ruleRows';

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
      <VirtualRows rows={rows} keyOf={keyOf} size={(row) => (row.kind === 'fold' ? 38 : 92)} gap={8} at={matched} list>
        {item}
      </VirtualRows>
    </li>
  );
}
