import { useEffect } from 'react';
import { type InspectorTab, stores } from '../store';
import { lightNow } from '../ui';

const TABS: readonly InspectorTab[] = ['chain', 'packet', 'conntrack', 'routes', 'sets'];

/** Keys that work everywhere. Those of one control belong to it. */
export function useKeys(): void {
  useEffect(() => {
    const down = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || e.isComposing) return;
      const done = e.metaKey || e.ctrlKey ? withCommand(e) : single(e);
      if (done) e.preventDefault();
    };
    window.addEventListener('keydown', down);
    return () => window.removeEventListener('keydown', down);
  }, []);
}

/** True in what takes text: single keys are letters there. */
function inText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="textbox"], .cm-editor') !== null)
  );
}

/** True where a key has a meaning of its own: Space on anything that can be pressed, arrows in lists and sliders. */
function inControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const list =
    '[role="menu"], [role="tablist"], [role="slider"], [role="listbox"], [role="tree"], [role="grid"], dialog';
  return target.closest(key === ' ' ? `button, a[href], summary, [role="button"], ${list}` : list) !== null;
}

function withCommand(e: KeyboardEvent): boolean {
  const key = e.key.toLowerCase();
  if (key === 'k') {
    const { overlay, setOverlay } = stores.view.getState();
    setOverlay(overlay === 'palette' ? null : 'palette');
    return true;
  }
  // Text fields have their own undo while they are typed in; editors of the lab's texts hand it on.
  if (key === 'z' && !inText(e.target)) {
    if (e.shiftKey) stores.lab.getState().redo();
    else stores.lab.getState().undo();
    return true;
  }
  if (key === 'y' && !inText(e.target)) {
    stores.lab.getState().redo();
    return true;
  }
  return false;
}

function single(e: KeyboardEvent): boolean {
  const view = stores.view.getState();
  const play = stores.play.getState();
  if (e.altKey || inText(e.target)) return false;
  if (e.key === 'Escape') {
    if (view.overlay !== null) view.setOverlay(null);
    else if (view.drawer !== null) view.setDrawer(null);
    else if (view.console !== null) view.closeConsole();
    else if (view.networkEdit !== null && view.view === 'network') view.editNetwork(null);
    else if (view.presenter) view.setPresenter(false);
    else if (view.selection !== null) view.followPacket();
    else return false;
    return true;
  }
  if (e.target instanceof HTMLElement && e.target.closest('dialog, [role="dialog"], [role="menu"]') !== null)
    return false;
  if (!inControl(e.target, e.key) && transport(e)) return true;
  if (!view.singleKeys || e.repeat) return false;
  switch (e.key) {
    case '[':
      play.slower();
      return true;
    case ']':
      play.faster();
      return true;
    case 'g':
    case 'G':
      if (view.view === 'network') view.showHost(view.host);
      else view.showNetwork();
      return true;
    case 'n':
    case 'N':
      view.openComposer({ host: view.host, place: { at: 'host' } });
      return true;
    case 'e':
    case 'E':
      view.setOverlay('editor');
      return true;
    case 'p':
    case 'P':
      view.setPresenter(!view.presenter);
      return true;
    case 't':
    case 'T':
      view.setTheme(lightNow() ? 'dark' : 'light');
      return true;
    case 'c':
    case 'C':
      if (view.console === null) view.openConsole();
      else view.closeConsole();
      return true;
    case '/':
      view.setOverlay('palette');
      return true;
    case '?':
      view.setOverlay('help');
      return true;
    default: {
      const tab = TABS[Number(e.key) - 1];
      if (tab === undefined) return false;
      view.setTab(tab);
      return true;
    }
  }
}

function transport(e: KeyboardEvent): boolean {
  const play = stores.play.getState();
  switch (e.key) {
    case ' ':
      if (!e.repeat) play.toggle();
      return true;
    case 'ArrowRight':
      if (e.shiftKey) play.nextPacket();
      else play.forward();
      return true;
    case 'ArrowLeft':
      if (e.shiftKey) play.prevPacket();
      else play.prev();
      return true;
    case 'Home':
      play.first();
      return true;
    case 'End':
      play.last();
      return true;
    default:
      return false;
  }
}
