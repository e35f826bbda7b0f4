import { describe, expect, it } from 'vitest';
import { catalogSchema } from '../model/catalog.ts';
import { downloadName } from './download-name.ts';

const variants = [{ id: 'bf16', repo: 'kyutai/moshiko', bytes: 1, neededBytes: 1 }];
const catalog = catalogSchema.parse({
  version: 1,
  models: [{ id: 'moshi', name: 'Moshi', summary: 'Speaks.', license: 'mit', variants }],
});

describe('the name of a download', () => {
  it('is the name of the model and the precision in capitals', () => {
    const view = { model: 'moshi', variant: 'bf16', repo: 'kyutai/moshiko' };
    expect(downloadName(view, catalog)).toBe('Moshi BF16');
  });

  it('is the repository for a model that the catalog does not know', () => {
    const view = { model: 'other', variant: 'bf16', repo: 'org/other' };
    expect(downloadName(view, catalog)).toBe('org/other');
    expect(downloadName({ ...view, model: null, variant: null }, null)).toBe('org/other');
  });
});
