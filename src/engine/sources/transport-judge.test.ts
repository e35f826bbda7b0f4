import { describe, expect, it } from 'vitest';
import type { Transport } from '../../shared/model/transport.ts';
import { TransportJudge } from './transport-judge.ts';

const MB = 1_000_000;
const RANGE = 50 * MB;

function judge() {
  let nowMs = 0;
  const subject = new TransportJudge(() => nowMs);
  return { subject, pass: (ms: number) => (nowMs += ms), now: () => nowMs };
}

/** Runs attempts at these speeds; returns how many used Xet. */
function run(
  { subject, pass, now }: ReturnType<typeof judge>,
  attempts: number,
  bytesPerSecond: Record<Transport, number>,
  rangeBytes = RANGE,
): number {
  let byXet = 0;
  for (let count = 0; count < attempts; count += 1) {
    const transport = subject.next('auto', rangeBytes);
    if (transport === 'xet') byXet += 1;
    const startedMs = now();
    pass((rangeBytes * 1000) / bytesPerSecond[transport]);
    subject.measured(transport, rangeBytes, startedMs);
  }
  return byXet;
}

describe('the transport that is chosen', () => {
  it('is the requested one', () => {
    const judged = judge();
    const { subject } = judged;
    expect(subject.next('http', RANGE)).toBe('http');
    expect(subject.next('xet', RANGE)).toBe('xet');
    expect(subject.reason('xet')).toEqual({ transport: 'xet', because: 'asked', failure: null });
  });

  it('is HTTP at first, with a trial of Xet now and then', () => {
    const judged = judge();
    const { subject } = judged;
    expect(subject.reason('auto')).toEqual({ transport: 'http', because: 'default', failure: null });
    expect(run(judged, 24, { http: MB, xet: MB })).toBe(2);
  });

  it('becomes Xet where that is clearly faster, and HTTP again when that changes', () => {
    const judged = judge();
    const { subject } = judged;
    run(judged, 40, { http: MB, xet: 1.16 * MB });
    expect(subject.reason('auto')).toEqual({ transport: 'xet', because: 'faster', failure: null });
    expect(run(judged, 24, { http: MB, xet: 1.16 * MB })).toBe(22);
    run(judged, 60, { http: MB, xet: 0.5 * MB });
    expect(subject.reason('auto').transport).toBe('http');
  });

  it('stays where the other one is hardly faster', () => {
    const judged = judge();
    const { subject } = judged;
    run(judged, 200, { http: MB, xet: 1.05 * MB });
    expect(subject.reason('auto').transport).toBe('http');
  });

  it('is not tried with ranges that are mostly latency', () => {
    const judged = judge();
    expect(run(judged, 100, { http: MB, xet: MB }, MB)).toBe(0);
  });

  it('is HTTP for a while after Xet failed, longer each time, even where Xet was requested', () => {
    const judged = judge();
    const { subject, pass, now } = judged;
    expect(subject.failed('no route', now())).toBe(60_000);
    expect(subject.reason('xet')).toEqual({
      transport: 'http',
      because: 'other-failed',
      failure: 'no route',
    });
    expect(subject.next('auto', RANGE)).toBe('http');
    pass(60_000);
    expect(subject.next('xet', RANGE)).toBe('xet');
    expect(subject.failed('no route', now())).toBe(120_000);
    pass(120_000);
    pass(1000);
    subject.measured('xet', RANGE, now() - 1000);
    expect(subject.failed('no route', now())).toBe(60_000);
    for (let count = 0; count < 20; count += 1) {
      pass(3_600_000);
      subject.failed('no route', now());
    }
    expect(subject.failed('no route', now())).toBe(3_600_000);
  });

  it('counts what failed together as one failure, and a success from before it as none since', () => {
    const { subject, pass, now } = judge();
    const startedMs = now();
    pass(1000);
    for (let stream = 0; stream < 16; stream += 1) {
      expect(subject.failed('no route', startedMs)).toBe(60_000);
    }
    subject.measured('xet', RANGE, startedMs);
    pass(60_000);
    expect(subject.failed('no route', now())).toBe(120_000);
  });
});
