import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll } from './content.ts';
import { digestOf } from './digests.ts';
import { type SeededFormat, seededContent } from './seeded.ts';

const SIZE = 400_003;
const FORMATS: SeededFormat[] = ['safetensors', 'binary', 'text'];

describe.each(FORMATS)('seeded %s', (format) => {
  const content = seededContent({ size: SIZE, seed: 'a', format });

  it('gives the same bytes for any span as for the whole', async () => {
    const whole = await readAll(content);
    expect(whole.length).toBe(SIZE);
    const offset = fc.integer({ min: 0, max: SIZE });
    await fc.assert(
      fc.asyncProperty(offset, offset, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect((await readAll(content, start, end)).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('depends on the seed', async () => {
    const other = seededContent({ size: SIZE, seed: 'b', format });
    expect((await readAll(other)).equals(await readAll(content))).toBe(false);
  });
});

describe('seeded content', () => {
  it('is readable beyond 4 GiB', async () => {
    const content = seededContent({ size: 20e9, seed: 'far', format: 'binary' });
    const span = await readAll(content, 12_345_678_901, 12_345_678_951);
    expect((await readAll(content, 12_345_678_920, 12_345_678_930)).equals(span.subarray(19, 29))).toBe(true);
  });

  it('is text of short lines with a line feed at the end', async () => {
    const text = (await readAll(seededContent({ size: 5000, seed: 't', format: 'text' }))).toString('latin1');
    expect(text).toMatch(/^[a-z \n]+\n$/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100);
  });

  it('has the same hash in a worker thread as here', async () => {
    const source = { kind: 'seeded', size: 5_000_000, seed: 'w', format: 'binary' } as const;
    const here = createHash('sha256').update(await readAll(seededContent(source)));
    expect(await digestOf({ source, algorithm: 'sha256' })).toBe(here.digest('hex'));
  });
});
