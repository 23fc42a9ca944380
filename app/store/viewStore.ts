import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HookFamily, HookName } from '../../src/model';
import type { HostText } from './labView';

export type InspectorTab = 'chain' | 'packet' | 'conntrack' | 'routes' | 'sets';
export type ThemeChoice = 'dark' | 'light' | 'system';

/** What is selected in the graph; the inspector shows it when it does not follow the packet. */
export type Selection =
  | {
      readonly kind: 'chain';
      readonly host: string;
      readonly family: HookFamily;
      readonly table: string;
      readonly chain: string;
    }
  | {
      readonly kind: 'function';
      readonly host: string;
      readonly family: HookFamily;
      readonly hook: HookName;
      readonly fn: string;
    }
  | { readonly kind: 'hook'; readonly host: string; readonly family: HookFamily; readonly hook: HookName }
  | { readonly kind: 'interface'; readonly host: string; readonly interface: string }
  | { readonly kind: 'local'; readonly host: string }
  | { readonly kind: 'routing'; readonly host: string }
  | { readonly kind: 'host'; readonly host: string };

/** Where a packet is put in. */
export type InjectPlace =
  | { readonly at: 'host' }
  | { readonly at: 'interface'; readonly interface: string }
  | { readonly at: 'local' }
  | { readonly at: 'hook'; readonly hook: HookName };

interface ComposerRequest {
  readonly host: string;
  readonly place: InjectPlace;
  /** Counts up with every request, so that the same place can be asked for twice. */
  readonly serial: number;
  /** True if the packet is to be sent at once (a send button), false if the composer is only to be filled in. */
  readonly send: boolean;
}

/** What is open over the page, or in a narrow one beside the graph. */
export type Drawer = 'packets' | 'inspector' | null;

/** A command that listens on a host, at the taps of an interface; '' for all of them. */
export interface Tap {
  readonly host: string;
  readonly interface: string;
  /** What listens: `tcpdump`. */
  readonly what: string;
}
export type Overlay = 'palette' | 'help' | 'share' | 'labs' | 'editor' | null;

export interface ViewState {
  readonly view: 'host' | 'network';
  readonly host: string;
  /** The host on show follows the packet, until a person picks one. */
  readonly followHost: boolean;
  readonly family: 'auto' | 'ip' | 'ip6';
  readonly selection: Selection | null;
  readonly tab: InspectorTab;
  /** The inspector follows the packet, until a person picks something else. */
  readonly follow: boolean;
  readonly theme: ThemeChoice;
  readonly presenter: boolean;
  readonly singleKeys: boolean;
  readonly drawer: Drawer;
  readonly overlay: Overlay;
  /** The editor stays open below what is opened over it. */
  readonly under: 'editor' | null;
  readonly composer: ComposerRequest | null;
  /** Where the editor was asked to open; null: where the packet or the selection is. */
  readonly editorAt: EditorPlace | null;
  /** Null while the network is only looked at. */
  readonly networkEdit: NetworkEdit | null;
  /** What the last edit of the network came to, and the lab that it is about. */
  readonly networkSaid: { readonly text: string; readonly bad: boolean; readonly lab: unknown } | null;
  /** The host whose console is open; null: none is. */
  readonly console: string | null;
  /** A line that was put into the console, to be run; taken out by the console. */
  readonly consoleLine: string | null;
  /** Counts how often it was asked for. */
  readonly consoleSerial: number;
  readonly taps: readonly Tap[];

  readonly showNetwork: () => void;
  /** A person picks a host: it stays on show. */
  readonly showHost: (host: string) => void;
  /** The packet has gone to a host. */
  readonly followTo: (host: string) => void;
  readonly setFollowHost: (on: boolean) => void;
  readonly setFamily: (family: ViewState['family']) => void;
  readonly select: (selection: Selection | null, tab?: InspectorTab) => void;
  readonly setTab: (tab: InspectorTab) => void;
  readonly followPacket: () => void;
  readonly setTheme: (theme: ThemeChoice) => void;
  readonly setPresenter: (on: boolean) => void;
  readonly setSingleKeys: (on: boolean) => void;
  readonly setDrawer: (drawer: Drawer) => void;
  /** Null closes what is on top: the editor comes back if it was open below. */
  readonly setOverlay: (overlay: Overlay) => void;
  /** Closes what is on top, and the editor too. */
  readonly closeAll: () => void;
  /** The console of a host (of the one on show); with a line, runs it. */
  readonly openConsole: (host?: string, line?: string) => void;
  readonly closeConsole: () => void;
  readonly setTaps: (taps: readonly Tap[]) => void;
  /** The editor of a host's text, at a line. */
  readonly openEditor: (at: EditorPlace) => void;
  /** Shows the network and edits it; what is not said is nothing. Null ends it. */
  readonly editNetwork: (edit: Partial<NetworkEdit> | null) => void;
  /** Fills the composer in for a place; `send` puts the packet in at once. */
  readonly openComposer: (request: { readonly host: string; readonly place: InjectPlace }, send?: boolean) => void;
}

/** A line of a host's text that the editor is to show first. */
interface EditorPlace {
  readonly host: string;
  readonly member: HostText | 'interfaces' | 'listen' | 'sysctl' | 'hooks' | 'queues';
  /** From 1; 0: none of them. */
  readonly line: number;
}

/** The network while it is edited: what is picked in it, and what is being added. */
export interface NetworkEdit {
  readonly pick: { readonly kind: 'host' | 'segment'; readonly name: string } | null;
  readonly adding: 'host' | 'segment' | 'link' | null;
  /** Where what is added begins: the host that a wire goes from, the segment that a host is put on. */
  readonly from: string;
}

export type ViewStore = StoreApi<ViewState>;

/** What survives a reload, in localStorage. */
export interface Preferences {
  readonly theme: ThemeChoice;
  readonly singleKeys: boolean;
}

/** Whether the editor of a host is open, if below something else. */
export const editorIsOpen = (state: Pick<ViewState, 'overlay' | 'under'>): boolean =>
  state.overlay === 'editor' || state.under === 'editor';

export const EDITOR_CLOSED = { overlay: null, under: null, editorAt: null } as const;

export function createViewStore(preferences: Preferences): ViewStore {
  return createStore<ViewState>()((set, get) => ({
    view: 'host',
    host: '',
    followHost: true,
    family: 'auto',
    selection: null,
    tab: 'chain',
    follow: true,
    theme: preferences.theme,
    presenter: false,
    singleKeys: preferences.singleKeys,
    drawer: null,
    overlay: null,
    under: null,
    composer: null,
    editorAt: null,
    networkEdit: null,
    networkSaid: null,
    console: null,
    consoleLine: null,
    consoleSerial: 0,
    taps: [],

    showNetwork: () => set({ view: 'network', ...(editorIsOpen(get()) ? EDITOR_CLOSED : {}) }),
    showHost: (host) =>
      set({
        view: 'host',
        host,
        followHost: false,
        ...(editorIsOpen(get()) ? { editorAt: null, selection: null, follow: true } : {}),
      }),
    followTo: (host) => {
      if (get().followHost && get().host !== host) set({ host });
    },
    setFollowHost: (followHost) => set({ followHost }),
    setFamily: (family) => set({ family }),
    select: (selection, tab) => set({ selection, follow: selection === null, ...(tab === undefined ? {} : { tab }) }),
    setTab: (tab) => set({ tab }),
    followPacket: () => set({ follow: true, selection: null }),
    setTheme: (theme) => set({ theme }),
    setPresenter: (presenter) => set({ presenter }),
    setSingleKeys: (singleKeys) => set({ singleKeys }),
    setDrawer: (drawer) => set({ drawer }),
    // A drawer is modal: what opens over the page would lie under it.
    setOverlay: (overlay) =>
      set(({ overlay: now, under }) => {
        if (overlay === null) return under === null ? EDITOR_CLOSED : { overlay: under, under: null };
        if (overlay === 'editor') return { overlay, under: null, drawer: null, editorAt: null };
        return { overlay, under: now === 'editor' ? now : under, drawer: null };
      }),
    closeAll: () => set(EDITOR_CLOSED),
    openConsole: (host, line) =>
      set({
        console: host ?? get().host,
        consoleLine: line ?? null,
        consoleSerial: get().consoleSerial + 1,
        drawer: null,
      }),
    closeConsole: () => set({ console: null, consoleLine: null }),
    setTaps: (taps) => set({ taps }),
    openEditor: (editorAt) => set({ overlay: 'editor', under: null, drawer: null, editorAt }),
    editNetwork: (edit) =>
      set(
        edit === null
          ? { networkEdit: null, networkSaid: null }
          : { view: 'network', ...EDITOR_CLOSED, networkEdit: { pick: null, adding: null, from: '', ...edit } },
      ),
    openComposer: ({ host, place }, send = false) =>
      set({
        composer: { host, place, send, serial: (get().composer?.serial ?? 0) + 1 },
        drawer: send ? get().drawer : 'packets',
      }),
  }));
}
