import type { Snapshot } from '../contract/commands.ts';
import type { Outcome } from '../contract/envelope.ts';
import type { EngineEvent } from '../contract/events.ts';
import { applyEvent, type DownloadsState, stateOf } from './downloads-state.ts';

/** Dependencies of a mirror. */
export interface MirrorOptions {
  readonly takeSnapshot: () => Promise<Outcome<Snapshot>>;
  readonly onChange: (state: DownloadsState) => void;
}

/**
 * Follows the engine: takes a snapshot, applies events, and takes another snapshot whenever an event was missed or
 * refers to more than it carries. A new engine run and a page that slept need no other code.
 */
export interface Mirror {
  receive(event: EngineEvent): void;
  /** Takes a snapshot now: at the start, after a new engine run, after a time without events. */
  refresh(): Promise<void>;
}

export function createMirror({ takeSnapshot, onChange }: MirrorOptions): Mirror {
  let state: DownloadsState | null = null;
  /** Events that arrive while a snapshot is being taken. */
  let missed: EngineEvent[] = [];
  let running: Promise<void> | null = null;
  let isWanted = false;

  function change(next: DownloadsState): void {
    state = next;
    onChange(next);
  }

  function take(event: EngineEvent): void {
    if (!state) return;
    const applied = applyEvent(state, event);
    if (applied.state !== state) change(applied.state);
    if (applied.isStale) void refresh();
  }

  async function run(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      const outcome = await takeSnapshot();
      // An absent engine reports when it is back; that triggers the next refresh.
      if (!outcome.ok) continue;
      const verifying = state?.runId === outcome.value.runId ? state.verifying : {};
      change({ ...stateOf(outcome.value), verifying });
    }
  }

  async function refresh(): Promise<void> {
    isWanted = true;
    running ??= run().finally(() => {
      running = null;
      const events = missed;
      missed = [];
      for (const event of events) take(event);
    });
    await running;
  }

  return {
    receive: (event) => {
      if (running) missed.push(event);
      else take(event);
    },
    refresh,
  };
}
