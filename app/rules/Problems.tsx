import { mended } from '../setup/lazy';
import { stores } from '../store';
import { Button, Icon } from '../ui';
import { useActions, useEdit, useHandle, useProblems } from './context';
import { fixLabel, problemText } from './marks';
import { setLine } from './ruleEdits';

/** What is wrong with a line, and how it can be mended: the same as in the text. */
export function Problems({ line }: { readonly line: number }) {
  const { host } = useHandle();
  const member = useEdit((s) => s.member);
  const rules = useEdit((s) => s.rules);
  const ids = useEdit((s) => s.ids);
  const actions = useActions();
  const found = useProblems(line);
  if (found.length === 0) return null;
  const id = ids[line - 1];
  return (
    <div className="mt-2 mb-1 flex flex-col gap-2">
      {found.map((d) => (
        <div key={`${d.column}/${d.message}`} className="rounded-[9px] border border-bad px-3 py-2" role="alert">
          <p className="flex gap-2">
            <Icon name="warn" size={16} className="mt-[2px] text-bad" />
            <span>{problemText(d)}</span>
          </p>
          <p className="mt-[2px] text-[13px] text-t2">
            {member}-restore would refuse the whole file. Until it is fixed, the results below leave line {line} out.
          </p>
          <div className="mt-2 flex gap-2">
            {d.suggestion !== undefined && (
              <Button
                size="sm"
                tone="primary"
                data-testid="line-fix"
                onClick={() => {
                  const text = mended(rules.lines[line - 1] ?? '', d);
                  stores.lab.getState().editHost(host, (h) => ({ ...h, [member]: setLine(rules, line, text) }));
                }}
              >
                {fixLabel(d.suggestion)}
              </Button>
            )}
            {id !== undefined && rules.byLine[line] !== undefined && (
              <Button size="sm" onClick={() => actions.toggle([id], false)}>
                Disable line
              </Button>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}
