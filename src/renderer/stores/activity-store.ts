import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { type Activity, NO_ACTIVITY, withEvent } from './activity.ts';
import { addSpeed, createSpeedHistory, type SpeedHistory } from './speed-history.ts';

/** What the page saw of each download since it was opened, by id. */
export type ActivityState = Readonly<Record<string, Activity>>;

/** The store, the speeds of the last minutes, and what feeds both. */
export interface ActivityFeed {
  readonly store: StoreApi<ActivityState>;
  /** The speeds of a download. Not part of the state: whoever draws them reads them once a second. */
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

  function measure(id: string, time: string, bytesPerSecond: number): void {
    const history = histories.get(id) ?? createSpeedHistory();
    histories.set(id, history);
    addSpeed(history, Date.parse(time) / 1000, bytesPerSecond);
  }

  return {
    store,
    speeds: (id) => histories.get(id) ?? null,
    receive: (event) => {
      if (event.event === 'progress') measure(event.download, event.time, event.bytesPerSecond);
      follow(event);
    },
  };
}
