import type { OwnHook } from '../../../src/engine';
import { useRun } from '../../store';
import { Button, IconButton } from '../../ui';
import { editItem, removeItem } from '../edit';
import { Choice, Fields, Row, Switch, TextBox } from '../fields';
import { useReport } from '../hooks';
import { typedNumber } from '../typed';
import { withMember } from '../withMember';
import { Decision } from './Decision';
import { HOOKS, isOwnHookName, orderedHook, placeWords, priorityText, verdictWords } from './model';

const VERDICTS = [
  ['accept', 'accept: the next function is asked'],
  ['drop', 'drop: the packet ends here'],
  ['stolen', 'stolen: it keeps the packet'],
  ['queue', 'queue: a program decides'],
] as const;

interface HookProps {
  readonly host: string;
  readonly hook: OwnHook;
  /** Its place among the host's. */
  readonly i: number;
  /** There is a program behind the queue that it puts packets into. */
  readonly hasProgram: boolean;
  readonly onProgram: (queue: number) => void;
}

/** A function of one's own: where it is registered, which packets it takes, what becomes of them. */
export function HookCard({
  host,
  hook,
  i,
  open,
  hasProgram,
  onToggle,
  onGone,
  onProgram,
}: HookProps & {
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onGone: () => void;
}) {
  const { name, family = 'ip', priority, verdict, match = '' } = hook;
  const fault = useReport(host, 'hooks')
    .find((d) => d.line === i + 1)
    ?.message.replace(`${name}: `, '');
  const id = `own-hook-${i + 1}`;
  const words = `${family === 'ip6' ? 'IPv6 ' : ''}${hook.hook} ${priorityText(priority)}`;
  return (
    <Row
      open={open}
      onToggle={onToggle}
      wrong={fault !== undefined}
      testid={id}
      label={`Function ${name} at ${words}: ${verdictWords(verdict)}`}
      face={
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
          <b className="mono font-[650] text-[15px]">{name}</b>
          <span className="mono text-[12.5px] text-t2">{words}</span>
          <span className="mono min-w-0 truncate text-[12.5px] text-t2">{match === '' ? 'every packet' : match}</span>
          <span className={verdict === 'drop' ? 'text-[13px] text-bad' : 'text-[13px] text-t2'}>
            {verdictWords(verdict)}
          </span>
        </span>
      }
      aside={
        <IconButton
          icon="trash"
          size={17}
          label={`Delete function ${name}`}
          data-testid={`remove-${id}`}
          onClick={() => {
            onGone();
            removeItem(host, 'hooks', i);
          }}
        />
      }
    >
      {open && <HookFields {...{ host, hook, i, id, fault, hasProgram, onProgram }} />}
    </Row>
  );
}

function HookFields({
  host,
  hook,
  i,
  id,
  fault,
  hasProgram,
  onProgram,
}: HookProps & { readonly id: string; readonly fault: string | undefined }) {
  const { name, family = 'ip', priority, verdict, match = '' } = hook;
  const place = useRun((s) => {
    const at = s.result?.hosts
      .find((h) => h.name === host)
      ?.hooks.find((h) => h.family === family && h.hook === hook.hook);
    return placeWords(at?.functions ?? [], name);
  });
  const change = (next: OwnHook, group = ''): string | null => editItem(host, 'hooks', i, orderedHook(next), group);
  return (
    <div className="border-line border-t px-[14px] py-3">
      <Fields>
        <TextBox label="Name" value={name} testid={`${id}-name`} commit={(v) => change({ ...hook, name: v }, 'name')} />
        <Choice
          label="Hook"
          value={hook.hook}
          options={HOOKS.map((h) => [h, h] as const)}
          testid={`${id}-hook`}
          mono
          onPick={(v) => isOwnHookName(v) && change({ ...hook, hook: v })}
        />
        <TextBox
          label="Priority"
          value={String(priority)}
          testid={`${id}-priority`}
          offers={['-400', '-300', '-200', '-150', '-100', '0', '50', '100']}
          help={place === '' ? undefined : `Runs ${place}.`}
          commit={(v) => change({ ...hook, priority: typedNumber(v.replace('−', '-')) }, 'priority')}
        />
        <Choice
          label="Family"
          value={family}
          options={[
            ['ip', 'IPv4'],
            ['ip6', 'IPv6'],
          ]}
          testid={`${id}-family`}
          onPick={(v) => change(withMember(hook, 'family', v === 'ip6' ? 'ip6' : undefined))}
        />
      </Fields>
      <Decision
        id={id}
        match={match}
        verdict={typeof verdict === 'string' ? verdict : 'queue'}
        verdicts={VERDICTS}
        verdictLabel="Verdict"
        fault={fault}
        help="For instance -p tcp --dport 80 -m conntrack --ctstate NEW"
        className="mt-3"
        onMatch={(v) => change(withMember(hook, 'match', v || undefined), 'match')}
        onVerdict={(v) => change({ ...hook, verdict: v === 'queue' ? { queue: 0 } : v })}
      />
      {typeof verdict !== 'string' && (
        <div className="mt-3 flex flex-wrap items-end gap-x-4 gap-y-3">
          <TextBox
            label="Queue"
            value={String(verdict.queue)}
            testid={`${id}-queue`}
            className="w-[120px]"
            commit={(v) => change({ ...hook, verdict: { ...verdict, queue: typedNumber(v) } }, 'queue')}
          />
          <Switch
            label="Without a program the packet goes on"
            on={verdict.bypass === true}
            testid={`${id}-bypass`}
            onChange={(on) => change({ ...hook, verdict: withMember(verdict, 'bypass', on ? true : undefined) })}
          />
          {!hasProgram && (
            <Button
              icon="plus"
              size="sm"
              className="mb-[3px]"
              data-testid={`${id}-program`}
              onClick={() => onProgram(verdict.queue)}
            >
              Add a program behind queue {verdict.queue}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
