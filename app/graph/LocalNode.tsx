import { stores, useView } from '../store';
import { cx, Icon } from '../ui';
import { onBox } from './flow';
import { SendButton } from './SendButton';
import { useScene } from './scene';

/** The processes of the host: programs behind queues, and sockets that listen as far as there is room. */
export function LocalNode() {
  const { host, walk, beat, layout } = useScene();
  const current =
    walk.here && (beat?.place.at === 'local' || walk.current === 'local:in' || walk.current === 'local:out');
  const { queues } = host;
  const labels = host.listeners.map(listener);
  const fit = fitting(labels, layout.local.w - LOCAL_ROOM - Math.min(2, queues.length) * QUEUE_ROOM);
  const asked = useAskedQueue();
  const selected = useView((s) => s.selection?.kind === 'local' && s.selection.host === host.name);
  const select = (): void => stores.view.getState().select({ kind: 'local', host: host.name }, 'chain');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button of its name is for keys
    <section
      onClick={onBox(select)}
      className="hook !rounded-[12px] !border-line-2 flex items-center gap-[10px] px-[14px] text-[13.5px] text-t2"
      data-state={current ? 'current' : 'idle'}
      data-testid="local-process"
      aria-label="Local processes"
      {...(selected ? { 'data-selected': '' } : {})}
    >
      <Icon name="gear" size={18} />
      <button type="button" className="whitespace-nowrap font-[650]" onClick={select}>
        Local processes
      </button>
      <span className="flex-1" />
      {queues.slice(0, 2).map((q) => (
        <span
          key={q.number}
          className={cx(
            'mono flex h-[30px] min-w-[52px] items-center gap-[6px] truncate rounded-[8px] border px-2 text-[12.5px]',
            asked === q.number ? 'border-packet text-t1' : 'border-line-2',
          )}
          data-testid={`queue-${q.number}`}
          data-state={asked === q.number ? 'current' : 'idle'}
          title={`${q.program}, the program behind queue ${q.number}`}
        >
          <b className="font-semibold">queue {q.number}</b>
          <span className="min-w-0 truncate">{q.program}</span>
        </span>
      ))}
      {queues.length > 2 && <span className="mono text-[12.5px]">+{queues.length - 2}</span>}
      <span className="mono flex gap-[10px] whitespace-nowrap text-[12.5px]">
        {labels.slice(0, fit).map((label, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two sockets may differ in their address alone
          <span key={i}>{label}</span>
        ))}
        {labels.length > fit && (
          <button
            type="button"
            className="rounded-[5px] px-1 font-semibold hover:bg-raised hover:text-t1"
            aria-label={`${labels.length - fit} more sockets: ${labels.slice(fit).join(', ')}`}
            title={labels.slice(fit).join('\n')}
            data-testid="more-sockets"
            onClick={() => stores.view.getState().openEditor({ host: host.name, member: 'listen', line: 0 })}
          >
            +{labels.length - fit}
          </button>
        )}
      </span>
      <SendButton host={host.name} place={{ at: 'local' }} label="Send a packet from a local process" />
    </section>
  );
}

/** The queue whose program has the packet in the beat on show; null if none has. */
function useAskedQueue(): number | null {
  const { beat, run, walk } = useScene();
  if (!walk.here || beat?.kind !== 'queue') return null;
  const event = run.events[beat.say];
  return event?.type === 'queue' ? event.queue : null;
}

/** Icon, name, send button and edges; a queue with its program; one character of a label, and the gap after it. */
const LOCAL_ROOM = 212;
const QUEUE_ROOM = 130;
const LETTER = 7.6;
const LABEL_GAP = 10;
const MORE_ROOM = 42;

/** How many labels fit whole into so many pixels, with room for the number of the others. */
function fitting(labels: readonly string[], room: number): number {
  let used = 0;
  for (let i = 0; i < labels.length; i++) {
    used += (labels[i] as string).length * LETTER + LABEL_GAP;
    const last = i === labels.length - 1;
    if (used > room - (last ? 0 : MORE_ROOM)) return i;
  }
  return labels.length;
}

function listener(l: { readonly protocol: string; readonly port: number; readonly service: string }): string {
  const name = l.service === 'echo' || l.service === 'silent' ? l.protocol : l.service;
  return `${name} :${l.port}`;
}
