import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { createMirror } from '../../shared/projection/mirror.ts';
import { totalsOf } from '../../shared/projection/totals.ts';
import { createListSharer } from './share-unchanged.ts';

/** The engine's state as the page knows it. */
export interface EngineStoreState {
  readonly status: EngineStatus;
  /** Null until the first snapshot arrives. */
  readonly downloads: DownloadsState | null;
  /** The last speed at which bytes arrived in this session, for all downloads together; null when none has yet. */
  readonly recentBytesPerSecond: number | null;
}

/** The store, and what feeds it. */
export interface EngineFeed {
  readonly store: StoreApi<EngineStoreState>;
  receive(event: EngineEvent): void;
  /** Takes a snapshot now, for changes without an event. */
  refresh(): Promise<void>;
  setStatus(status: EngineStatus): void;
  /** While the window is hidden events are ignored; the next snapshot makes up for them. */
  setVisible(isVisible: boolean): void;
}

/** Mirrors the engine through `bridge`. */
export function createEngineFeed(bridge: Pick<Bridge, 'call'>): EngineFeed {
  const store = createStore<EngineStoreState>(() => ({
    status: { state: 'starting' },
    downloads: null,
    recentBytesPerSecond: null,
  }));
  const share = createListSharer<DownloadView>();
  let isVisible = true;
  const mirror = createMirror({
    takeSnapshot: () => bridge.call('snapshot', {}),
    onChange: (next) => {
      const downloads = share(next.downloads);
      const { bytesPerSecond } = totalsOf(downloads);
      const speed = bytesPerSecond > 0 ? { recentBytesPerSecond: bytesPerSecond } : {};
      store.setState({ downloads: { ...next, downloads }, ...speed });
    },
  });
  return {
    store,
    receive: (event) => {
      if (isVisible) mirror.receive(event);
    },
    refresh: mirror.refresh,
    setStatus: (status) => {
      store.setState(({ downloads }) => ({
        status,
        // Without an engine nothing moves, whatever its last state was.
        downloads: downloads && status.state !== 'running' ? standingStill(downloads) : downloads,
      }));
      if (status.state === 'running') void mirror.refresh();
    },
    setVisible: (next) => {
      const isBack = next && !isVisible;
      isVisible = next;
      if (isBack) void mirror.refresh();
    },
  };
}

function standingStill(state: DownloadsState): DownloadsState {
  const still = (view: DownloadView) =>
    view.bytesPerSecond === 0 && view.etaSeconds === null
      ? view
      : { ...view, bytesPerSecond: 0, etaSeconds: null, streams: 0 };
  const builds = state.builds.map((view) => ({ ...view, bytesPerSecond: 0, etaSeconds: null }));
  return { ...state, downloads: state.downloads.map(still), builds };
}
