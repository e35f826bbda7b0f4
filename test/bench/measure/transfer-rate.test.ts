import { expect, it } from 'vitest';
import type { ProgressEvent, RescuedEvent } from '../../../src/shared/contract/events.ts';
import type { TimedEvent } from './run-haulyard.ts';
import { rescuedBytes, transferRate } from './transfer-rate.ts';

function progress(atMs: number, receivedBytes: number): TimedEvent {
  return { atMs, event: { event: 'progress', receivedBytes } as ProgressEvent };
}

it('measures from the first new bytes to the last ones, without the wait before and after', () => {
  const events = [
    progress(0, 100),
    progress(900, 200),
    progress(1000, 300),
    progress(1900, 1100),
    progress(5000, 1100),
  ];
  expect(transferRate(events, 100)).toEqual({ bytes: 900, bytesPerSecond: 900 });
});

it('needs two looks', () => {
  expect(transferRate([progress(0, 100), progress(1, 200)], 100)).toBeNull();
});

it('adds up what was rescued', () => {
  const rescued = { event: 'rescued', bytes: 5 } as RescuedEvent;
  expect(rescuedBytes([{ atMs: 0, event: rescued }, progress(0, 9), { atMs: 0, event: rescued }])).toBe(10);
});
