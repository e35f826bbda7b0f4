import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/shallow';
import type { BridgeCommandName, PageRequest } from '../../shared/contract/bridge.ts';
import type { CommandInput, CommandResult } from '../../shared/contract/commands.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import type { VerifyingEvent } from '../../shared/contract/events.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { type Totals, totalsOf } from '../../shared/projection/totals.ts';
import { errorWords } from '../ui/error-words.ts';
import type { Activity } from './activity.ts';
import type { CatalogState } from './catalog-store.ts';
import type { EngineStoreState } from './engine-store.ts';
import type { LibraryState } from './library-store.ts';
import type { NavigationState } from './navigation-store.ts';
import type { PreferencesState } from './preferences-store.ts';
import type { SearchState } from './search-store.ts';
import type { Stores } from './stores.ts';
import type { ToastsState } from './toasts-store.ts';

const StoresContext = createContext<Stores | null>(null);

export function StoresProvider(props: { readonly stores: Stores; readonly children: ReactNode }) {
  return <StoresContext.Provider value={props.stores}>{props.children}</StoresContext.Provider>;
}

/**
 * Returns all stores, for handlers; what is displayed comes through the hooks below, so that it renders again when it
 * changes.
 */
export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (!stores) throw new Error('There is no StoresProvider around this component.');
  return stores;
}

/**
 * Selects a part of the engine's state. A `select` that creates new objects each time must be wrapped in zustand's
 * `useShallow`.
 */
export function useEngine<T>(select: (state: EngineStoreState) => T): T {
  return useStore(useStores().engine.store, select);
}

/**
 * Selects one download; undefined when it is gone. A row that uses this alone renders only when its own download
 * changed.
 */
export function useDownload(id: string | null): DownloadView | undefined {
  return useEngine(({ downloads }) => downloads?.downloads.find((view) => view.id === id));
}

/** The ids of all downloads in the order of the queue; null until they are known. */
export function useDownloadIds(): readonly string[] | null {
  return useEngine(useShallow(({ downloads }) => downloads?.downloads.map(({ id }) => id) ?? null));
}

/** Last heartbeat of what is being verified: the id of a download, or the repository of an installed model. */
export function useVerifying(id: string): VerifyingEvent | undefined {
  return useEngine(({ downloads }) => downloads?.verifying[id]);
}

/** Returns what this page has observed of a download since it was opened; undefined before the first event. */
export function useActivity(id: string): Activity | undefined {
  return useStore(useStores().activity.store, (state) => state[id]);
}

/** All active downloads together. */
export function useTotals(): Totals {
  return useEngine(useShallow(({ downloads }) => totalsOf(downloads?.downloads ?? [])));
}

export function useNavigation<T>(select: (state: NavigationState) => T): T {
  return useStore(useStores().navigation, select);
}

export function useCatalog<T>(select: (state: CatalogState) => T): T {
  return useStore(useStores().catalog.store, select);
}

export function useLibrary<T>(select: (state: LibraryState) => T): T {
  return useStore(useStores().library.store, select);
}

export function useSearch<T>(select: (state: SearchState) => T): T {
  return useStore(useStores().search.store, select);
}

export function usePreferences<T>(select: (state: PreferencesState) => T): T {
  return useStore(useStores().preferences.store, select);
}

export function useToasts<T>(select: (state: ToastsState) => T): T {
  return useStore(useStores().toasts, select);
}

/** Calls a command; never rejects. */
export type Call = <N extends BridgeCommandName>(
  name: N,
  args: CommandInput<N>,
) => Promise<Outcome<CommandResult<N>>>;

/** For clicks: calls a command, and shows a notice with the message of a failure. */
export function useCall(): Call {
  const { bridge, toasts } = useStores();
  return async (name, args) => {
    const outcome = await bridge.call(name, args);
    if (!outcome.ok) toasts.getState().show({ tone: 'bad', text: errorWords(outcome.error) });
    return outcome;
  };
}

/** Runs `act` on each request of this kind from a menu, the tray or a key, while the component is mounted. */
export function useRequest<D extends PageRequest['do']>(
  kind: D,
  act: (request: Extract<PageRequest, { do: D }>) => void,
): void {
  const { requests } = useStores();
  useEffect(
    () =>
      requests.on((request) => {
        if (request.do === kind) act(request as Extract<PageRequest, { do: D }>);
      }),
    [requests, kind, act],
  );
}
