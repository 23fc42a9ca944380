import { Composer, Overlays, StepsList } from '../compose';
import { ConsolePane } from '../console';
import { HostGraph, NetworkGraph } from '../graph';
import { Inspector } from '../panels';
import { EditorPane } from '../rules';
import { editorIsOpen, useView } from '../store';
import { Dock } from '../timeline';
import { cx, Guard, useLayout } from '../ui';
import { Drawer } from './Drawer';
import { useKeys } from './keys';
import { Notices } from './Notices';
import { TopBar } from './TopBar';

/** The page: top bar, the panes that fit beside each other, the dock. What does not fit is a drawer. */
export function Shell() {
  const layout = useLayout();
  const network = useView((s) => s.view === 'network');
  const connecting = useView((s) => s.view === 'network' && s.networkEdit !== null);
  useKeys();
  const presenter = useView((s) => s.presenter);
  const editing = useView(editorIsOpen);
  // On a phone, what the network is edited with needs the room of the dock.
  const dock = layout !== 'narrow' || !connecting;
  // On a projector there is only the graph, as large as it goes, and what happens.
  // While the network is edited, its drawing needs the room.
  const packets = layout === 'wide' && !presenter && !connecting;
  const inspector = layout !== 'narrow' && !network && !presenter;
  const drawer = useView((s) => s.drawer);
  const covered = drawer === 'packets' ? !packets : drawer === 'inspector' && !inspector;
  return (
    <div
      className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto]"
      {...(presenter ? { 'data-presenter': '' } : {})}
    >
      <TopBar layout={layout} packets={packets || (editing && layout === 'wide')} />
      {editing && (
        <main className="row-span-2 flex min-h-0 min-w-0 flex-col">
          <div className="relative min-h-0 flex-1">
            <Guard what="The editor">
              <EditorPane />
            </Guard>
            {!covered && <Notices place="corner" />}
          </div>
          <ConsolePane layout={layout} />
        </main>
      )}
      {/* Nothing lies behind the editor that would be worked on with every key that is typed there. */}
      {!editing && (
        <>
          <div
            className={cx(
              'relative grid min-h-0',
              packets && inspector && 'grid-cols-[204px_minmax(0,1fr)_364px]',
              packets && !inspector && 'grid-cols-[204px_minmax(0,1fr)]',
              !packets && inspector && 'grid-cols-[minmax(0,1fr)_316px]',
              !packets && !inspector && 'grid-cols-[minmax(0,1fr)]',
            )}
          >
            {packets && (
              <aside
                className="relative flex min-h-0 flex-col overflow-y-auto border-r border-line bg-panel"
                aria-label="Packets"
                data-testid="pane-packets"
              >
                <PacketsPane />
              </aside>
            )}
            <main className="flex min-h-0 min-w-0 flex-col overflow-hidden bg-canvas">
              <div className="relative min-h-0 flex-1 overflow-hidden">
                <Guard key={network ? 'network' : 'host'} what="The drawing">
                  {network ? <NetworkGraph layout={layout} /> : <HostGraph layout={layout} />}
                </Guard>
                {!inspector && !covered && <Notices />}
              </div>
              <ConsolePane layout={layout} />
            </main>
            {inspector && !covered && <Notices place="corner" />}
            {inspector && (
              <aside
                className="flex min-h-0 flex-col overflow-hidden border-l border-line bg-panel"
                aria-label="Inspector"
                data-testid="pane-inspector"
              >
                <Guard what="The inspector">
                  <Inspector />
                </Guard>
              </aside>
            )}
          </div>
          {dock && (
            <Guard what="The timeline">
              <Dock layout={presenter && layout === 'wide' ? 'middle' : layout} />
            </Guard>
          )}
        </>
      )}
      {!packets && (
        <Drawer name="packets" side="left" label="Packets">
          <PacketsPane />
        </Drawer>
      )}
      {!inspector && (
        <Drawer name="inspector" side={layout === 'narrow' ? 'bottom' : 'right'} label="Inspector">
          <Guard what="The inspector">
            <Inspector />
          </Guard>
        </Drawer>
      )}
      <Guard what="The dialog">
        <Overlays />
      </Guard>
    </div>
  );
}

function PacketsPane() {
  return (
    <Guard what="The list of packets">
      <Composer />
      <StepsList />
    </Guard>
  );
}
