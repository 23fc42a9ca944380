import { EDITOR_CLOSED, editorIsOpen, type InspectorTab, type ViewState } from './viewStore';

const TABS: readonly InspectorTab[] = ['chain', 'packet', 'conntrack', 'routes', 'sets'];

export interface Route extends Pick<ViewState, 'view' | 'host' | 'tab'> {
  /** The host is edited. */
  readonly editor: boolean;
}

export function routeOf(state: ViewState): Route {
  const editor = editorIsOpen(state);
  return { ...state, editor, host: editor ? editedHost(state) : state.host };
}

/** The host that the editor shows, or would show. */
const editedHost = ({ editorAt, selection, host }: ViewState): string => editorAt?.host ?? selection?.host ?? host;

/** What is to be set so that `state` shows what an address asks for: all at once, so that nobody sees half of it. */
export function stateOfRoute({ view, host, tab, editor }: Route, state: ViewState): Partial<ViewState> {
  const place = view === 'host' ? { view, host, followHost: false } : { view };
  const open = editorIsOpen(state);
  if (!editor) return { ...place, tab, ...(open ? EDITOR_CLOSED : {}) };
  // The address of the editor names no tab: that of the page below it stays.
  const opened = open ? {} : ({ overlay: 'editor', under: null, drawer: null, editorAt: null } as const);
  const another = editedHost({ ...state, host, ...opened }) !== host;
  return { ...place, ...opened, ...(another ? { editorAt: null, selection: null, follow: true } : {}) };
}

/** The address of what is on show: `#/host/router`, `#/host/router/conntrack`, `#/host/router/edit`, `#/network`. */
export function routeToHash(route: Route): string {
  const host = `#/host/${encodeURIComponent(route.host)}`;
  if (route.editor) return `${host}/edit`;
  const tab = route.tab === 'chain' ? '' : `/${route.tab}`;
  return route.view === 'network' ? `#/network${tab}` : `${host}${tab}`;
}

/** What an address asks for, or null if it is none of ours (a share link, say). */
export function routeOfHash(hash: string): Route | null {
  const [view, ...rest] = hash.replace(/^#\/?/, '').split('/');
  const tabOf = (text: string | undefined): InspectorTab => TABS.find((t) => t === text) ?? 'chain';
  if (view === 'network') return { view: 'network', host: '', tab: tabOf(rest[0]), editor: false };
  if (view === 'host' && rest[0] !== undefined && rest[0] !== '') {
    return { view: 'host', host: decode(rest[0]), tab: tabOf(rest[1]), editor: rest[1] === 'edit' };
  }
  return null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a damaged address names no host, and says so by not being found
  }
}
