import { describe, expect, it } from 'vitest';
import { modelSchema } from '../../shared/model/catalog.ts';
import { chooseVariant } from './choose-variant.ts';

const variant = (id: string) => ({ id, repo: `kyutai/moshi-${id}`, bytes: 1, neededBytes: 1 });
const base = { id: 'moshi', name: 'Moshi', summary: 'Talks.', license: 'mit' };
const moshi = modelSchema.parse({
  ...base,
  variants: [variant('bf16'), variant('q8'), variant('q4')],
});
const parakeet = modelSchema.parse({ ...base, name: 'Parakeet', variants: [variant('bf16')] });

describe('chooseVariant', () => {
  it('takes the recommendation when it is left to choose', () => {
    expect(chooseVariant(moshi, 'auto', { recommended: 'q8' }).id).toBe('q8');
  });

  it('takes the requested one, whatever is recommended', () => {
    expect(chooseVariant(moshi, 'bf16', { recommended: 'q4' }).id).toBe('bf16');
  });

  it('lists the variants when there is no such one', () => {
    expect(() => chooseVariant(parakeet, 'q4', { recommended: 'bf16' })).toThrow(
      expect.objectContaining({
        code: 'BadRequest',
        message: 'Parakeet has no variant "q4". It is available as: bf16.',
      }),
    );
  });
});
