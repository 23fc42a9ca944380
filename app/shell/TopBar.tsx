import { useDeferredValue } from 'react';
import { labTitle, stores, useCanRedo, useCanUndo, useLab, useSave, useView } from '../store';
import { Button, cx, Icon, IconButton, isDark, Kbd, type Layout, shortcut, useMedia } from '../ui';
import { HostSwitcher } from './HostSwitcher';

const SAVED = { saved: 'saved', saving: 'saving', unsaved: 'not saved' } as const;

/** Logo, the lab, where one is in it, and what can be done from everywhere. `packets`: their pane is there. */
export function TopBar({ layout, packets }: { readonly layout: Layout; readonly packets: boolean }) {
  const title = useLab((s) => labTitle(s.lab));
  const network = useView((s) => s.view === 'network');
  const view = stores.view.getState();
  const presenter = useView((s) => s.presenter);
  if (layout === 'narrow') return <NarrowBar />;
  if (presenter) return <PresenterBar />;
  const wide = layout === 'wide';
  const toPackets = !packets && (
    <IconButton
      icon="list"
      label="Packets and steps"
      onClick={() => view.setDrawer('packets')}
      data-testid="open-packets"
      {...(wide ? {} : { className: 'size-11' })}
    />
  );
  return (
    <header
      className={cx(
        'z-5 flex items-center gap-[14px] border-line border-b bg-panel px-[14px]',
        wide ? 'h-12' : 'h-[52px]',
      )}
      data-testid="topbar"
    >
      {!wide && toPackets}
      <Logo name={wide} />
      {wide && <Rule />}
      <button
        type="button"
        className="min-w-0 truncate rounded-control px-1 font-semibold text-[14.5px] hover:bg-raised"
        data-testid="lab-name"
        onClick={() => view.setOverlay('labs')}
        title={title}
      >
        {title}
      </button>
      {wide && <Saved />}
      {wide && <Rule />}
      <nav className="flex items-center gap-[6px] text-[14px]" aria-label="Place">
        <button
          type="button"
          className={cx(
            'flex h-[30px] items-center gap-[6px] rounded-[7px] px-2 pointer-coarse:h-11',
            network ? 'bg-raised font-semibold text-t1' : 'text-t2 hover:bg-raised hover:text-t1',
          )}
          aria-current={network ? 'page' : undefined}
          data-testid="crumb-network"
          onClick={view.showNetwork}
        >
          <Icon name="network" size={17} />
          {wide && 'Network'}
          {!wide && <span className="sr-only">Network</span>}
        </button>
        <Icon name="right" size={14} className="text-t3" />
        <HostSwitcher />
      </nav>
      <span className="flex-1" />
      {/* On a wide page it comes and goes: nothing else moves for it. */}
      {wide && toPackets}
      {wide ? (
        <button
          type="button"
          className="flex h-8 w-[212px] shrink-0 items-center gap-2 rounded-control border border-line bg-card pr-2 pl-[10px] text-[13px] text-t3 hover:border-line-2"
          data-testid="cmdk"
          onClick={() => view.setOverlay('palette')}
        >
          <Icon name="search" size={15} />
          Find or run
          <span className="flex-1" />
          <Kbd>{shortcut('K')}</Kbd>
        </button>
      ) : (
        <IconButton
          icon="search"
          label="Find or run"
          keys={shortcut('K')}
          onClick={() => view.setOverlay('palette')}
          className="size-11"
        />
      )}
      <UndoRedo />
      {wide && <Rule />}
      <div className="flex gap-[2px]">
        <ThemeButton />
        {wide && (
          <IconButton
            icon="screen"
            label="Presenter"
            keys="P"
            onClick={() => view.setPresenter(!stores.view.getState().presenter)}
          />
        )}
      </div>
      {wide ? (
        <Button size="sm" icon="share" data-testid="share" onClick={() => view.setOverlay('share')}>
          Share
        </Button>
      ) : (
        <IconButton icon="share" label="Share" onClick={() => view.setOverlay('share')} className="size-11" />
      )}
    </header>
  );
}

function Saved() {
  // What a key did is painted first.
  const saved = useDeferredValue(useSave((s) => s.status));
  return (
    <span
      className={cx('min-w-[39px] whitespace-nowrap text-[12.5px]', saved === 'unsaved' ? 'text-bad' : 'text-t3')}
      data-testid="saved"
    >
      {SAVED[saved]}
    </span>
  );
}

/** In front of a room: what is on show, and the way out. */
function PresenterBar() {
  const title = useLab((s) => labTitle(s.lab));
  const view = stores.view.getState();
  const network = useView((s) => s.view === 'network');
  return (
    <header className="z-5 flex h-14 items-center gap-4 border-line border-b bg-panel px-6" data-testid="topbar">
      <Logo name={false} />
      <span className="min-w-0 truncate font-semibold text-[17px]">{title}</span>
      <span className="flex-1" />
      <IconButton
        icon="network"
        label={network ? 'Show the host' : 'Show the network'}
        keys="G"
        pressed={network}
        onClick={() => (network ? view.showHost(stores.view.getState().host) : view.showNetwork())}
      />
      <HostSwitcher large />
      <Rule />
      <ThemeButton />
      <IconButton icon="close" label="Leave the presenter" keys="Esc" onClick={() => view.setPresenter(false)} />
    </header>
  );
}

function NarrowBar() {
  const view = stores.view.getState();
  const network = useView((s) => s.view === 'network');
  return (
    <header
      className="z-5 flex lowest:h-11 h-14 items-center gap-1 border-line border-b bg-panel pr-2 pl-4"
      data-testid="topbar"
    >
      <Logo name={false} />
      <HostSwitcher large />
      <span className="flex-1" />
      <IconButton icon="plus" label="Send a packet" onClick={() => view.setDrawer('packets')} className="size-11" />
      <IconButton
        icon="network"
        label={network ? 'Show the host' : 'Show the network'}
        pressed={network}
        onClick={() => (network ? view.showHost(stores.view.getState().host) : view.showNetwork())}
        className="size-11"
      />
      <IconButton icon="more" label="More" onClick={() => view.setOverlay('palette')} className="size-11" />
    </header>
  );
}

function Logo({ name }: { readonly name: boolean }) {
  return (
    <div className="flex items-center gap-2 font-bold text-[15.5px] tracking-[-0.02em]">
      <Icon name="hook" size={22} className="text-packet-text" />
      {name ? <h1 className="font-bold">Hookline</h1> : <h1 className="sr-only">Hookline</h1>}
    </div>
  );
}

function Rule() {
  return <div className="h-[22px] w-px shrink-0 bg-line" />;
}

function UndoRedo() {
  const undo = useCanUndo();
  const redo = useCanRedo();
  const lab = stores.lab.getState();
  return (
    <div className="flex gap-[2px]">
      <IconButton
        icon="undo"
        label="Undo"
        keys={shortcut('Z')}
        disabled={!undo}
        onClick={lab.undo}
        data-testid="undo"
      />
      <IconButton
        icon="redo"
        label="Redo"
        keys={shortcut('Z', true)}
        disabled={!redo}
        onClick={lab.redo}
        data-testid="redo"
      />
    </div>
  );
}

function ThemeButton() {
  const theme = useView((s) => s.theme);
  useMedia('(prefers-color-scheme: light)'); // the icon changes with the system, too
  const presenter = useView((s) => s.presenter);
  const dark = isDark(presenter && theme === 'system' ? 'light' : theme);
  return (
    <IconButton
      icon={dark ? 'sun' : 'moon'}
      label={dark ? 'Light theme' : 'Dark theme'}
      keys="T"
      data-testid="theme"
      onClick={() => stores.view.getState().setTheme(dark ? 'light' : 'dark')}
    />
  );
}
