import { useEffect, useState } from 'react';
import type { LabHost, OwnHook, OwnQueue } from '../../../src/engine';
import { stores, useLab, useRun } from '../../store';
import { Button, Empty, IconButton } from '../../ui';
import { editHost } from '../edit';
import { Choice, Fields, FormHead, Row, Switch, TextBox } from '../fields';
import { useReport } from '../hooks';
import { focusSoon } from './focus';
import {
  freeName,
  freeQueue,
  HOOKS,
  isOwnHookName,
  newHook,
  orderedHook,
  placeWords,
  priorityText,
  typedNumber,
  verdictWords,
  withList,
  withMember,
} from './model';
import { QueueCard } from './QueueCard';

const NO_HOOKS: readonly OwnHook[] = [];
const NO_QUEUES: readonly OwnQueue[] = [];

/** Hook functions of one's own, and the programs behind a host's queues. */
export function HooksForm({ host, line = null }: { readonly host: string; readonly line?: number | null }) {
  const hooks = useLab((s) => s.lab.hosts[host]?.hooks ?? NO_HOOKS);
  const queues = useLab((s) => s.lab.hosts[host]?.queues ?? NO_QUEUES);
  // The function that the editor was opened at, or that is chosen in the text.
  const [open, setOpen] = useState<number | null>(() => {
    const { editorAt } = stores.view.getState();
    return editorAt?.host === host && editorAt.member === 'hooks' ? editorAt.line - 1 : null;
  });
  useEffect(() => {
    if (line !== null) setOpen(line - 1);
  }, [line]);
  const addHook = (): void => {
    editHost(host, (h) => withList(h, 'hooks', [...(h.hooks ?? []), newHook(h.hooks ?? [])]));
    setOpen(hooks.length);
    focusSoon(`own-hook-${hooks.length + 1}-name`);
  };
  const addQueue = (number = freeQueue(queues)): void => {
    editHost(host, (h) => withList(h, 'queues', [...(h.queues ?? []), { number, name: freeProgram(h) }]));
    focusSoon(`own-queue-${queues.length + 1}-name`);
  };
  return (
    <>
      <FormHead
        title="Hook functions of your own"
        lead="As a kernel module registers them: a function at a hook, at a priority among the tables there. It takes the packets that its condition says, and lets all others pass."
      >
        <Button icon="plus" data-testid="add-own-hook" onClick={addHook}>
          Add a function
        </Button>
      </FormHead>
      <div className="flex flex-col gap-2">
        {hooks.map((hook, i) => (
          <HookCard
            // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
            key={i}
            host={host}
            hook={hook}
            i={i}
            open={open === i}
            hasProgram={typeof hook.verdict === 'string' || queues.some((q) => sameQueue(q, hook))}
            onToggle={() => setOpen(open === i ? null : i)}
            onGone={() => setOpen(null)}
            onProgram={addQueue}
          />
        ))}
        {hooks.length === 0 && <Empty text="None yet. The tables and connection tracking are there by themselves." />}
      </div>
      <div className="mt-8">
        <FormHead
          title="Programs behind queues"
          lead="A packet that NFQUEUE or a function puts into a queue waits for the program that reads it. The program accepts, drops or repeats it, or sends it back changed."
        >
          <Button icon="plus" data-testid="add-own-queue" onClick={() => addQueue()}>
            Add a program
          </Button>
        </FormHead>
        <div className="flex flex-col gap-2">
          {queues.map((queue, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: numbers change while they are typed
            <QueueCard key={i} host={host} queue={queue} i={i} />
          ))}
          {queues.length === 0 && (
            <Empty text="None yet. A packet in a queue without a program is dropped, or passes with --queue-bypass." />
          )}
        </div>
      </div>
    </>
  );
}

function sameQueue(queue: OwnQueue, { verdict }: OwnHook): boolean {
  return typeof verdict !== 'string' && verdict.queue === queue.number;
}

function freeProgram(host: LabHost): string {
  return freeName(
    'program',
    (host.queues ?? []).map((q) => q.name ?? ''),
  );
}

const VERDICTS = [
  ['accept', 'accept: the next function is asked'],
  ['drop', 'drop: the packet ends here'],
  ['stolen', 'stolen: it keeps the packet'],
  ['queue', 'queue: a program decides'],
] as const;

function HookCard({
  host,
  hook,
  i,
  open,
  hasProgram,
  onToggle,
  onGone,
  onProgram,
}: {
  readonly host: string;
  readonly hook: OwnHook;
  readonly i: number;
  readonly open: boolean;
  readonly hasProgram: boolean;
  readonly onToggle: () => void;
  readonly onGone: () => void;
  readonly onProgram: (queue: number) => void;
}) {
  const { name, family = 'ip', priority, verdict, match = '' } = hook;
  const fault = useReport(host, 'hooks')
    .find((d) => d.line === i + 1)
    ?.message.replace(`${name}: `, '');
  const place = useRun((s) => {
    const at = s.result?.hosts
      .find((h) => h.name === host)
      ?.hooks.find((h) => h.family === family && h.hook === hook.hook);
    return placeWords(at?.functions ?? [], name);
  });
  const id = `own-hook-${i + 1}`;
  const change = (next: OwnHook, group = ''): string | null =>
    editHost(
      host,
      (h) => withList(h, 'hooks', (h.hooks ?? []).with(i, orderedHook(next))),
      group === '' ? '' : `hooks/${i}/${group}`,
    );
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
            stores.lab.getState().editHost(host, (h) => withList(h, 'hooks', (h.hooks ?? []).toSpliced(i, 1)));
          }}
        />
      }
    >
      {open && (
        <div className="border-line border-t px-[14px] py-3">
          <Fields>
            <TextBox
              label="Name"
              value={name}
              testid={`${id}-name`}
              commit={(v) => change({ ...hook, name: v }, 'name')}
            />
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
              {...(place === '' ? {} : { help: `Runs ${place}.` })}
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
          <div className="mt-3 grid grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] gap-x-4 gap-y-3 max-[900px]:grid-cols-1">
            <TextBox
              label="Condition, as in a rule of iptables"
              value={match}
              placeholder="every packet"
              testid={`${id}-match`}
              problem={fault}
              help="For instance -p tcp --dport 80 -m conntrack --ctstate NEW"
              commit={(v) => change(withMember(hook, 'match', v === '' ? undefined : v), 'match')}
            />
            <Choice
              label="Verdict"
              value={typeof verdict === 'string' ? verdict : 'queue'}
              options={VERDICTS}
              testid={`${id}-verdict`}
              onPick={(v) => {
                if (v === 'queue') change({ ...hook, verdict: { queue: 0 } });
                else if (v === 'accept' || v === 'drop' || v === 'stolen') change({ ...hook, verdict: v });
              }}
            />
          </div>
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
      )}
    </Row>
  );
}
