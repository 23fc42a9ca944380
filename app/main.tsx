import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { type Lab, shippedLabs } from '../src/engine';
import { App } from './App';
import { isShareFragment, openLink } from './compose';
import './main.css';
import { EMPTY_LAB, keepPreferences, openArchive, startStores, stores, tellMissingParts, whenKept } from './store';
import { applyTheme } from './ui';

applyTheme(stores.view.getState().theme);
stores.view.subscribe((now, before) => {
  // A projector is light unless someone has chosen.
  if (now.theme !== before.theme || now.presenter !== before.presenter)
    applyTheme(now.presenter && now.theme === 'system' ? 'light' : now.theme);
});
// Which run is on show, if any, for tests that wait for the next one.
stores.run.subscribe((now, before) => {
  if (now.serial === before.serial) return;
  if (now.result === null) delete document.documentElement.dataset.run;
  else document.documentElement.dataset.run = String(now.serial);
});
// For motion in CSS: how fast, and none where the playhead is set down.
const setMotion = ({ speed, motion, scrubbing }: ReturnType<typeof stores.play.getState>): void => {
  const root = document.documentElement;
  root.style.setProperty('--speed', String(speed));
  root.toggleAttribute('data-still', motion === 'jump' || scrubbing);
};
setMotion(stores.play.getState());
stores.play.subscribe((now, before) => {
  if (now.speed !== before.speed || now.motion !== before.motion || now.scrubbing !== before.scrubbing) setMotion(now);
});
keepPreferences(stores.view);
tellMissingParts(stores);
whenKept('console-1', () => import('./console/lazy'));
whenKept('drafts-1', () => import('./rules/lazy'));
// Read before anything else writes the address.
const shared = isShareFragment(location.hash) ? location.hash : null;
// A browser that forbids storage still plays; the page says that nothing is kept.
void openArchive()
  .catch(() => null)
  .then((archive) => startStores(stores, archive, firstLab))
  .then(() => (shared === null ? undefined : openLink(shared)));

/** The lab that a first visit shows. */
async function firstLab(): Promise<Lab> {
  return (await shippedLabs[0]?.load()) ?? EMPTY_LAB;
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
