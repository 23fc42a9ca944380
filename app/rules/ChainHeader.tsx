import { memo, useState } from 'react';
import { Glyph, Icon, Menu, type MenuItem, Tag, thin } from '../ui';
import { ChainName } from './ChainName';
import { ChainSelect } from './ChainSelect';
import { useActions, useEdit, useFindings } from './context';
import { callersOf, chainIn, TABLES } from './model';
import { Notes } from './RuleRow';
import { WHERE } from './words';

/** Which chain is on show, its policy, and what can be done with chains and tables. */
export const ChainHeader = memo(function ChainHeader() {
  const rules = useEdit((s) => s.rules);
  const table = useEdit((s) => s.table);
  const name = useEdit((s) => s.chain);
  const actions = useActions();
  const [naming, setNaming] = useState<'new' | 'rename' | null>(null);
  const notes = useFindings();
  const chain = chainIn(rules, table, name);
  // Of a chain of the kernel's own nobody asks: thousands of rules would be read for it.
  const callers = chain?.builtin === false ? callersOf(rules, table, name).filter((r) => !r.off) : [];
  const missing = TABLES.filter((t) => !rules.tables.some((b) => b.name === t));
  const items: readonly MenuItem[] = [
    {
      key: 'new',
      label: 'New chain …',
      icon: <Icon name="plus" size={16} />,
      testid: 'chain-new',
      run: () => setNaming('new'),
    },
    ...(chain !== null && !chain.builtin
      ? [
          {
            key: 'rename',
            label: 'Rename chain …',
            icon: <Icon name="edit" size={16} />,
            testid: 'chain-rename',
            run: () => setNaming('rename'),
          },
          {
            key: 'delete',
            label:
              callers.length === 0
                ? `Delete ${name}`
                : `Delete ${name}, and ${callers.length === 1 ? 'the rule that jumps' : `${callers.length} rules that jump`} to it`,
            tone: 'bad' as const,
            icon: <Icon name="trash" size={16} />,
            testid: 'chain-delete',
            run: () => actions.removeChain(),
          },
        ]
      : []),
    {
      key: 'format',
      label: 'Format the text',
      hint: 'Shift Alt F',
      icon: <Icon name="list" size={16} />,
      testid: 'text-format',
      run: () => actions.format(),
    },
    ...missing.map((t) => ({
      key: `table-${t}`,
      label: `Add table ${t}`,
      icon: <Icon name="plus" size={16} />,
      testid: `table-add-${t}`,
      run: () => actions.newTable(t),
    })),
  ];
  const about =
    chain?.builtin === true
      ? `${WHERE[name] ?? ''}${table === 'nat' ? ' · first packets of flows only' : ''}`
      : chain === null
        ? ''
        : callers.length === 0
          ? 'no rule jumps here'
          : `reached from ${someOf([...new Set(callers.map((r) => r.chain))])}`;
  return (
    <header className="mb-[13px] flex flex-none flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-[10px] gap-y-2">
        <Tag hue={table} className="rounded-[8px]! px-[10px]! py-[5px]! text-[18px]!">
          {table}
        </Tag>
        <span className="relative flex min-w-0 items-center rounded-control hover:bg-raised focus-within:outline-2 focus-within:outline-focus">
          <h1 className="truncate text-[24px] tracking-[-.02em]" data-testid="chain-name">
            {name}
          </h1>
          <Icon name="down" size={16} className="mx-1 text-t3" />
          <ChainSelect
            label="Chain"
            testid="chain-select"
            className="absolute inset-0 w-full cursor-pointer opacity-0"
            tables={rules.tables}
            chosen={`${table} ${name}`}
            onChoose={actions.show}
          />
        </span>
        <Menu
          label="Chains and tables"
          testid="chain-menu"
          className="grid size-8 flex-none place-items-center rounded-control text-t2 hover:bg-raised hover:text-t1 pointer-coarse:size-11"
          items={items}
        >
          <Icon name="more" size={18} />
        </Menu>
        <span className="min-w-0 flex-1 basis-[120px] truncate text-t2" title={about}>
          {about}
        </span>
        {chain?.policy != null && <Policy policy={chain.policy} />}
      </div>
      {chain !== null && chain.line > 0 && <Notes notes={notes.get(chain.line) ?? []} />}
      {naming !== null && (
        <ChainName
          key={naming}
          renamed={naming === 'rename' ? name : ''}
          onName={naming === 'rename' ? actions.rename : actions.newChain}
          onDone={() => setNaming(null)}
        />
      )}
    </header>
  );
});

/** Chains that are named; of more, the others are counted. */
const NAMED = 12;

const someOf = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED).join(', ')} and ${thin(names.length - NAMED)} more`;

function Policy({ policy }: { readonly policy: string }) {
  const actions = useActions();
  const drop = policy === 'DROP';
  return (
    <label className="flex items-center gap-2">
      <span className="text-t2">Policy</span>
      <span className="relative inline-flex h-[34px] items-center gap-[7px] rounded-control border border-line-2 bg-card px-[11px] font-semibold focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-2 hover:bg-raised pointer-coarse:h-11">
        <Glyph name={drop ? 'bad' : 'ok'} size={16} className={drop ? 'text-bad' : 'text-ok'} />
        {policy}
        <Icon name="down" size={14} />
        <select
          aria-label="Policy"
          data-testid="chain-policy"
          className="absolute inset-0 w-full cursor-pointer opacity-0"
          value={policy}
          onChange={(e) => actions.setPolicy(e.target.value)}
        >
          <option value="ACCEPT">ACCEPT</option>
          <option value="DROP">DROP</option>
          {policy !== 'ACCEPT' && policy !== 'DROP' && <option value={policy}>{policy}</option>}
        </select>
      </span>
    </label>
  );
}
