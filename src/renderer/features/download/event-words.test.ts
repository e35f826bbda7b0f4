import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { eventWords, logLines } from './event-words.ts';

const event = (body: object) =>
  ({ seq: 1, time: '2026-01-05T12:00:00Z', download: 'a', ...body }) as EngineEvent;

describe('eventWords', () => {
  it.each([
    [
      { event: 'rescued', path: 'model.safetensors', bytes: 6_300_000_000, chunks: 120, source: 'partial' },
      'Reused 6.3 GB of model.safetensors from another tool’s partial file',
    ],
    [
      {
        event: 'retry',
        attempt: 3,
        message: 'The connection broke off.',
        delayMs: 4000,
      },
      'The connection broke off. Trying again in 4 s (try 3)',
    ],
    [
      { event: 'repaired', path: 'model.safetensors', chunk: 6, bytes: 52_428_800 },
      'Replaced damaged chunk 7 of model.safetensors (52.4 MB)',
    ],
    [{ event: 'failed', message: 'It is gated.' }, 'It is gated.'],
  ])('tells %o', (body, text) => expect(eventWords(event(body))).toBe(text));

  it('has no words for what comes every second', () => {
    expect(eventWords(event({ event: 'verifying' }))).toBeNull();
  });
});

describe('logLines', () => {
  it('tells the newest first, and a state once', () => {
    const events = [
      event({ event: 'progress', seq: 1, state: 'resolving' }),
      event({ event: 'progress', seq: 2, state: 'downloading' }),
      event({ event: 'progress', seq: 3, state: 'downloading' }),
      event({ event: 'failed', seq: 4, message: 'Gone.' }),
    ];
    expect(logLines(events).map(({ text }) => text)).toEqual(['Gone.', 'Downloading', 'Checking files']);
  });

  it('tells once what several connections met with at the same time', () => {
    const retry = { event: 'retry', attempt: 1, message: 'It broke off.', delayMs: 0 };
    const events = [1, 2, 3].map((seq) => event({ ...retry, seq }));
    expect(logLines(events).map(({ text }) => text)).toEqual([
      'It broke off. Trying again now (try 1) (3 times)',
    ]);
  });
});
