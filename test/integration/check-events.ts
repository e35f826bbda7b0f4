import { expect } from 'vitest';
import type { EngineEvent, ProgressEvent } from '../../src/shared/contract/events.ts';

/** What must hold for the events of every engine run: no gap in `seq`, no number that goes back without a reason. */
export function checkEvents(events: readonly EngineEvent[]): void {
  const [first] = events;
  const expected = events.map((_, index) => (first?.seq ?? 0) + index);
  expect(events.map(({ seq }) => seq)).toEqual(expected);
  for (const id of new Set(events.map((event) => event.download))) {
    checkProgress(events.filter((event) => event.download === id));
  }
}

function checkProgress(events: readonly EngineEvent[]): void {
  let shown: ProgressEvent | null = null;
  for (const event of events) {
    if (event.event !== 'progress') continue;
    if (shown && !mayFall(event)) checkStep(shown, event);
    shown = event;
    expect(event.verifiedBytes).toBeLessThanOrEqual(event.receivedBytes);
    expect(event.receivedBytes).toBeLessThanOrEqual(event.totalBytes);
    expect(event.chunksDone).toBeLessThanOrEqual(event.chunksTotal);
  }
}

/** A download that starts over counts what is on disk; one that repairs reports that. */
function mayFall({ state, reason }: ProgressEvent): boolean {
  return state === 'queued' || state === 'resolving' || (state === 'repairing' && reason !== undefined);
}

function checkStep(before: ProgressEvent, after: ProgressEvent): void {
  expect(after.receivedBytes).toBeGreaterThanOrEqual(before.receivedBytes);
  expect(after.verifiedBytes).toBeGreaterThanOrEqual(before.verifiedBytes);
  expect(after.chunksDone).toBeGreaterThanOrEqual(before.chunksDone);
}
