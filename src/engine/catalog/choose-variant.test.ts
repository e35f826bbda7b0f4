import { describe, expect, it } from 'vitest';
import { modelSchema } from '../../shared/model/catalog.ts';
import { chooseVariant, satisfies } from './choose-variant.ts';

const variant = (id: string) => ({ id, repo: `kyutai/moshi-${id}`, bytes: 1, neededBytes: 1 });
const base = { id: 'moshi', name: 'Moshi', summary: 'Talks.', license: 'mit' };
const moshi = modelSchema.parse({
  ...base,
  quantizesAtLoad: true,
  variants: [variant('bf16'), variant('q8'), variant('q4')],
});
const parakeet = modelSchema.parse({ ...base, name: 'Parakeet', variants: [variant('bf16')] });

describe('chooseVariant', () => {
  it('takes the recommendation when it is left to choose', () => {
    expect(chooseVariant(moshi, 'auto', { recommended: 'q8' }).id).toBe('q8');
  });

  it('takes what was asked for, whatever is recommended', () => {
    expect(chooseVariant(moshi, 'bf16', { recommended: 'q4' }).id).toBe('bf16');
  });

  it('lists the variants when there is no such one', () => {
    expect(() => chooseVariant(parakeet, 'q4', { recommended: 'bf16' })).toThrow(
      expect.objectContaining({
        code: 'BadRequest',
        message: 'Parakeet has no variant "q4". It comes as: bf16.',
      }),
    );
  });
});

describe('satisfies', () => {
  it('lets BF16 serve the smaller variants where runtimes quantize while loading', () => {
    expect([...satisfies(moshi, ['bf16', 'q4'])]).toEqual([
      ['bf16', 'bf16'],
      ['q8', 'bf16'],
      ['q4', 'q4'],
    ]);
  });

  it('never serves BF16 from a smaller variant', () => {
    expect([...satisfies(moshi, ['q8'])]).toEqual([['q8', 'q8']]);
  });

  it('serves nothing else where runtimes take the weights as they are', () => {
    const plain = { ...moshi, quantizesAtLoad: false };
    expect([...satisfies(plain, ['bf16'])]).toEqual([['bf16', 'bf16']]);
  });
});
