import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SILENCE_MS, Throughput } from './throughput.ts';

const MB = 1_000_000;
const READ_MS = 20;

/** A part of a trace: a number of bytes per second for a time, each read varied by up to `noise`. */
interface Piece {
  readonly bytesPerSecond: number;
  readonly ms: number;
  readonly noise?: number;
}

/** A speed with its own clock, and a link that delivers bytes every 20 ms. */
function measured(seed = 1) {
  const clock = { ms: 1_000_000 };
  const throughput = new Throughput(() => clock.ms);
  const random = seededRandom(seed);
  const run = ({ bytesPerSecond, ms, noise = 0 }: Piece, look: () => void = () => {}) => {
    for (let at = 0; at < ms; at += READ_MS) {
      clock.ms += READ_MS;
      const bytes = Math.round(((bytesPerSecond * READ_MS) / 1000) * (1 + noise * (2 * random() - 1)));
      if (bytes > 0) throughput.add(bytes);
      look();
    }
  };
  const steady = (bytesPerSecond: number, ms: number) => run({ bytesPerSecond, ms });
  return { throughput, run, steady, clock };
}

/** mulberry32: the same numbers each time. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Within 15 %. */
function expectNear(shown: number, real: number): void {
  expect(shown).toBeGreaterThan(real * 0.85);
  expect(shown).toBeLessThan(real * 1.15);
}

describe('the displayed speed, two seconds after', () => {
  const fast = { bytesPerSecond: 20 * MB, ms: 60_000 };
  it.each<[string, readonly Piece[], number]>([
    ['the first byte', [], 20 * MB],
    ['an outage of 30 s', [fast, { bytesPerSecond: 0, ms: 30_000 }], 20 * MB],
    ['a gap of 2 s', [fast, { bytesPerSecond: 0, ms: 2000 }], 20 * MB],
    ['a limit of 3 MB/s', [fast], 3 * MB],
    ['a limit that is lifted', [{ bytesPerSecond: 3 * MB, ms: 20_000 }], 20 * MB],
    ['another download took half the line', [fast], 10 * MB],
    ['the other download ended', [{ bytesPerSecond: 10 * MB, ms: 30_000 }], 20 * MB],
    ['three quarters of the line were left', [fast], 15 * MB],
    ['the line died to a trickle', [fast], 40_000],
    ['an outage that began as a trickle', [fast, { bytesPerSecond: 500, ms: 30_000 }], 20 * MB],
    ['a change a second before', [fast, { bytesPerSecond: 2 * MB, ms: 1000 }], 8 * MB],
    ['a noisy line halved', [{ ...fast, noise: 0.8 }], 10 * MB],
  ])('%s is what arrives', (_what, before, after) => {
    const { throughput, run } = measured();
    for (const piece of before) run(piece);
    run({ bytesPerSecond: after, ms: 2000 });
    expectNear(throughput.bytesPerSecond, after);
  });

  it('a pause of 30 s is the received speed, however long the next byte took', () => {
    const { throughput, steady, clock } = measured();
    steady(20 * MB, 60_000);
    clock.ms += 30_000;
    throughput.reset();
    clock.ms += 4000;
    steady(20 * MB, 2000);
    expectNear(throughput.bytesPerSecond, 20 * MB);
  });

  it('a limit is the received speed, even when full buffers came first and were made up for', () => {
    const { throughput, steady } = measured();
    steady(20 * MB, 20_000);
    throughput.lineChanged();
    steady(12 * MB, 500);
    steady(2 * MB, 1500);
    expectNear(throughput.bytesPerSecond, 2 * MB);
  });

  it('each of many random changes is the received speed', () => {
    const piece = fc.record({
      bytesPerSecond: fc.integer({ min: 100_000, max: 100 * MB }),
      ms: fc.integer({ min: 4000, max: 20_000 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const { throughput, run } = measured();
        for (const { bytesPerSecond, ms } of pieces) {
          run({ bytesPerSecond, ms: 2000 });
          expectNear(throughput.bytesPerSecond, bytesPerSecond);
          run({ bytesPerSecond, ms });
        }
      }),
    );
  });
});

describe('the displayed speed on a steady link', () => {
  it.each([0.2, 0.5, 0.9])('does not jump when reads vary by %d', (noise) => {
    const { throughput, run } = measured();
    run({ bytesPerSecond: 20 * MB, ms: 5000, noise });
    const shown: number[] = [];
    run({ bytesPerSecond: 20 * MB, ms: 60_000, noise }, () => shown.push(throughput.bytesPerSecond));
    expect(Math.min(...shown)).toBeGreaterThan(18 * MB);
    expect(Math.max(...shown)).toBeLessThan(22 * MB);
  });

  it('does not follow the short stops of a disk or a radio', () => {
    const { throughput, steady } = measured();
    steady(20 * MB, 10_000);
    const shown: number[] = [];
    for (let second = 0; second < 30; second += 1) {
      steady(24 * MB, 1500);
      steady(0, 300);
      shown.push(throughput.bytesPerSecond);
    }
    expect(Math.min(...shown)).toBeGreaterThan(17 * MB);
    expect(Math.max(...shown)).toBeLessThan(25 * MB);
  });

  it('is right where a few large reads make up a slow link', () => {
    const { throughput, clock } = measured();
    for (let read = 0; read < 20; read += 1) {
      clock.ms += 1600;
      throughput.add(32_000);
    }
    expect(throughput.bytesPerSecond).toBeGreaterThan(14_000);
    expect(throughput.bytesPerSecond).toBeLessThan(26_000);
  });

  it('does not depend on how often it is read', () => {
    const often = measured();
    const seldom = measured();
    for (const piece of [
      { bytesPerSecond: 20 * MB, ms: 9000, noise: 0.5 },
      { bytesPerSecond: 5 * MB, ms: 7000, noise: 0.5 },
    ]) {
      often.run(piece, () => void often.throughput.bytesPerSecond);
      seldom.run(piece);
    }
    expect(often.throughput.bytesPerSecond).toBe(seldom.throughput.bytesPerSecond);
  });
});

describe('the remaining time', () => {
  it('is what is left at the displayed speed', () => {
    const { throughput, run } = measured();
    const look = () => {
      const seconds = throughput.etaSeconds(700 * MB);
      if (seconds !== null) expect(seconds).toBe(Math.ceil((700 * MB) / throughput.bytesPerSecond));
    };
    run({ bytesPerSecond: 10 * MB, ms: 30_000, noise: 0.5 }, look);
    run({ bytesPerSecond: 1 * MB, ms: 20_000, noise: 0.5 }, look);
    expect(throughput.etaSeconds(700 * MB)).not.toBeNull();
  });

  it('is not shown in the first three seconds of a run', () => {
    const { throughput, steady } = measured();
    steady(5 * MB, 2900);
    expect(throughput.etaSeconds(100 * MB)).toBeNull();
    steady(5 * MB, 300);
    expect([20, 21]).toContain(throughput.etaSeconds(100 * MB));
    throughput.reset();
    steady(5 * MB, 2900);
    expect(throughput.etaSeconds(100 * MB)).toBeNull();
  });

  it('is zero when nothing is left', () => {
    expect(measured().throughput.etaSeconds(0)).toBe(0);
  });
});

describe('no data', () => {
  it('is reported three seconds after the last byte, and the speed is 0 then', () => {
    const { throughput, steady, clock } = measured();
    steady(5 * MB, 10_000);
    clock.ms += SILENCE_MS - 1;
    expect(throughput.bytesPerSecond).toBeGreaterThan(0);
    expect(throughput.noDataMs).toBeNull();
    clock.ms += 1;
    expect(throughput.bytesPerSecond).toBe(0);
    expect(throughput.etaSeconds(1000)).toBeNull();
    expect(throughput.noDataMs).toBe(SILENCE_MS);
  });

  it('is reported for a trickle of less than 1 % of the usual, with the time since it began', () => {
    const { throughput, steady } = measured();
    steady(20 * MB, 10_000);
    steady(100_000, 2500);
    expect(throughput.noDataMs).toBeNull();
    steady(100_000, 7500);
    expect(throughput.noDataMs).toBeGreaterThan(9000);
    expect(throughput.noDataMs).toBeLessThan(10_500);
    expect(throughput.etaSeconds(MB)).toBeNull();
    steady(20 * MB, 3000);
    expect(throughput.noDataMs).toBeNull();
  });

  it('is not reported for a link that was always slow, or for a limit', () => {
    const slow = measured();
    slow.steady(50_000, 30_000);
    expect(slow.throughput.noDataMs).toBeNull();
    const limited = measured();
    limited.steady(50 * MB, 10_000);
    limited.throughput.lineChanged();
    for (let second = 0; second < 10; second += 1) {
      limited.steady(50_000, 1000);
      if (second >= 3) expect(limited.throughput.noDataMs).toBeNull();
    }
  });

  it('is not reported before the first byte', () => {
    const { throughput, clock } = measured();
    clock.ms += 60_000;
    expect(throughput.noDataMs).toBeNull();
  });
});

describe('the throughput', () => {
  it('keeps count of all bytes through a reset', () => {
    const { throughput, steady } = measured();
    steady(10 * MB, 1000);
    throughput.reset();
    steady(1 * MB, 1000);
    expect(throughput.totalBytes).toBe(11 * MB);
  });

  it('is never NaN or negative, however it is called', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add'), value: fc.nat(1e9) }),
      fc.record({ kind: fc.constant('wait'), value: fc.nat(100_000) }),
      fc.record({ kind: fc.constant('reset'), value: fc.nat(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(1e12), (steps, rest) => {
        const { throughput, clock } = measured();
        for (const { kind, value } of steps) {
          if (kind === 'add') throughput.add(value);
          else if (kind === 'wait') clock.ms += value;
          else throughput.reset();
          expect(throughput.bytesPerSecond).toBeGreaterThanOrEqual(0);
          const eta = throughput.etaSeconds(rest);
          if (eta !== null) expect(eta).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
