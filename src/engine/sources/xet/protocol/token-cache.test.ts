import { describe, expect, it } from 'vitest';
import { type StorageToken, tokenCache } from './token-cache.ts';

const never = new AbortController().signal;
const START = 1_000_000;

/** A cache with its own clock, and a Hub that returns numbered tokens of this lifetime on demand. */
function world(lifeMs = 3_600_000) {
  let now = START;
  const questions: Array<{ signal: AbortSignal; answer: () => StorageToken; fail: (error: Error) => void }> =
    [];
  const cache = tokenCache(() => now);
  const ask = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<StorageToken>();
    const answer = () => {
      const accessToken = `token ${questions.length}`;
      const token = { accessToken, expiresAtMs: now + lifeMs, casUrl: 'https://cas.example' };
      resolve(token);
      return token;
    };
    questions.push({ signal, answer, fail: reject });
    return promise;
  };
  const get = (signal = never, key = 'repo') => cache.get(key, ask, signal);
  const answered = async () => {
    const token = get();
    questions.at(-1)?.answer();
    return token;
  };
  return { cache, get, questions, answered, pass: (ms: number) => (now += ms) };
}

describe('the token of Xet storage', () => {
  it('is requested once for all that wait, and used until a minute before it expires', async () => {
    const { get, questions, pass } = world();
    const waiting = [get(), get(), get()];
    const token = questions[0]?.answer();
    expect(await Promise.all(waiting)).toEqual([token, token, token]);
    pass(3_600_000 - 60_000);
    expect(await get()).toBe(token);
    expect(questions).toHaveLength(1);
    pass(1);
    void get();
    expect(questions).toHaveLength(2);
  });

  it('is one for each key', async () => {
    const { get, questions } = world();
    void get(never, 'one');
    void get(never, 'other');
    expect(questions).toHaveLength(2);
  });

  it('is not taken from those who wait by one who stops waiting', async () => {
    const { get, questions } = world();
    const leaving = new AbortController();
    const first = get(leaving.signal);
    const second = get();
    leaving.abort(new Error('a slow stream'));
    await expect(first).rejects.toThrow('a slow stream');
    expect(questions[0]?.signal.aborted).toBe(false);
    const token = questions[0]?.answer();
    expect(await second).toBe(token);
  });

  it('is dropped when nobody waits, and requested again by the next caller', async () => {
    const { get, questions } = world();
    const leaving = new AbortController();
    const only = get(leaving.signal);
    leaving.abort(new Error('paused'));
    await expect(only).rejects.toThrow('paused');
    expect(questions[0]?.signal.aborted).toBe(true);
    const next = get();
    const token = questions[1]?.answer();
    expect(await next).toBe(token);
  });

  it('is requested again after a failure, which all that wait receive', async () => {
    const { get, questions, answered } = world();
    const waiting = [get(), get()];
    questions[0]?.fail(new Error('503'));
    for (const each of waiting) await expect(each).rejects.toThrow('503');
    expect((await answered()).accessToken).toBe('token 2');
  });

  it('is renewed when the storage refused it, once for all who were refused', async () => {
    const { cache, get, answered } = world();
    const refused = await answered();
    cache.forget('repo', refused);
    const fresh = await answered();
    expect(fresh).not.toBe(refused);
    cache.forget('repo', refused);
    expect(await get()).toBe(fresh);
  });

  it.each([
    ['is over already by the clock of this machine', -86_400_000],
    ['lives for less than the time before its end in which it is renewed', 30_000],
  ])('that %s is used all the same for ten seconds, and no longer', async (_, lifeMs) => {
    const { get, questions, answered, pass } = world(lifeMs);
    const token = await answered();
    pass(9_999);
    expect(await get()).toBe(token);
    pass(1);
    void get();
    expect(questions).toHaveLength(2);
  });
});
