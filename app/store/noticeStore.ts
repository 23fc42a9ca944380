import { createStore, type StoreApi } from 'zustand/vanilla';

/** A message to the person at the page. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'bad';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Its action undoes the latest edit of the lab: after the next one there is something else to undo. */
  readonly undoes?: true;
}

export interface NoticeState {
  readonly notices: readonly Notice[];
  readonly say: (notice: Omit<Notice, 'id'>) => number;
  readonly dismiss: (id: number) => void;
  /** The lab was edited, or an edit undone. */
  readonly edited: () => void;
}

export type NoticeStore = StoreApi<NoticeState>;

/** So many stand at once; of more, the newest. */
const MOST = 3;

export function createNoticeStore(): NoticeStore {
  let next = 1;
  return createStore<NoticeState>()((set, get) => ({
    notices: [],
    say: (notice) => {
      const id = next++;
      // The same again, and good news after good news, take the place of the one before.
      const others = get().notices.filter((n) => n.text !== notice.text && !(n.tone === 'ok' && notice.tone === 'ok'));
      set({ notices: [...others, { ...notice, id }].slice(-MOST) });
      return id;
    },
    dismiss: (id) => set({ notices: get().notices.filter((n) => n.id !== id) }),
    edited: () => {
      if (!get().notices.some((n) => n.undoes)) return;
      // What went wrong is still so; it can only not be undone from here any more.
      const still = ({ action: _, undoes: __, ...notice }: Notice): readonly Notice[] =>
        notice.tone === 'bad' ? [notice] : [];
      set({ notices: get().notices.flatMap((n) => (n.undoes ? still(n) : [n])) });
    },
  }));
}
