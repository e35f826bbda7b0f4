import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { windowBridge } from './stores/bridge-window.ts';
import { connect, createStores } from './stores/stores.ts';
import { followAccent } from './ui/follow-accent.ts';
import { platformOf } from './ui/platform.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');

document.documentElement.dataset.platform = platformOf(navigator.userAgent);
if (document.documentElement.dataset.platform === 'darwin') followAccent(document, window);

const stores = createStores(windowBridge());
connect(stores, document);
createRoot(root).render(
  <StrictMode>
    <App stores={stores} />
  </StrictMode>,
);
