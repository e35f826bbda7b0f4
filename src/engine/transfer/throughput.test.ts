import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SILENCE_MS, Throughput } from './throughput.ts';

const MB = 1_000_000;

/** A speed with a clock of its own. */
function measured() {
  const clock = { ms: 1_000_000 };
  const throughput = new Throughput(() => clock.ms);
  /** So many bytes per second for a time, sampled four times a second. */
  const run = (bytesPerSecond: number, ms: number) => {
    for (let at = 0; at < ms; at += 250) {
      clock.ms += 250;
      if (bytesPerSecond > 0) throughput.add(bytesPerSecond / 4);
      throughput.sample();
    }
  };
  return { throughput, run, clock };
}

describe('the throughput', () => {
  it('is right from the first second on', () => {
    const { throughput, run } = measured();
    run(5 * MB, 1000);
    expect(throughput.bytesPerSecond).toBeCloseTo(5 * MB, -3);
  });

  it('is half way to a new speed after ten seconds', () => {
    const { throughput, run } = measured();
    run(8 * MB, 300_000);
    run(2 * MB, 10_000);
    expect(throughput.bytesPerSecond / MB).toBeCloseTo(5, 1);
  });

  it('is nothing three seconds after the last byte', () => {
    const { throughput, run } = measured();
    run(5 * MB, 10_000);
    run(0, SILENCE_MS - 250);
    expect(throughput.bytesPerSecond).toBeGreaterThan(0);
    run(0, 250);
    expect(throughput.bytesPerSecond).toBe(0);
    expect(throughput.etaSeconds(1000)).toBeNull();
  });

  it('tells the time left from the slower of its two means', () => {
    const { throughput, run } = measured();
    run(10 * MB, 300_000);
    expect(throughput.etaSeconds(95 * MB)).toBe(10);
    run(1 * MB, 6000);
    // The long mean is still near 7 MB/s, the short one is near 3.
    const seconds = throughput.etaSeconds(100 * MB) ?? 0;
    expect(seconds).toBeGreaterThan((100 * MB) / throughput.bytesPerSecond + 10);
    run(10 * MB, 6000);
    expect(throughput.etaSeconds(100 * MB)).toBe(Math.ceil((100 * MB) / throughput.bytesPerSecond));
  });

  it('has no time left when nothing is left', () => {
    expect(measured().throughput.etaSeconds(0)).toBe(0);
  });

  it('begins anew after a reset', () => {
    const { throughput, run } = measured();
    run(10 * MB, 60_000);
    throughput.reset();
    run(1 * MB, 1000);
    expect(throughput.bytesPerSecond).toBeCloseTo(MB, -3);
    expect(throughput.totalBytes).toBe(601 * MB);
  });

  it('is never NaN or negative, however it is called', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add'), value: fc.nat(1e9) }),
      fc.record({ kind: fc.constant('wait'), value: fc.nat(100_000) }),
      fc.record({ kind: fc.constant('sample'), value: fc.nat(0) }),
      fc.record({ kind: fc.constant('reset'), value: fc.nat(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(1e12), (steps, rest) => {
        const { throughput, clock } = measured();
        for (const { kind, value } of steps) {
          if (kind === 'add') throughput.add(value);
          else if (kind === 'wait') clock.ms += value;
          else if (kind === 'sample') throughput.sample();
          else throughput.reset();
          expect(throughput.bytesPerSecond).toBeGreaterThanOrEqual(0);
          const eta = throughput.etaSeconds(rest);
          if (eta !== null) expect(eta).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
