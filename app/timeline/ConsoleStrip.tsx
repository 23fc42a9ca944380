import { stores, useView } from '../store';
import { Icon, IconButton } from '../ui';

/** What can be asked of any host, and changes nothing. */
const EXAMPLES = ['iptables-save', 'conntrack -L', 'ip route'] as const;

/** The edge of the console: opens it, with a question if one of them is picked. */
export function ConsoleStrip() {
  const open = useView((s) => s.console !== null);
  const host = useView((s) => s.host);
  const view = stores.view.getState();
  if (host === '') return null;
  return (
    <div className="flex h-full min-w-0 items-center gap-1 pl-2" data-testid="console-strip">
      <button
        type="button"
        className="flex h-full items-center gap-[10px] px-2 font-semibold text-[12.5px] text-t2 -outline-offset-2 hover:text-t1"
        aria-expanded={open}
        aria-keyshortcuts="C"
        data-testid="console-toggle"
        onClick={() => (open ? view.closeConsole() : view.openConsole())}
      >
        <Icon name={open ? 'down' : 'up'} size={13} className="text-t3" />
        Console
      </button>
      {EXAMPLES.map((line) => (
        <button
          key={line}
          type="button"
          title={`Run on ${host}`}
          className="mono h-full whitespace-nowrap px-2 text-[12px] text-t3 -outline-offset-2 hover:text-t1"
          onClick={() => view.openConsole(stores.view.getState().console ?? host, line)}
        >
          {line}
        </button>
      ))}
    </div>
  );
}

/** The same where there is no room for a strip. */
export function ConsoleButton() {
  const open = useView((s) => s.console !== null);
  const presenter = useView((s) => s.presenter);
  const host = useView((s) => s.host);
  const view = stores.view.getState();
  if (presenter || host === '') return null;
  return (
    <IconButton
      icon="terminal"
      label="Console"
      keys="C"
      pressed={open}
      className="size-11"
      data-testid="console-toggle"
      onClick={() => (open ? view.closeConsole() : view.openConsole())}
    />
  );
}
