import { expect, it } from 'vitest';
import { planChunks } from './chunk-plan.ts';
import { ChunkTable, type Claim } from './chunk-table.ts';
import { ConnectionShare } from './connection-shares.ts';
import { RangeAttempt, type RangeAttemptDeps } from './range-attempt.ts';
import type { TransferItem } from './transfer-item.ts';
import { WriteBuffers } from './write-buffers.ts';

const SIZE = 1_000_000;

/** An attempt with its own clock whose source the test controls. */
async function open() {
  let nowMs = 0;
  const now = () => nowMs;
  const table = new ChunkTable(planChunks(SIZE, SIZE));
  const source = {
    host: 'data.example',
    finderHost: 'hub.example',
    find: async () => ({
      kind: 'xet',
      host: 'data.example',
      fetch: () => new Promise<void>(() => undefined),
    }),
  };
  const item = { source, table, write: async () => undefined, written: () => undefined };
  const deps: RangeAttemptDeps = {
    buffers: new WriteBuffers(),
    hold: () => undefined,
    now,
    stallTimeoutMs: () => 30_000,
    onArrived: () => undefined,
    onLocated: () => undefined,
    mayFetch: () => true,
    mayTakeWhole: () => false,
  };
  const claim = table.claimNext() as Claim;
  const subject = new RangeAttempt(item as unknown as TransferItem, claim, new ConnectionShare(now), deps);
  void subject.run();
  await new Promise(setImmediate);
  return { subject, pass: (ms: number) => (nowMs += ms) };
}

it('an attempt that decodes is as fast as its link, however seldom it delivers', async () => {
  const { subject, pass } = await open();
  for (let second = 0; second < 6; second += 1) {
    pass(1000);
    subject.arriving(10_000);
    subject.measure();
  }
  expect(subject.deliveredBytes).toBe(0);
  expect(subject.bytesPerSecond).toBeCloseTo(10_000, 0);
  expect(subject.silentMs).toBe(0);
  void subject.push(Buffer.alloc(65_536));
  subject.measure();
  expect(subject.deliveredBytes).toBe(65_536);
  expect(subject.windowBytes).toBe(60_000);
});

it('any other attempt is as fast as what it delivers', async () => {
  const { subject, pass } = await open();
  pass(1000);
  void subject.push(Buffer.alloc(20_000));
  subject.measure();
  expect(subject.bytesPerSecond).toBeCloseTo(20_000, 0);
  expect(subject.windowBytes).toBe(20_000);
});
