import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/contract/errors.ts';
import { type Location, SignedUrlCache } from './signed-url-cache.ts';

const HOUR_MS = 3_600_000;
const refusal = () =>
  new AppError('ServerError', 'cdn refused (403). It says: “AccessDenied”', { details: { status: 403 } });
const never = new AbortController().signal;

/** A cache whose Hub answers on demand, with numbered URLs that are valid for an hour. */
function cache(lifeMs: number | null = HOUR_MS) {
  const clock = { ms: 1_700_000_000_000 };
  const questions: { answer: () => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const locate = vi.fn((signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Location>();
    const number = questions.length + 1;
    const expiresAtMs = lifeMs === null ? null : clock.ms + lifeMs;
    questions.push({
      answer: () => resolve({ url: `https://cdn${number}.example/blob?secret`, expiresAtMs }),
      fail: reject,
      signal,
    });
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  });
  const subject = new SignedUrlCache(locate, () => clock.ms);
  const ask = async () => {
    const result = subject.get(never);
    questions.at(-1)?.answer();
    return result;
  };
  return { subject, clock, locate, questions, ask };
}

describe('the location of a content', () => {
  it('is requested once, however many attempts need it', async () => {
    const { subject, locate, questions } = cache();
    const all = Promise.all([subject.get(never), subject.get(never), subject.get(never)]);
    questions[0]?.answer();
    expect(new Set(await all).size).toBe(1);
    await subject.get(never);
    expect(locate).toHaveBeenCalledTimes(1);
  });

  it('has a host once it is located', async () => {
    const { subject, ask } = cache();
    expect(subject.host).toBeNull();
    await ask();
    expect(subject.host).toBe('cdn1.example');
  });

  it('is renewed before it ends', async () => {
    const { subject, clock, ask, locate } = cache();
    await ask();
    clock.ms += HOUR_MS - 30_001;
    await subject.get(never);
    expect(locate).toHaveBeenCalledTimes(1);
    clock.ms += 2;
    expect(subject.host).toBeNull();
    expect((await ask()).url).toContain('cdn2');
  });

  it('lasts forever without an expiry', async () => {
    const { subject, clock, ask, locate } = cache(null);
    await ask();
    clock.ms += 1000 * HOUR_MS;
    await subject.get(never);
    expect(locate).toHaveBeenCalledTimes(1);
  });

  it('is used for a while even when the clock of this machine is an hour ahead', async () => {
    const { subject, clock, ask, locate } = cache(-HOUR_MS);
    await ask();
    clock.ms += 9000;
    expect(subject.host).toBe('cdn1.example');
    await subject.get(never);
    expect(locate).toHaveBeenCalledTimes(1);
    clock.ms += 1000;
    await ask();
    expect(locate).toHaveBeenCalledTimes(2);
  });

  it('is requested again after the Hub failed', async () => {
    const { subject, questions, ask } = cache();
    const result = subject.get(never);
    questions[0]?.fail(new AppError('Offline', 'gone'));
    await expect(result).rejects.toMatchObject({ code: 'Offline' });
    expect((await ask()).url).toContain('cdn2');
  });

  it('reaches the others when the attempt that requested it first is ended', async () => {
    const { subject, questions } = cache();
    const first = new AbortController();
    const ended = subject.get(first.signal);
    const other = subject.get(never);
    first.abort(new AppError('Stalled', 'too slow'));
    await expect(ended).rejects.toMatchObject({ code: 'Stalled' });
    questions[0]?.answer();
    expect((await other).url).toContain('cdn1');
  });

  it('is dropped when nobody waits for it, and then requested again', async () => {
    const { subject, questions, ask } = cache();
    const abort = new AbortController();
    const result = subject.get(abort.signal);
    abort.abort(new AppError('Cancelled', 'stopped'));
    await expect(result).rejects.toMatchObject({ code: 'Cancelled' });
    expect(questions[0]?.signal.aborted).toBe(true);
    expect((await ask()).url).toContain('cdn2');
  });

  it('is not requested by an attempt that was ended before', async () => {
    const { subject, locate } = cache();
    await expect(subject.get(AbortSignal.abort(new AppError('Cancelled', 'x')))).rejects.toThrow('x');
    expect(locate).not.toHaveBeenCalled();
  });
});

describe('a refused location', () => {
  it('is replaced, once for all streams that had it', async () => {
    const { subject, ask, locate } = cache();
    const old = await ask();
    for (let stream = 0; stream < 10; stream += 1) subject.refused(old, refusal(), 0);
    const fresh = await ask();
    subject.refused(old, refusal(), 0);
    expect(await subject.get(never)).toBe(fresh);
    expect(locate).toHaveBeenCalledTimes(2);
  });

  it('is reported to the user when three new ones in a row are refused', async () => {
    const { subject, ask } = cache();
    subject.refused(await ask(), refusal(), 0);
    subject.refused(await ask(), refusal(), 100);
    const third = await ask();
    expect(() => subject.refused(third, refusal(), 200)).toThrow(
      expect.objectContaining({ retryable: false, message: expect.stringContaining('AccessDenied') }),
    );
  });

  it('does not count against one that worked in between', async () => {
    const { subject, ask } = cache();
    for (let round = 0; round < 10; round += 1) {
      subject.refused(await ask(), refusal(), 0);
      subject.accepted(0);
    }
    expect(subject.host).toBeNull();
  });

  it('is reported to the user when it is refused for one range, however well it works for others', async () => {
    const { subject, ask } = cache();
    for (let round = 0; round < 2; round += 1) {
      subject.refused(await ask(), refusal(), 100);
      subject.accepted(0);
    }
    const third = await ask();
    expect(() => subject.refused(third, refusal(), 100)).toThrow(
      expect.objectContaining({ retryable: false }),
    );
  });
});

describe('a location whose host cannot be reached', () => {
  it('is dropped, but not a newer one in its place', async () => {
    const { subject, ask } = cache();
    const old = await ask();
    subject.forget(old);
    expect(subject.host).toBeNull();
    await ask();
    subject.forget(old);
    expect(subject.host).toBe('cdn2.example');
  });
});
