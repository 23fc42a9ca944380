import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { hostIcon, stores, useLab } from '../store';
import { Glyph, Icon, Kbd } from '../ui';

/** The list of hosts, open as soon as it is there: it is loaded when it is first asked for. */
export function HostMenu({
  host,
  className,
  children,
}: {
  readonly host: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const hosts = useLab((s) => s.lab.hosts);
  // What was opened takes the focus, which else goes back to the button.
  const elsewhere = useRef(false);
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger className={className} data-testid="crumb-host" aria-label={`Host ${host}`}>
        {children}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        {/* At the end of the page it is in none of its landmarks, so it is one. */}
        <section aria-label={`Host ${host}`}>
          <DropdownMenu.Content
            align="start"
            sideOffset={6}
            onCloseAutoFocus={(e) => {
              if (elsewhere.current) e.preventDefault();
              elsewhere.current = false;
            }}
            collisionPadding={8}
            className="z-50 max-h-[70vh] min-w-[220px] overflow-y-auto rounded-[10px] border border-line-2 bg-card p-1 shadow-lift"
          >
            {Object.entries(hosts).map(([name, spec]) => (
              <DropdownMenu.Item
                key={name}
                data-testid={`goto-${name}`}
                className="flex min-h-8 cursor-pointer items-center gap-2 rounded-[7px] px-2 text-[14px] outline-none data-highlighted:bg-raised pointer-coarse:min-h-11"
                onSelect={() => stores.view.getState().showHost(name)}
              >
                <Icon name={hostIcon(spec)} size={16} className="text-t3" />
                <span className="flex-1">{name}</span>
                {name === host && <Glyph name="pass" size={14} className="text-t2" label="on show" />}
              </DropdownMenu.Item>
            ))}
            <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />
            <DropdownMenu.Item
              data-testid="host-edit"
              className="flex min-h-8 cursor-pointer items-center gap-2 rounded-[7px] px-2 text-[14px] outline-none data-highlighted:bg-raised pointer-coarse:min-h-11"
              onSelect={() => {
                elsewhere.current = true;
                stores.view.getState().setOverlay('editor');
              }}
            >
              <Icon name="edit" size={16} className="text-t3" />
              <span className="flex-1">Edit {host}</span>
              <Kbd>E</Kbd>
            </DropdownMenu.Item>
            <DropdownMenu.Item
              data-testid="host-console"
              className="flex min-h-8 cursor-pointer items-center gap-2 rounded-[7px] px-2 text-[14px] outline-none data-highlighted:bg-raised pointer-coarse:min-h-11"
              onSelect={() => {
                elsewhere.current = true;
                stores.view.getState().openConsole(host);
              }}
            >
              <Icon name="terminal" size={16} className="text-t3" />
              <span className="flex-1">Console on {host}</span>
              <Kbd>C</Kbd>
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </section>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
