import { createStore, type StoreApi } from 'zustand/vanilla';

/** A message to the person at the page. */
interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'bad';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface NoticeState {
  readonly notices: readonly Notice[];
  readonly say: (notice: Omit<Notice, 'id'>) => number;
  readonly dismiss: (id: number) => void;
}

export type NoticeStore = StoreApi<NoticeState>;

export function createNoticeStore(): NoticeStore {
  let next = 1;
  return createStore<NoticeState>()((set, get) => ({
    notices: [],
    say: (notice) => {
      const id = next++;
      // The same again, and good news after good news, take the place of the one before.
      const others = get().notices.filter((n) => n.text !== notice.text && !(n.tone === 'ok' && notice.tone === 'ok'));
      set({ notices: [...others, { ...notice, id }].slice(-4) });
      return id;
    },
    dismiss: (id) => set({ notices: get().notices.filter((n) => n.id !== id) }),
  }));
}
