import { expect } from 'vitest';
import type { RepositoryDeclaration } from '../../hub/repositories/declaration.ts';
import { WEIGHTS, weights } from '../../integration/repositories.ts';
import type { TestApp } from '../app.ts';
import {
  alwaysFaults,
  connectionFaults,
  judgedSamples,
  type Stretch,
  silenceFaults,
  speedFaults,
  timeFaults,
  trayFaults,
} from './judge.ts';
import type { Sample, Sampler } from './sampler.ts';

/** The line of all stories, in bytes per second: slow enough for a laptop under load to keep up with. */
export const LINE = { totalBytesPerSecond: 4_000_000 };

/** Samples of a stretch that must be judged, on average: two seconds of them. */
const LEAST_JUDGED = 4;

export const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** A repository with one file of `size` bytes. */
export function repository(id: string, size: number): RepositoryDeclaration {
  return { id, files: [weights(WEIGHTS, size, id)] };
}

/** Lets time go by on a line that stays as it is from now on. */
export async function stretch(name: string, count: number): Promise<Stretch> {
  const fromMs = performance.now();
  await seconds(count);
  return { name, fromMs, toMs: performance.now() };
}

/** Waits until bytes come: a stretch of downloading begins with the first one. */
export async function bytesCome(sampler: Sampler): Promise<void> {
  const before = sampler.samples.at(-1)?.sentBytes ?? 0;
  await expect
    .poll(() => (sampler.samples.at(-1)?.sentBytes ?? 0) - before, { timeout: 60_000, interval: 50 })
    .toBeGreaterThan(100_000);
}

/** Chunks are small, so that connections go from one to the next all the time. */
export const add = (app: TestApp, reference: string) =>
  app.call('downloads.add', { reference, chunkSizeBytes: 1024 * 1024 });

/** Which stretches are to be judged as what. */
export interface Story {
  /** Bytes come all the time. */
  readonly moving: readonly Stretch[];
  /** Nothing comes. */
  readonly silent?: readonly Stretch[];
  /** The inspector is open. */
  readonly inspected?: readonly Stretch[];
}

/** Passes when everything shown fits what the Hub sent. Deviations are reported by kind. */
export function expectTruth(
  samples: readonly Sample[],
  { moving, silent = [], inspected = [] }: Story,
  more: Readonly<Record<string, readonly string[]>> = {},
): void {
  const faults = {
    speed: moving.flatMap((each) => speedFaults(samples, each)),
    time: moving.flatMap((each) => timeFaults(samples, each)),
    menuBar: moving.flatMap((each) => trayFaults(samples, each)),
    silence: silent.flatMap((each) => silenceFaults(samples, each)),
    connections: inspected.flatMap((each) => connectionFaults(samples, each)),
    always: alwaysFaults(samples),
    ...more,
  };
  const judged = moving.reduce((sum, each) => sum + judgedSamples(samples, each), 0);
  expect(judged).toBeGreaterThan(LEAST_JUDGED * moving.length);
  expect(Object.fromEntries(Object.entries(faults).filter(([, found]) => found.length > 0))).toEqual({});
}
