import { describe, expect, it } from 'vitest';
import { BACKOFF_CAP_MS } from './backoff.ts';
import { type FailureFacts, HostBackoff } from './host-backoff.ts';

const HOST = 'cdn.example';
const KB = 1024;
const MIB = 1024 * KB;

/** A host backoff whose random waits are always the maximum. */
function backoff() {
  const clock = { ms: 10_000 };
  const subject = new HostBackoff(
    () => clock.ms,
    () => 1,
  );
  const fail = (facts: Partial<FailureFacts> = {}) =>
    subject.fail(HOST, { deliveredBytes: 0, retryAfterMs: undefined, capMs: BACKOFF_CAP_MS, ...facts });
  /** Waits as long as required, tries, delivers that many bytes, and fails. Returns the next wait. */
  const tryAgain = (deliveredBytes: number) => {
    clock.ms += subject.waitMs(HOST) + 1;
    const startedMs = clock.ms;
    clock.ms += 100;
    if (deliveredBytes > 0) subject.progress(HOST, deliveredBytes, startedMs);
    return fail({ startedMs, deliveredBytes }).delayMs;
  };
  return { subject, clock, fail, tryAgain };
}

describe('the state of a host', () => {
  it('is open for an unknown host', () => {
    const { subject } = backoff();
    expect(subject.waitMs(HOST)).toBe(0);
    expect(subject.isProbing(HOST)).toBe(false);
  });

  it('stays closed longer with each attempt that brings nothing, up to five minutes', () => {
    const { tryAgain } = backoff();
    const waits = Array.from({ length: 11 }, () => tryAgain(0));
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(waits.slice(9)).toEqual([BACKOFF_CAP_MS, BACKOFF_CAP_MS]);
  });

  it('also grows for a server that sends one byte and closes', () => {
    const { tryAgain } = backoff();
    const waits = Array.from({ length: 10 }, () => tryAgain(1));
    expect(waits[9]).toBe(BACKOFF_CAP_MS);
  });

  it('counts ten attempts that fail together as one failure', () => {
    const { clock, fail, subject } = backoff();
    const startedMs = clock.ms;
    clock.ms += 5000;
    for (let stream = 0; stream < 10; stream += 1) {
      const { attempt, delayMs } = fail({ startedMs });
      expect([attempt, delayMs]).toEqual([1, 1000 - stream * 50]);
      clock.ms += 50;
    }
    clock.ms += 10_000;
    expect(subject.waitMs(HOST)).toBe(0);
    expect(fail({ startedMs: clock.ms - 1 })).toEqual({ attempt: 2, delayMs: 2000 });
  });

  it('lets all ten attempts that drop together redial at once', () => {
    const { clock, fail } = backoff();
    const startedMs = clock.ms;
    clock.ms += 60_000;
    for (let stream = 0; stream < 10; stream += 1) {
      expect(fail({ startedMs, deliveredBytes: 5 * MIB }).delayMs).toBe(0);
      clock.ms += 10;
    }
  });

  it('lets them redial at once although the first that dropped had only just begun', () => {
    const { clock, fail, subject } = backoff();
    const startedMs = clock.ms;
    clock.ms += 60_000;
    expect(fail({ startedMs: clock.ms - 10, deliveredBytes: 100 }).delayMs).toBe(1000);
    clock.ms += 5;
    expect(fail({ startedMs, deliveredBytes: 5 * MIB }).delayMs).toBe(0);
    expect(subject.isProbing(HOST)).toBe(false);
  });

  it('does not do so for the bytes of an attempt that fails later, nor against the wish of the server', () => {
    const { clock, fail, tryAgain } = backoff();
    const startedMs = clock.ms;
    clock.ms += 60_000;
    tryAgain(0);
    expect(tryAgain(0)).toBe(2000);
    clock.ms += 1500;
    expect(fail({ startedMs, deliveredBytes: 5 * MIB }).delayMs).toBe(500);
    const asked = backoff();
    asked.fail({ startedMs: asked.clock.ms, retryAfterMs: 5000 });
    expect(asked.fail({ startedMs: asked.clock.ms - 1, deliveredBytes: 5 * MIB }).delayMs).toBe(5000);
  });

  it('lets the first attempt after a drop that had made progress go at once', () => {
    const { tryAgain } = backoff();
    expect([tryAgain(5 * MIB), tryAgain(5 * MIB), tryAgain(0), tryAgain(0)]).toEqual([0, 0, 1000, 2000]);
  });

  it('never grows beyond a second on a link that drops every 100 KB', () => {
    const { tryAgain } = backoff();
    const waits = Array.from({ length: 1000 }, () => tryAgain(100 * KB));
    expect(Math.max(...waits)).toBe(1000);
    expect(waits[0]).toBe(0);
  });

  it('is cleared by real progress', () => {
    const { subject, clock, fail, tryAgain } = backoff();
    for (let attempt = 0; attempt < 6; attempt += 1) tryAgain(0);
    clock.ms += subject.waitMs(HOST);
    subject.progress(HOST, MIB, clock.ms);
    expect(subject.isProbing(HOST)).toBe(false);
    clock.ms += 1;
    expect(fail({ startedMs: clock.ms })).toEqual({ attempt: 1, delayMs: 1000 });
  });

  it('is not opened by attempts that are older than the failure', () => {
    const { subject, clock, fail } = backoff();
    const startedMs = clock.ms;
    clock.ms += 1000;
    fail({ startedMs: clock.ms - 10 });
    subject.progress(HOST, 100 * MIB, startedMs);
    subject.succeeded(HOST, startedMs);
    expect(subject.isProbing(HOST)).toBe(true);
    expect(subject.waitMs(HOST)).toBe(1000);
  });

  it('no longer probes once a new attempt has succeeded', () => {
    for (const prove of ['bytes', 'success']) {
      const { subject, clock, tryAgain } = backoff();
      tryAgain(0);
      clock.ms += 1000;
      subject.progress(HOST, 10, clock.ms);
      expect(subject.isProbing(HOST)).toBe(true);
      if (prove === 'bytes') subject.progress(HOST, 16 * KB, clock.ms);
      else subject.succeeded(HOST, clock.ms);
      expect(subject.isProbing(HOST)).toBe(false);
    }
  });

  it('keeps a Retry-After through progress of other attempts', () => {
    const { subject, clock, fail } = backoff();
    fail({ startedMs: clock.ms, retryAfterMs: 60_000 });
    clock.ms += 10;
    subject.progress(HOST, 50 * MIB, clock.ms);
    expect(subject.waitMs(HOST)).toBe(59_990);
    clock.ms += 59_990;
    subject.progress(HOST, MIB, clock.ms);
    expect(subject.waitMs(HOST)).toBe(0);
    expect(subject.isProbing(HOST)).toBe(false);
  });

  it('waits as long as the longest Retry-After of several attempts', () => {
    const { clock, fail, subject } = backoff();
    const startedMs = clock.ms - 1;
    fail({ startedMs, retryAfterMs: 5000 });
    fail({ startedMs, retryAfterMs: 20_000 });
    expect(fail({ startedMs, retryAfterMs: 1000 }).delayMs).toBe(20_000);
    expect(subject.waitMs(HOST)).toBe(20_000);
  });

  it('keeps its own backoff with a server that requests no wait', () => {
    const { clock, fail, subject } = backoff();
    const waits = Array.from({ length: 4 }, () => {
      clock.ms += subject.waitMs(HOST) + 1;
      return fail({ startedMs: clock.ms, retryAfterMs: 0 }).delayMs;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  it('respects the cap of a profile', () => {
    const { clock, fail, subject } = backoff();
    for (let attempt = 0; attempt < 9; attempt += 1) {
      clock.ms += subject.waitMs(HOST) + 1;
      expect(fail({ startedMs: clock.ms, capMs: 1000 }).delayMs).toBe(1000);
    }
  });

  it('opens at once when it is reset', () => {
    const { fail, subject } = backoff();
    fail();
    subject.reset();
    expect(subject.waitMs(HOST)).toBe(0);
  });

  it('keeps a Retry-After when it is reset, until it is over', () => {
    const { clock, fail, subject } = backoff();
    fail({ retryAfterMs: 3_600_000 });
    subject.reset();
    expect(subject.waitMs(HOST)).toBe(3_600_000);
    clock.ms += 3_600_000;
    expect(subject.waitMs(HOST)).toBe(0);
  });

  it('opens for a host at once when the user insists, and for no other', () => {
    const { fail, subject } = backoff();
    fail({ retryAfterMs: 3_600_000 });
    subject.fail('hub.example', { deliveredBytes: 0, retryAfterMs: 5000, capMs: 1000 });
    subject.override(HOST);
    expect([subject.waitMs(HOST), subject.waitMs('hub.example')]).toEqual([0, 5000]);
  });

  it('is separate for each host', () => {
    const { fail, subject } = backoff();
    fail();
    expect(subject.waitMs('hub.example')).toBe(0);
  });

  it('counts failures of unknown age at a closed state as one incident', () => {
    const { fail } = backoff();
    expect([fail(), fail(), fail()].map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });
});
