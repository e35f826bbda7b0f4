import { describe, expect, it } from 'vitest';
import { Leases } from './leases.ts';

const never = new AbortController().signal;

/** What has been granted so far, in order. */
function recorder(leases: Leases) {
  const granted: string[] = [];
  const ask = (name: string, mode: 'shared' | 'exclusive', signal = never) =>
    leases.acquire('folder', mode, signal).then((release) => {
      granted.push(name);
      return release;
    });
  return { granted, ask };
}

describe('a lease', () => {
  it('is shared by many', async () => {
    const { granted, ask } = recorder(new Leases());
    await Promise.all([ask('a', 'shared'), ask('b', 'shared')]);
    expect(granted).toEqual(['a', 'b']);
  });

  it('is exclusive only when nobody else has it', async () => {
    const { granted, ask } = recorder(new Leases());
    const release = await ask('reader', 'shared');
    const writer = ask('writer', 'exclusive');
    await Promise.resolve();
    expect(granted).toEqual(['reader']);
    release();
    await writer;
    expect(granted).toEqual(['reader', 'writer']);
  });

  it('does not let a stream of sharers starve one who waits for it alone', async () => {
    const { granted, ask } = recorder(new Leases());
    const first = await ask('first', 'shared');
    const alone = ask('alone', 'exclusive');
    const late = ask('late', 'shared');
    first();
    const release = await alone;
    expect(granted).toEqual(['first', 'alone']);
    release();
    await late;
  });

  it('lets those behind pass when one who waits gives up', async () => {
    const { granted, ask } = recorder(new Leases());
    await ask('first', 'shared');
    const abort = new AbortController();
    const alone = ask('alone', 'exclusive', abort.signal);
    const late = ask('late', 'shared');
    abort.abort(new Error('given up'));
    await expect(alone).rejects.toThrow('given up');
    await late;
    expect(granted).toEqual(['first', 'late']);
  });

  it('is released once, however often that is requested', async () => {
    const { granted, ask } = recorder(new Leases());
    const a = await ask('a', 'shared');
    await ask('b', 'shared');
    a();
    a();
    const alone = ask('alone', 'exclusive');
    await new Promise((resolve) => setImmediate(resolve));
    expect(granted).toEqual(['a', 'b']);
    alone.catch(() => undefined);
  });

  it('on one thing does not affect another', async () => {
    const leases = new Leases();
    await leases.acquire('one', 'exclusive', never);
    await leases.acquire('other', 'exclusive', never);
  });
});
