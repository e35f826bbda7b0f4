import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { Catalog } from '../../shared/model/catalog.ts';
import type { HardwareReport } from '../../shared/model/hardware.ts';
import type { VariantPresence } from '../../shared/model/library.ts';
import { shareUnchanged } from './share-unchanged.ts';

/** The offered models, how they suit this computer, and how much of them is installed. Null until known. */
export interface CatalogState {
  readonly catalog: Catalog | null;
  readonly hardware: HardwareReport | null;
  readonly presence: readonly VariantPresence[];
  /** The presence is being requested again, so the current one may be wrong. */
  readonly isPresenceOld: boolean;
  /** Why the catalog could not be read. */
  readonly error: ErrorData | null;
}

/** The store, and how it is filled. */
export interface CatalogFeed {
  readonly store: StoreApi<CatalogState>;
  load(): Promise<void>;
  /** Call when the cache may have changed: a download ended, something was removed. */
  refreshPresence(): Promise<void>;
}

export function createCatalogFeed(bridge: Pick<Bridge, 'call'>): CatalogFeed {
  const store = createStore<CatalogState>(() => ({
    catalog: null,
    hardware: null,
    presence: [],
    isPresenceOld: false,
    error: null,
  }));
  let asked = 0;
  async function refreshPresence(): Promise<void> {
    asked += 1;
    const mine = asked;
    store.setState({ isPresenceOld: true });
    const outcome = await bridge.call('catalog.presence', {});
    // An answer that was overtaken by another request is outdated.
    if (mine !== asked) return;
    store.setState(({ presence }) => ({
      isPresenceOld: false,
      presence: outcome.ok ? shareUnchanged(presence, outcome.value) : presence,
    }));
  }
  async function loadHardware(): Promise<void> {
    const outcome = await bridge.call('hardware.get', {});
    if (outcome.ok) store.setState({ hardware: outcome.value });
  }
  async function loadCatalog(): Promise<void> {
    const outcome = await bridge.call('catalog.get', {});
    store.setState(outcome.ok ? { catalog: outcome.value, error: null } : { error: outcome.error });
  }
  return {
    store,
    load: async () => {
      await Promise.all([loadCatalog(), loadHardware(), refreshPresence()]);
    },
    refreshPresence,
  };
}
