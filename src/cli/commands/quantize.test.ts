import { describe, expect, it } from 'vitest';
import type { BuildProgress, BuildStats } from '../../shared/model/build.ts';
import { createFakeEngine, FAKE_TIME, type FakeEngine } from '../testing/fake-engine.ts';
import { createFakeIo } from '../testing/fake-io.ts';
import { runCli } from '../testing/run-cli.ts';

const progress = (over: Partial<BuildProgress> = {}): BuildProgress => ({
  state: 'making',
  reason: null,
  waitReason: null,
  sourceBytesDone: 6_300_000_000,
  sourceBytes: 15_400_000_000,
  writtenBytes: 2_000_000_000,
  durableBytes: 1_900_000_000,
  outputBytes: 4_800_000_000,
  bytesPerSecond: 0,
  etaSeconds: null,
  unitsDone: 800,
  unitsTotal: 1952,
  tensor: null,
  hashedBytes: 0,
  ...over,
});
const stats: BuildStats = {
  seconds: 20,
  readBytes: 1,
  writtenBytes: 2,
  recomputedUnits: 64,
  worstErrorInSteps: 1,
};
const made = { path: '/made/q4', file: '/made/q4/model.q4.safetensors', size: 4_800_000_000, hash: 'ab' };

function start(line: string) {
  const io = createFakeIo();
  const engine = createFakeEngine({ 'build.start': () => ({ id: 'b1' }) });
  return { io, engine, running: runCli(line, engine, io) };
}

async function finish(engine: FakeEngine) {
  await engine.whenCalled('build.start');
  engine.emit({ event: 'build.progress', download: 'b1', ...progress() });
  engine.emit({ event: 'build.progress', download: 'other', ...progress({ state: 'failed' }) });
  engine.emit({ event: 'build.done', download: 'b1', ...made, pinned: null, stats });
}

describe('quantize', () => {
  it('follows the build to its end and prints the folder', async () => {
    const { io, engine, running } = start('quantize moshi --variant q4');
    await finish(engine);
    expect(await running).toBe(0);
    expect(io.out()).toContain('moshi Q4: making · 6.30 of 15.40 GB read · 2.0 GB written · 40 %');
    expect(io.out()).toContain('\n/made/q4\n');
    expect(engine.calls[0]).toEqual({
      name: 'build.start',
      args: { reference: 'moshi', variant: 'q4', rule: 'metal', force: false },
    });
  });

  it('tells its events with --json, of its own build only', async () => {
    const { io, engine, running } = start('quantize moshi --variant q4 --json');
    await finish(engine);
    expect(await running).toBe(0);
    const lines = io.out().trim().split('\n');
    const [first, last, ...more] = lines.map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    expect(first).toEqual({ event: 'progress', time: FAKE_TIME, build: 'b1', ...progress() });
    expect(last).toMatchObject({ event: 'done', build: 'b1', ...made, pinned: null });
  });

  it.each([
    ['the source is not here', 'NotFound', 4],
    ['the source is damaged', 'HashMismatch', 5],
    ['the disk is full', 'DiskFull', 6],
    ['the disk is gone', 'DiskMissing', 6],
    ['it is not made here', 'BadRequest', 2],
  ] as const)('ends with its exit code when %s', async (message, code, exit) => {
    const { io, engine, running } = start('quantize moshi --variant q8');
    await engine.whenCalled('build.start');
    engine.emit({ event: 'build.failed', download: 'b1', code, message, retryable: false });
    expect(await running).toBe(exit);
    expect(io.err()).toContain(message);
  });

  it('says what is safe and how to go on when it is interrupted', async () => {
    const { io, engine, running } = start('quantize moshi --variant q4');
    await engine.whenCalled('build.start');
    engine.emit({ event: 'build.progress', download: 'b1', ...progress() });
    io.interrupt();
    expect(await running).toBe(130);
    expect(io.err()).toContain('1.9 GB is saved. To continue: haulyard resume b1');
  });

  it.each(['quantize moshi', 'quantize moshi --variant q5', 'quantize moshi --variant q4 --rule gpu'])(
    'refuses %s',
    async (line) => {
      const { running, engine } = start(line);
      expect(await running).toBe(2);
      expect(engine.calls).toEqual([]);
    },
  );
});
