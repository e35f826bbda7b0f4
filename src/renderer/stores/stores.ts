import { type Bridge, SECTIONS } from '../../shared/contract/bridge.ts';
import { isActive } from '../../shared/projection/totals.ts';
import { type ActivityFeed, createActivityFeed } from './activity-store.ts';
import { type CatalogFeed, createCatalogFeed } from './catalog-store.ts';
import { createEngineFeed, type EngineFeed } from './engine-store.ts';
import { createLibraryFeed, type LibraryFeed } from './library-store.ts';
import { createNavigationStore } from './navigation-store.ts';
import { createPageRequests, type PageRequests } from './page-requests.ts';
import { createPreferencesFeed, type PreferencesFeed } from './preferences-store.ts';
import { createSearchFeed, type SearchFeed } from './search-store.ts';
import { createToastsStore } from './toasts-store.ts';

/** All state of the page. One per page; a test creates its own. */
export interface Stores {
  readonly bridge: Bridge;
  readonly engine: EngineFeed;
  readonly activity: ActivityFeed;
  readonly navigation: ReturnType<typeof createNavigationStore>;
  readonly catalog: CatalogFeed;
  readonly library: LibraryFeed;
  readonly search: SearchFeed;
  readonly preferences: PreferencesFeed;
  readonly toasts: ReturnType<typeof createToastsStore>;
  readonly requests: PageRequests;
}

export function createStores(bridge: Bridge, now: () => number = Date.now): Stores {
  return {
    bridge,
    engine: createEngineFeed(bridge),
    activity: createActivityFeed(),
    navigation: createNavigationStore(),
    catalog: createCatalogFeed(bridge),
    library: createLibraryFeed(bridge),
    search: createSearchFeed(bridge, now),
    preferences: createPreferencesFeed(bridge),
    toasts: createToastsStore(),
    requests: createPageRequests(now),
  };
}

/**
 * Connects the stores to the bridge and to the visibility of the page, and fills them. Returns a function that
 * disconnects them.
 */
export function connect(stores: Stores, page: Document): () => void {
  const { bridge, engine, activity, catalog, preferences, requests } = stores;
  let runId: string | null = null;
  const hear = bridge.on((event) => {
    switch (event.type) {
      case 'engine':
        activity.receive(event.event);
        return engine.receive(event.event);
      case 'engine-status':
        return follow(event.status);
      case 'preferences':
        return preferences.receive(event.preferences);
      case 'request':
        return requests.emit(event.request);
    }
  });
  function follow(status: Parameters<EngineFeed['setStatus']>[0]): void {
    engine.setStatus(status);
    // Another run may have another cache folder and another catalog.
    if (status.state === 'running' && status.runId !== runId) {
      runId = status.runId;
      void catalog.load();
    }
  }
  const remember = rememberSection(stores);
  const see = () => engine.setVisible(!page.hidden);
  page.addEventListener('visibilitychange', see);
  const forget = refreshPresenceWhenOneEnds(stores);
  see();
  void preferences.load();
  void bridge.call('engine.status', {}).then((status) => {
    if (status.ok) follow(status.value);
  });
  return () => {
    hear();
    forget();
    remember();
    page.removeEventListener('visibilitychange', see);
  };
}

const SECTION_KEY = 'section';

/** The last section is shown again; with running downloads it is Downloads, unless one was chosen in the meantime. */
function rememberSection({ navigation, engine }: Stores): () => void {
  const last = SECTIONS.find((section) => section === localStorage.getItem(SECTION_KEY));
  if (last !== undefined) navigation.getState().go(last);
  let isUntouched = true;
  const follow = navigation.subscribe(({ section }, before) => {
    if (section === before.section) return;
    isUntouched = false;
    localStorage.setItem(SECTION_KEY, section);
  });
  const look = engine.store.subscribe(({ downloads }) => {
    if (!downloads) return;
    look();
    if (isUntouched && downloads.downloads.some(isActive)) navigation.getState().go('downloads');
  });
  return () => {
    follow();
    look();
  };
}

/** Presence changes when a download begins, ends or is removed, which is when the set of active ones changes. */
function refreshPresenceWhenOneEnds({ engine, catalog }: Stores): () => void {
  let known: string | null = null;
  return engine.store.subscribe(({ downloads }) => {
    if (!downloads) return;
    const { downloads: views, builds } = downloads;
    const active = [
      ...views.map((view) => (isActive(view) ? view.id : `-${view.id}`)),
      ...builds.map(({ id, state }) => (state === 'ready' ? `-${id}` : id)),
    ].join();
    if (known !== null && known !== active) void catalog.refreshPresence();
    known = active;
  });
}
