import { DropdownMenu } from 'radix-ui';
import { stores, useLab, useView } from '../store';
import { cx, Glyph, Icon } from '../ui';

/** The host on show; opens the list of all hosts. */
export function HostSwitcher({ large = false }: { readonly large?: boolean }) {
  const host = useView((s) => s.host);
  const here = useView((s) => s.view === 'host');
  const hosts = useLab((s) => s.lab.hosts);
  if (host === '') return null;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={cx(
          'flex h-[30px] min-w-0 items-center gap-[6px] rounded-[7px] px-2 pointer-coarse:h-11',
          large
            ? 'font-[650] text-[16px]'
            : here
              ? 'bg-raised font-semibold text-t1'
              : 'text-t2 hover:bg-raised hover:text-t1',
        )}
        data-testid="crumb-host"
        aria-label={`Host ${host}`}
      >
        {!large && <Icon name="host" size={17} />}
        <span className="max-w-[180px] truncate">{host}</span>
        <Icon name="down" size={13} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[70vh] min-w-[220px] overflow-y-auto rounded-[10px] border border-line-2 bg-card p-1 shadow-lift"
        >
          {Object.keys(hosts).map((name) => (
            <DropdownMenu.Item
              key={name}
              data-testid={`goto-${name}`}
              className="flex min-h-8 cursor-pointer items-center gap-2 rounded-[7px] px-2 text-[14px] outline-none data-highlighted:bg-raised pointer-coarse:min-h-11"
              onSelect={() => stores.view.getState().showHost(name)}
            >
              <Icon name="host" size={16} className="text-t3" />
              <span className="flex-1">{name}</span>
              {name === host && <Glyph name="pass" size={14} className="text-t2" label="on show" />}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
