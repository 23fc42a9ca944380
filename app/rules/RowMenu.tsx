import { Icon, Menu, type MenuItem } from '../ui';
import { useActions, useEdit } from './context';
import type { RuleLine } from './model';

const CHAINS_OFFERED = 30;

/** What else can be done with a rule, or with all that are picked. */
export function RowMenu({
  id,
  rule,
  called,
}: {
  readonly id: number;
  readonly rule: RuleLine;
  readonly called: string;
}) {
  const actions = useActions();
  const picked = useEdit((s) => s.picked);
  // As one text, which stays the same though the rules were read anew.
  const chains = useEdit((s) =>
    (s.rules.tables.find((t) => t.name === s.table)?.chains ?? [])
      .slice(0, CHAINS_OFFERED + 1)
      .map((c) => c.name)
      .join(' '),
  );
  const many = picked.has(id) && picked.size > 1;
  const ids = many ? [...picked] : [id];
  const what = many ? `${ids.length} rules` : 'rule';
  const items: readonly MenuItem[] = [
    {
      key: 'above',
      label: 'Add a rule above',
      icon: <Icon name="plus" size={16} />,
      run: () => actions.insert('', id),
    },
    {
      key: 'duplicate',
      label: `Duplicate ${what}`,
      icon: <Icon name="cube" size={16} />,
      run: () => actions.duplicate(ids),
    },
    {
      key: 'up',
      label: 'Move up',
      hint: 'Alt+↑',
      icon: <Icon name="up" size={16} />,
      run: () => actions.shift(ids, -1),
    },
    {
      key: 'down',
      label: 'Move down',
      hint: 'Alt+↓',
      icon: <Icon name="down" size={16} />,
      run: () => actions.shift(ids, 1),
    },
    ...chains
      .split(' ')
      .filter((name) => name !== '' && name !== rule.chain)
      .slice(0, CHAINS_OFFERED)
      .map((name) => ({
        key: `to-${name}`,
        label: `Move to ${name}`,
        icon: <Icon name="arrow" size={16} />,
        run: () => actions.move(ids, name, null),
      })),
    {
      key: 'delete',
      label: `Delete ${what}`,
      tone: 'bad',
      hint: 'Del',
      icon: <Icon name="trash" size={16} />,
      testid: 'rule-delete',
      run: () => actions.remove(ids),
    },
  ];
  return (
    <Menu
      label={`More for ${called}`}
      testid={`menu-${rule.line}`}
      align="end"
      className="grid size-7 flex-none place-items-center rounded-[7px] text-t3 hover:bg-raised hover:text-t1 pointer-coarse:size-11"
      items={items}
    >
      <Icon name="more" size={16} />
    </Menu>
  );
}
