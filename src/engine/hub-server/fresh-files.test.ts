import { describe, expect, it } from 'vitest';
import { freshFiles } from './fresh-files.ts';
import type { SharedFiles } from './shared-files.ts';

/** Looks that end when they are told to, on a clock that is moved by hand. */
function world() {
  let nowMs = 0;
  const looks: Array<PromiseWithResolvers<SharedFiles>> = [];
  const look = () => {
    const pending = Promise.withResolvers<SharedFiles>();
    looks.push(pending);
    return pending.promise;
  };
  const files = freshFiles(look, () => nowMs);
  const found = (bytes: number): SharedFiles => ({ repositories: new Map(), byHash: new Map(), bytes });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { files, looks, found, pass };
}

describe('what is shared', () => {
  it('is looked at once for all who ask, and again after two seconds', async () => {
    const { files, looks, found, pass } = world();
    const asked = [files.get(), files.get()];
    pass(10_000); // A look that takes long is waited for.
    asked.push(files.get());
    expect(looks).toHaveLength(1);
    looks[0]!.resolve(found(1));
    expect((await Promise.all(asked)).map(({ bytes }) => bytes)).toEqual([1, 1, 1]);
    pass(199_999); // It took 10 s: looking may take a twentieth of the time.
    expect((await files.get()).bytes).toBe(1);
    pass(1);
    const next = files.get();
    looks[1]!.resolve(found(2));
    expect((await next).bytes).toBe(2);
    pass(1999);
    await files.get();
    expect(looks).toHaveLength(2);
    pass(1);
    void files.get();
    expect(looks).toHaveLength(3);
  });

  it('is looked at again by the next who asks when something was found to be different', async () => {
    const { files, looks, found } = world();
    const first = files.get();
    looks[0]!.resolve(found(1));
    await first;
    files.outdate();
    const second = files.get();
    looks[1]!.resolve(found(2));
    expect((await second).bytes).toBe(2);
  });

  it('is looked at again after a look that failed', async () => {
    const { files, looks, found } = world();
    const first = files.get();
    looks[0]!.reject(new Error('no disk'));
    await expect(first).rejects.toThrow('no disk');
    const second = files.get();
    looks[1]!.resolve(found(2));
    expect((await second).bytes).toBe(2);
  });
});
