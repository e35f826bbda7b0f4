import { describe, expect, it } from 'vitest';
import { catalogSchema } from '../../shared/model/catalog.ts';
import { findByRepository, findModel } from './find-model.ts';

const entry = (id: string, repo: string) => ({
  id,
  name: id,
  summary: 'A model.',
  license: 'mit',
  variants: [{ id: 'bf16', repo, bytes: 1, neededBytes: 1 }],
});

const catalog = catalogSchema.parse({
  version: 1,
  models: [entry('parakeet', 'org/Parakeet'), entry('parakeet-v2', 'org/v2'), entry('moshi', 'kyutai/moshi')],
});

describe('findModel', () => {
  it('finds a model by its id', () => {
    expect(findModel(catalog, 'moshi').variants[0]?.repo).toBe('kyutai/moshi');
  });

  it.each([
    ['moshy', 'Did you mean moshi?'],
    ['Moshi', 'Did you mean moshi?'],
    ['parakeet-v3', 'Did you mean parakeet or parakeet-v2?'],
    ['para', 'Did you mean parakeet or parakeet-v2?'],
    ['whisper', 'The catalog has parakeet, parakeet-v2, moshi.'],
    ['x'.repeat(5000), 'The catalog has parakeet, parakeet-v2, moshi.'],
  ])('answers %s with a hint', (id, hint) => {
    expect(() => findModel(catalog, id)).toThrow(
      expect.objectContaining({ code: 'NotFound', message: expect.stringContaining(hint) }),
    );
  });
});

describe('findByRepository', () => {
  it('finds model and variant, ignoring case', () => {
    expect(findByRepository(catalog, 'ORG/parakeet')).toMatchObject({
      model: { id: 'parakeet' },
      variant: { id: 'bf16' },
    });
  });

  it('knows nothing of other repositories', () => {
    expect(findByRepository(catalog, 'org/other')).toBeNull();
  });
});
