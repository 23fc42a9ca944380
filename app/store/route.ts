import { editorIsOpen, type InspectorTab, type ViewState } from './viewStore';

const TABS: readonly InspectorTab[] = ['chain', 'packet', 'conntrack', 'routes', 'sets'];

export interface Route extends Pick<ViewState, 'view' | 'host' | 'tab'> {
  /** The host is edited. */
  readonly editor: boolean;
}

export function routeOf(state: ViewState): Route {
  const { editorAt, selection, host } = state;
  const editor = editorIsOpen(state);
  return { ...state, editor, host: (editor && (editorAt?.host ?? selection?.host)) || host };
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
