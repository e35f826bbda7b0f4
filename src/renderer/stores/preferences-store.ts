import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, TokenStatus } from '../../shared/contract/app-commands.ts';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { Preferences } from '../../shared/contract/preferences.ts';

/** Main's preferences. Null until known. The engine's settings (profile, limit, at once) are in its snapshot. */
export interface PreferencesState {
  readonly preferences: Preferences | null;
  readonly info: AppInfo | null;
  readonly token: TokenStatus | null;
}

/** The store, and how it is filled. */
export interface PreferencesFeed {
  readonly store: StoreApi<PreferencesState>;
  load(): Promise<void>;
  setToken(token: TokenStatus): void;
  /** Main reports a change, whoever made it. */
  receive(preferences: Preferences): void;
}

export function createPreferencesFeed(bridge: Pick<Bridge, 'call'>): PreferencesFeed {
  const store = createStore<PreferencesState>(() => ({ preferences: null, info: null, token: null }));
  async function loadInfo(): Promise<void> {
    const info = await bridge.call('app.info', {});
    if (info.ok) store.setState({ info: info.value });
  }
  return {
    store,
    load: async () => {
      const [preferences, token] = await Promise.all([
        bridge.call('preferences.get', {}),
        bridge.call('token.status', {}),
        loadInfo(),
      ]);
      if (preferences.ok) store.setState({ preferences: preferences.value });
      if (token.ok) store.setState({ token: token.value });
    },
    setToken: (token) => store.setState({ token }),
    receive: (preferences) => {
      store.setState({ preferences });
      // The current folder and URLs depend on them.
      void loadInfo();
    },
  };
}
