import { describe, expect, it } from 'vitest';
import { KeyedMutex, untilAborted } from './keyed-mutex.ts';

const never = new AbortController().signal;
/** Long enough for everything that needs no timer. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('KeyedMutex', () => {
  it('admits one holder at a time, in the order of the requests', async () => {
    const mutex = new KeyedMutex();
    const log: string[] = [];
    const work = async (name: string) => {
      const release = await mutex.acquire('key', never);
      log.push(`${name} in`);
      await settled();
      log.push(`${name} out`);
      release();
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('knows who holds a key', async () => {
    const mutex = new KeyedMutex();
    const release = await mutex.acquire('key', never, 'first');
    const second = mutex.acquire('key', never, 'second');
    expect(mutex.holderOf('key')).toBe('first');
    release();
    (await second)();
    expect(mutex.holderOf('key')).toBeUndefined();
  });

  it('does not make holders of different keys wait', async () => {
    const mutex = new KeyedMutex();
    await mutex.acquire('a', never);
    await expect(mutex.acquire('b', never)).resolves.toBeTypeOf('function');
  });

  it('passes the key on when a waiter gives up', async () => {
    const mutex = new KeyedMutex();
    const release = await mutex.acquire('key', never);
    const abort = new AbortController();
    const quitter = mutex.acquire('key', abort.signal);
    const next = mutex.acquire('key', never);
    abort.abort(new Error('no longer'));
    await expect(quitter).rejects.toThrow('no longer');
    let isIn = false;
    void next.then(() => {
      isIn = true;
    });
    await settled();
    expect(isIn).toBe(false); // The first one still holds it.
    release();
    await next;
  });

  it('is free again after a signal that was aborted beforehand', async () => {
    const mutex = new KeyedMutex();
    await expect(mutex.acquire('key', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await expect(mutex.acquire('key', never)).resolves.toBeTypeOf('function');
  });

  it('does no harm when a key is given back twice', async () => {
    const mutex = new KeyedMutex();
    const release = await mutex.acquire('key', never);
    const second = mutex.acquire('key', never);
    const third = mutex.acquire('key', never);
    release();
    release();
    await second;
    let isIn = false;
    void third.then(() => {
      isIn = true;
    });
    await settled();
    expect(isIn).toBe(false);
  });
});

describe('untilAborted', () => {
  it('gives the outcome of the work', async () => {
    await expect(untilAborted(Promise.resolve(5), never)).resolves.toBe(5);
    await expect(untilAborted(Promise.reject(new Error('work')), never)).rejects.toThrow('work');
  });

  it('gives the reason of the signal when that comes first, and leaves no listener behind', async () => {
    const abort = new AbortController();
    const waiting = untilAborted(new Promise(() => undefined), abort.signal);
    abort.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });
});
