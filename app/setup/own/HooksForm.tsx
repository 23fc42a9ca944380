import { useEffect, useState } from 'react';
import type { OwnHook, OwnQueue } from '../../../src/engine';
import { stores, useLab } from '../../store';
import { Button, Empty } from '../../ui';
import { addItem } from '../edit';
import { FormHead } from '../fields';
import { focusSoon } from '../focus';
import { freeName } from '../names';
import { HookCard } from './HookCard';
import { freeQueue, newHook } from './model';
import { QueueCard } from './QueueCard';

const NO_HOOKS: readonly OwnHook[] = [];
const NO_QUEUES: readonly OwnQueue[] = [];

/** Hook functions of one's own, and the programs behind a host's queues. */
export function HooksForm({
  host,
  line,
  onMember,
}: {
  readonly host: string;
  readonly line: number | null;
  /** What was added is seen in the text, too. */
  readonly onMember: (member: 'hooks' | 'queues') => void;
}) {
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
    addItem(host, 'hooks', newHook(hooks));
    setOpen(hooks.length);
    onMember('hooks');
    focusSoon(`own-hook-${hooks.length + 1}-name`);
  };
  const addQueue = (number = freeQueue(queues)): void => {
    const taken = queues.map((q) => q.name ?? '');
    addItem(host, 'queues', { number, name: freeName('program', taken) });
    onMember('queues');
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
