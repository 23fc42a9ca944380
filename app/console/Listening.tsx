import { cx } from '../ui';
import { EMPTY } from './consoleStore';
import { consoles, useConsoles } from './consoles';

/** The commands that listen on a host, each with what ends it. */
export function Listening({ host }: { readonly host: string }) {
  const { entries } = useConsoles((s) => s.hosts[host] ?? EMPTY);
  const live = entries.filter((e) => e.state === 'live');
  if (live.length === 0) return null;
  return (
    <ul
      aria-label={`What listens on ${host}`}
      className="m-0 flex flex-none list-none flex-wrap gap-x-4 gap-y-1 border-line border-t px-4 py-[5px]"
      data-testid="console-listening"
    >
      {live.map((entry, i) => (
        <li key={entry.id} className="flex min-w-0 items-center gap-2 text-[12.5px]">
          <span
            className={cx('size-[6px] flex-none rounded-full', entry.over || entry.early ? 'bg-line-2' : 'bg-ok')}
            aria-hidden="true"
          />
          <span className="mono min-w-0 truncate text-t2">{entry.command}</span>
          <button
            type="button"
            className="flex-none rounded-[6px] border border-line-2 px-[7px] leading-[18px] text-t2 hover:bg-raised hover:text-t1 pointer-coarse:min-h-11"
            data-testid={`console-stop-${entry.id}`}
            aria-label={`Stop ${entry.command}`}
            title={i === live.length - 1 ? 'Stop (Ctrl C)' : 'Stop'}
            onClick={() => consoles.getState().stop(host, entry.id)}
          >
            Stop
          </button>
        </li>
      ))}
    </ul>
  );
}
