import type { OwnQueue, OwnQueueRule, PacketChange } from '../../../src/engine';
import { useLab } from '../../store';
import { Button, IconButton } from '../../ui';
import { editItem, removeItem } from '../edit';
import { Choice, Fields, Problem, TextBox } from '../fields';
import { focusSoon } from '../focus';
import { useReport } from '../hooks';
import { typedNumber } from '../typed';
import { withMember } from '../withMember';
import { Decision } from './Decision';
import { CHANGES, feeders, orderedQueue, repeatsForEver, ruleFault, ruleWords, withChange } from './model';

const NUMBERS: ReadonlySet<keyof PacketChange> = new Set(['sport', 'dport', 'ttl', 'tos']);

/** A program behind a queue: its name and number, and its rules. */
export function QueueCard({ host, queue, i }: { readonly host: string; readonly queue: OwnQueue; readonly i: number }) {
  const spec = useLab((s) => s.lab.hosts[host]);
  const messages = useReport(host, 'queues')
    .filter((d) => d.line === i + 1)
    .map((d) => d.message);
  const rules = queue.rules ?? [];
  const id = `own-queue-${i + 1}`;
  const title = queue.name ?? `queue ${queue.number}`;
  const fed = spec === undefined ? [] : feeders(spec, queue.number);
  const change = (next: OwnQueue, group = ''): string | null => editItem(host, 'queues', i, orderedQueue(next), group);
  const setRules = (next: readonly OwnQueueRule[], group = ''): string | null =>
    change(withMember(queue, 'rules', next.length === 0 ? undefined : next), group);
  const add = (): void => {
    setRules([...rules, { match: '', verdict: 'accept' }]);
    focusSoon(`${id}-rule-${rules.length + 1}-match`);
  };
  return (
    <section
      aria-label={`Program ${title} behind queue ${queue.number}`}
      data-testid={id}
      className="rounded-card border border-line bg-card px-[14px] pt-3 pb-[14px]"
    >
      <div className="flex items-start gap-2">
        <Fields className="min-w-0 flex-1">
          <TextBox
            label="Name"
            value={queue.name ?? ''}
            placeholder={`queue ${queue.number}`}
            testid={`${id}-name`}
            commit={(v) => change(withMember(queue, 'name', v || undefined), 'name')}
          />
          <TextBox
            label="Queue"
            value={String(queue.number)}
            testid={`${id}-number`}
            commit={(v) => change({ ...queue, number: typedNumber(v) }, 'number')}
          />
          <Choice
            label="All other packets"
            value={queue.otherwise ?? 'accept'}
            options={[
              ['accept', 'accept'],
              ['drop', 'drop'],
            ]}
            testid={`${id}-otherwise`}
            onPick={(v) => change(withMember(queue, 'otherwise', v === 'drop' ? 'drop' : undefined))}
          />
        </Fields>
        <IconButton
          icon="trash"
          size={17}
          label={`Delete program ${title}`}
          className="mt-[21px]"
          data-testid={`remove-${id}`}
          onClick={() => removeItem(host, 'queues', i)}
        />
      </div>
      <p className="mt-2 text-[12.5px] text-t3" data-testid={`${id}-fed`}>
        {fed.length === 0
          ? `Nothing puts packets into queue ${queue.number}. A rule does with -j NFQUEUE --queue-num ${queue.number}, a function with the verdict queue.`
          : `Packets come from ${fed.join(', ')}.`}
      </p>
      <ol className="m-0 mt-3 flex list-none flex-col gap-2 p-0">
        {rules.map((rule, j) => (
          <RuleCard
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name but its place
            key={j}
            id={`${id}-rule-${j + 1}`}
            rule={rule}
            n={j + 1}
            fault={ruleFault(messages, j + 1)}
            change={(next, group = '') => setRules(rules.with(j, next), group === '' ? '' : `${j}/${group}`)}
            remove={() => setRules(rules.toSpliced(j, 1))}
          />
        ))}
      </ol>
      <Button icon="plus" size="sm" className="mt-3" data-testid={`${id}-add-rule`} onClick={add}>
        Add a rule
      </Button>
    </section>
  );
}

const VERDICTS = [
  ['accept', 'accept: the next function is asked'],
  ['drop', 'drop: the packet ends here'],
  ['repeat', 'repeat: ask the function again'],
  ['queue', 'hand it on to another queue'],
] as const;

function RuleCard({
  id,
  rule,
  n,
  fault,
  change,
  remove,
}: {
  readonly id: string;
  readonly rule: OwnQueueRule;
  readonly n: number;
  readonly fault: string | undefined;
  readonly change: (next: OwnQueueRule, group?: string) => string | null;
  readonly remove: () => void;
}) {
  const { verdict, match = '' } = rule;
  return (
    <li
      className="rounded-card border border-line px-3 pt-2 pb-3"
      data-testid={id}
      aria-label={`Rule ${n}: ${ruleWords(rule)}`}
    >
      <div className="flex items-center gap-2">
        <b className="text-[13px] text-t2">Rule {n}</b>
        <span className="min-w-0 flex-1 truncate text-[12.5px] text-t3">{ruleWords(rule)}</span>
        <IconButton icon="trash" size={16} label={`Delete rule ${n}`} data-testid={`remove-${id}`} onClick={remove} />
      </div>
      <Decision
        id={id}
        match={match}
        verdict={typeof verdict === 'string' ? verdict : 'queue'}
        verdicts={VERDICTS}
        verdictLabel="Answer"
        fault={fault}
        onMatch={(v) => change(withMember(rule, 'match', v || undefined), 'match')}
        onVerdict={(v) => change({ ...rule, verdict: v === 'queue' ? { queue: 1 } : v })}
      />
      {verdict !== 'drop' && (
        <fieldset className="m-0 mt-3 min-w-0 border-0 p-0">
          <legend className="mb-2 p-0 text-[12.5px] text-t2">The packet comes back with</legend>
          <Fields className="grid-cols-[repeat(auto-fill,minmax(128px,1fr))]">
            {typeof verdict !== 'string' && (
              <TextBox
                label="Queue"
                value={String(verdict.queue)}
                testid={`${id}-queue`}
                commit={(v) => change({ ...rule, verdict: { queue: typedNumber(v) } }, 'queue')}
              />
            )}
            <TextBox
              label="Mark"
              value={rule.mark === undefined ? '' : String(rule.mark)}
              placeholder="as it is"
              testid={`${id}-mark`}
              commit={(v) => change(withMember(rule, 'mark', v === '' ? undefined : typedNumber(v)), 'mark')}
            />
            {CHANGES.map(([key, label]) => (
              <TextBox
                key={key}
                label={label}
                value={rule.set?.[key] === undefined ? '' : String(rule.set[key])}
                placeholder="as it is"
                testid={`${id}-${key}`}
                commit={(v) =>
                  change(
                    withChange(rule, key, v === '' ? undefined : ((NUMBERS.has(key) ? typedNumber(v) : v) as never)),
                    key,
                  )
                }
              />
            ))}
          </Fields>
        </fieldset>
      )}
      {repeatsForEver(rule) && (
        <div className="mt-2">
          <Problem
            text="Nothing ends this: the packet comes back as it was, and is asked about again. Let the rule set a mark, and ask for -m mark --mark 0."
            testid={`${id}-endless`}
          />
        </div>
      )}
    </li>
  );
}
