import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { eventWords, logLines } from './event-words.ts';

const event = (body: object) =>
  ({ seq: 1, time: '2026-01-05T12:00:00Z', download: 'a', ...body }) as EngineEvent;

describe('eventWords', () => {
  it.each([
    [
      { event: 'rescued', path: 'model.safetensors', bytes: 6_300_000_000, chunks: 120, source: 'partial' },
      'Reused 6.3 GB of model.safetensors from another tool’s unfinished file',
    ],
    [
      {
        event: 'retry',
        attempt: 3,
        code: 'Offline',
        details: { trouble: 'connection-lost', host: 'cdn.test' },
        delayMs: 4000,
      },
      'The connection to cdn.test was lost. Trying again in 4 s (try 3)',
    ],
    [
      { event: 'repaired', path: 'model.safetensors', chunk: 6, bytes: 52_428_800 },
      'Replaced damaged chunk 7 of model.safetensors (52.4 MB)',
    ],
    [{ event: 'failed', code: 'Gated' }, 'This model is gated. Ask for access on its page first.'],
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
      event({ event: 'failed', seq: 4, code: 'DiskFull' }),
    ];
    expect(logLines(events).map(({ text }) => text)).toEqual([
      'The disk is full.',
      'Downloading',
      'Checking files',
    ]);
  });

  it('tells once what several connections met with at the same time', () => {
    const retry = { event: 'retry', attempt: 1, code: 'Timeout', details: { host: 'cdn.test' }, delayMs: 0 };
    const events = [1, 2, 3].map((seq) => event({ ...retry, seq }));
    expect(logLines(events).map(({ text }) => text)).toEqual([
      'cdn.test didn’t answer in time. Trying again now (try 1) (3 times)',
    ]);
  });
});
