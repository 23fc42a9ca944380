import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { defaultLab } from './labs';
import './main.css';
import { keepPreferences, openArchive, startStores, stores } from './store';
import { applyTheme } from './ui';

applyTheme(stores.view.getState().theme);
stores.view.subscribe((now, before) => {
  if (now.theme !== before.theme) applyTheme(now.theme);
});
keepPreferences(stores.view);
// A browser that forbids storage still plays; the page says that nothing is kept.
void openArchive()
  .catch(() => null)
  .then((archive) => startStores(stores, archive, defaultLab));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
