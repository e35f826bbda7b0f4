import { useEffect } from 'react';
import type { PageRequest } from '../../../shared/contract/bridge.ts';
import type { NavigationState } from '../../stores/navigation-store.ts';
import type { Stores } from '../../stores/stores.ts';
import { useStores } from '../../stores/stores-context.tsx';

/** Handles requests about the whole window; the panes handle the rest themselves. */
export function usePageRequests(): void {
  const stores = useStores();
  useEffect(() => stores.requests.on((request) => perform(request, stores)), [stores]);
}

function perform(request: PageRequest, { navigation }: Stores): void {
  const go = navigation.getState();
  switch (request.do) {
    case 'show':
      if (request.download === undefined) go.go(request.section);
      else go.showDownload(request.download);
      return;
    case 'preview': {
      const { do: _do, ...wish } = request;
      go.openPreview({ ...wish, isFromOutside: true });
      return;
    }
    case 'ask-cancel':
      go.showDownload(request.download);
      go.askCancel(request.download);
      return;
    case 'paste-link':
      go.wantFocus('link');
      return;
    case 'find':
      find(go);
      return;
    case 'toggle-inspector':
      go.toggleInspector();
      return;
    case 'toggle-sidebar':
      go.toggleSidebar();
      return;
    case 'toggle-selected':
    case 'start-selected':
    case 'remove-selected':
    case 'verify-selected':
      return;
  }
}

/** Discover has one field, Settings none. */
function find({ section, wantFocus }: NavigationState): void {
  if (section === 'settings') return;
  wantFocus(section === 'discover' ? 'link' : 'search');
}
