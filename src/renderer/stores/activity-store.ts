import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineEvent, ProgressEvent } from '../../shared/contract/events.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import { type Activity, NO_ACTIVITY, withEvent } from './activity.ts';
import { addRest, addSpeed, createSpeedHistory, type SpeedHistory } from './speed-history.ts';

/** In these states a speed of 0 is news; in the others there is none. */
const HAS_SPEED: ReadonlySet<DownloadState> = new Set(['downloading', 'repairing', 'waiting']);

/** What the page has observed of each download since it was opened, by id. */
export type ActivityState = Readonly<Record<string, Activity>>;

/** The store, the speeds of the last minutes, and what feeds both. */
export interface ActivityFeed {
  readonly store: StoreApi<ActivityState>;
  /** Returns the speeds of a download. Not part of the state: whoever draws them reads them once a second. */
  speeds(id: string): SpeedHistory | null;
  receive(event: EngineEvent): void;
}

export function createActivityFeed(): ActivityFeed {
  const store = createStore<ActivityState>(() => ({}));
  const histories = new Map<string, SpeedHistory>();

  function follow(event: EngineEvent): void {
    const before = store.getState()[event.download] ?? NO_ACTIVITY;
    const after = withEvent(before, event);
    if (after !== before) store.setState({ [event.download]: after });
  }

  function measure({ download: id, time, state, bytesPerSecond }: ProgressEvent): void {
    const history = histories.get(id) ?? createSpeedHistory();
    histories.set(id, history);
    const atSeconds = Date.parse(time) / 1000;
    if (HAS_SPEED.has(state)) addSpeed(history, atSeconds, bytesPerSecond);
    else addRest(history, atSeconds);
  }

  return {
    store,
    speeds: (id) => histories.get(id) ?? null,
    receive: (event) => {
      if (event.event === 'progress') measure(event);
      follow(event);
    },
  };
}
