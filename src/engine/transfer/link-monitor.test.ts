import { describe, expect, it } from 'vitest';
import { LinkMonitor, type LinkOptions } from './link-monitor.ts';

const MOVING = { silentMs: 0, ageMs: 5000, deliveredBytes: 1_000_000 };

function line(options: Partial<LinkOptions> = {}) {
  const clock = { ms: 1000 };
  const subject = new LinkMonitor(() => clock.ms, {
    profile: 'auto',
    workers: undefined,
    remembered: null,
    ...options,
  });
  /** Runs at a speed in bytes per second for a while. */
  const run = (bytesPerSecond: number, ms: number) => {
    for (let at = 0; at < ms; at += 500) {
      clock.ms += 500;
      if (bytesPerSecond > 0) subject.arrived(bytesPerSecond / 2);
      subject.tick(Array.from({ length: subject.wantedStreams }, () => MOVING));
    }
  };
  return { subject, clock, run };
}

describe('the tolerated silence', () => {
  it('is 30 s while nothing is known', () => {
    expect(line().subject.stallTimeoutMs).toBe(30_000);
  });

  it('is 60 s on a link that is weak as a whole', () => {
    const { subject, run } = line();
    run(49_000, 5000);
    expect(subject.stallTimeoutMs).toBe(60_000);
    run(5_000_000, 5000);
    expect(subject.stallTimeoutMs).toBe(30_000);
  });

  it('does not grow because a good link falls silent, even with its last bytes in a short tick', () => {
    const { subject, run } = line();
    run(1_000_000, 20_000);
    run(100, 500);
    run(0, 25_000);
    expect(subject.stallTimeoutMs).toBe(30_000);
  });

  it('stays 30 s with the profile for very weak links', () => {
    const { subject, run } = line({ profile: 'very-weak' });
    run(1000, 20_000);
    expect(subject.stallTimeoutMs).toBe(30_000);
  });
});

describe('the silence after which an attempt loses its slot', () => {
  it('is 5 s, and twice that on a link that is weak as a whole', () => {
    const { subject, run } = line();
    expect(subject.silentAfterMs).toBe(5000);
    run(20_000, 5000);
    expect(subject.silentAfterMs).toBe(10_000);
  });
});

describe('the usual speed of a link', () => {
  it('is the speed of its best attempt, and fades', () => {
    const { subject, run } = line({ workers: 4 });
    for (const bytesPerSecond of [200_000, 1_000_000, 500_000]) subject.streamReached(bytesPerSecond);
    expect(subject.usualBytesPerSecond).toBe(1_000_000);
    run(4000, 30_000);
    expect(subject.usualBytesPerSecond).toBeCloseTo(500_000, -2);
  });
});

describe('the number of streams of a link', () => {
  it('is what the profile or the user sets', () => {
    expect(line({ profile: 'fast' }).subject).toMatchObject({ wantedStreams: 10, isMeasuring: false });
    expect(line({ workers: 3 }).subject).toMatchObject({ wantedStreams: 3, provenStreams: 3 });
  });

  it('is measured otherwise, starting at the remembered number', () => {
    const { subject, run } = line({ remembered: 4 });
    expect(subject).toMatchObject({ wantedStreams: 4, isMeasuring: true });
    run(1_000_000, 6000);
    expect(subject).toMatchObject({ wantedStreams: 5, provenStreams: 4 });
  });

  it.each([
    ['goes down when a stream stalls while others move', 'Stalled', 1_000_000, 7],
    ['goes down when a connection does not come about while others move', 'Timeout', 1_000_000, 7],
    ['stays when everything stalls, because that says nothing about it', 'Stalled', 0, 8],
    ['goes down on 429, whatever else moves', 'RateLimited', 0, 7],
    ['stays when a connection drops', 'Offline', 1_000_000, 8],
    ['stays when the server has a problem of its own', 'ServerError', 1_000_000, 8],
  ] as const)('%s', (_, code, bytesPerSecond, expected) => {
    const { subject, run } = line({ remembered: 8 });
    run(1_000_000, 1000);
    run(bytesPerSecond, 3000);
    subject.failed(code);
    run(bytesPerSecond, 500);
    expect(subject.wantedStreams).toBe(expected);
  });

  it('goes down by one however many attempts fail together', () => {
    const { subject, run } = line({ remembered: 8 });
    for (let stream = 0; stream < 8; stream += 1) subject.failed('RateLimited');
    run(0, 500);
    expect(subject.wantedStreams).toBe(7);
  });

  it('stays when attempts fall silent now and then, and goes down when many do in a short time', () => {
    const { subject, run } = line({ remembered: 8 });
    for (let tick = 0; tick < 240; tick += 1) {
      if (tick % 60 === 0) subject.fellSilent();
      run(subject.wantedStreams * 100_000, 500);
    }
    const before = subject.provenStreams;
    expect(before).toBeGreaterThanOrEqual(8);
    for (let stream = 0; stream < 8; stream += 1) subject.fellSilent();
    run(1_000_000, 500);
    expect(subject.wantedStreams).toBeLessThan(before);
  });
});
