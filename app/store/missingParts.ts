import type { Stores } from './stores';

/** Why a part of the page does not come. */
type Why = 'renewed' | 'away' | 'unknown';

const WORDS: Readonly<Record<Why, string>> = {
  renewed: 'This page was renewed on its site since you opened it, and what it still needs is gone there.',
  away: 'A part of the page could not be loaded: its site does not answer. What is loaded goes on.',
  unknown: 'A part of the page could not be loaded. What is loaded goes on.',
};

/** Where a part of the page or of the engine does not come, says why, and what to do. */
export function tellMissingParts({ engine, notices }: Pick<Stores, 'engine' | 'notices'>): void {
  const tell = async (known: (why: Why) => boolean): Promise<void> => {
    const why = await whyMissing();
    if (!known(why)) return;
    notices.getState().say({
      tone: 'bad',
      text: `${WORDS[why]} The lab is kept.`,
      ...(why === 'renewed' ? { action: { label: 'Reload', run: () => location.reload() } } : {}),
    });
  };
  // Vite's name for a part that failed to load.
  addEventListener('vite:preloadError', () => void tell(() => true));
  // What else ends an engine is told where the run is.
  engine.onFault(() => void tell((why) => why === 'renewed'));
}

/** The page that the site has now begins with another script, if it is another one. */
async function whyMissing(): Promise<Why> {
  try {
    const answer = await fetch(location.pathname, { cache: 'no-store' });
    if (!answer.ok) return 'unknown';
    const served = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const mine = firstScript(document);
    const theirs = firstScript(served);
    return mine !== null && theirs !== null && mine !== theirs ? 'renewed' : 'unknown';
  } catch {
    return 'away';
  }
}

const firstScript = (page: Document): string | null =>
  page.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null;
