import { describe, expect, it } from 'vitest';
import type { EngineEvent, JudgedEvent, RescuedEvent } from '../../shared/contract/events.ts';
import { noteOf } from './notes.ts';

const base = { seq: 1, time: '2026-01-05T12:00:00.000Z', download: 'd', path: 'model.safetensors' } as const;
const rescued = {
  ...base,
  event: 'rescued',
  bytes: 9_100_000_000,
  fileBytes: 15_400_000_000,
  chunks: 170,
} as const;
const damaged: JudgedEvent = {
  ...base,
  event: 'judged',
  pieces: 1,
  proved: 0,
  bad: 1,
  unproved: 0,
  bytes: 67_108_864,
  badBytes: 48_000,
  method: 'nodes',
  arrived: true,
  damagedPieces: 1,
};

describe('a line that stays on the screen', () => {
  it.each<[RescuedEvent['source'], string]>([
    ['ledger', 'Reused 9.1 GB of model.safetensors from an earlier run.'],
    [
      'similar',
      '9.10 of 15.40 GB of model.safetensors are already on this machine, in other files of the cache.',
    ],
  ])('tells what need not be fetched, from %s', (source, words) => {
    expect(noteOf({ ...rescued, source })).toBe(words);
  });

  it('counts what a connection damages, in few lines', () => {
    const lines = Array.from({ length: 9 }, (_, index) =>
      noteOf({ ...damaged, damagedPieces: index + 1 } satisfies EngineEvent),
    );
    expect(lines.filter((line) => line !== null)).toEqual([
      'This connection damages data: a piece of model.safetensors arrived wrong, and 48 KB of it is downloaded again.',
      'This connection damages data: 2 pieces were downloaded again.',
      'This connection damages data: 5 pieces were downloaded again.',
    ]);
  });
});
