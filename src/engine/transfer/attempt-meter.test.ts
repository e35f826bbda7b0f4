import { describe, expect, it } from 'vitest';
import { AttemptMeter } from './attempt-meter.ts';

const KB = 1000;

function meter() {
  const clock = { ms: 5000 };
  const subject = new AttemptMeter(() => clock.ms);
  const run = (bytesPerSecond: number, ms: number) => {
    for (let at = 0; at < ms; at += 500) {
      clock.ms += 500;
      subject.add(bytesPerSecond / 2);
      subject.sample();
    }
  };
  return { subject, clock, run };
}

describe('the meter of an attempt', () => {
  it('knows the speed after its first sample', () => {
    const { subject, run } = meter();
    run(300 * KB, 500);
    expect(subject.bytesPerSecond).toBe(300 * KB);
  });

  it('is half way to a new speed after two seconds', () => {
    const { subject, run } = meter();
    run(400 * KB, 60_000);
    run(0, 2000);
    expect(subject.bytesPerSecond / KB).toBeCloseTo(200, 5);
  });

  it('counts the bytes of the last two minutes only', () => {
    const { subject, run } = meter();
    run(10 * KB, 300_000);
    expect(subject.windowBytes / KB).toBeCloseTo(1205, -1);
    run(0, 121_000);
    expect(subject.windowBytes).toBe(0);
    expect(subject.ageMs).toBe(421_000);
  });

  it('stops while the attempt is held, so that waiting is not slowness', () => {
    const { subject, clock, run } = meter();
    run(100 * KB, 10_000);
    const before = subject.bytesPerSecond;
    subject.hold();
    subject.hold();
    for (let tick = 0; tick < 600; tick += 1) {
      clock.ms += 500;
      subject.sample();
      if (tick === 300) subject.release();
    }
    subject.release();
    expect(subject.bytesPerSecond).toBe(before);
    expect(subject.ageMs).toBe(10_000);
    expect(subject.windowBytes).toBe(1000 * KB);
    clock.ms += 500;
    expect(subject.ageMs).toBe(10_500);
  });

  it('knows how long it has been silent, without the waits', () => {
    const { subject, clock } = meter();
    clock.ms += 4000;
    subject.add(1);
    clock.ms += 3000;
    subject.hold();
    clock.ms += 60_000;
    expect(subject.silentMs).toBe(3000);
  });

  it('is never NaN when it is sampled twice at one time', () => {
    const { subject } = meter();
    subject.add(100);
    subject.sample();
    subject.sample();
    expect(subject.bytesPerSecond).toBe(0);
  });
});
