import { describe, expect, it } from 'vitest';
import { groupModels } from './group-models.ts';
import type { FoundModel } from './search.ts';

const model = (
  repo: string,
  verdict: FoundModel['suitability']['verdict'],
  more: Partial<FoundModel> = {},
): FoundModel => ({
  ...{ repo, downloads: 1, likes: 0, updatedAt: null, task: null, license: null, gated: false, here: null },
  ...{
    format: 'mlx',
    precision: '4-bit',
    parameters: null,
    bytes: 1e9,
    approximate: false,
    quantizedFrom: null,
  },
  suitability: { verdict, estimated: true, neededBytes: null, mostTokensPerSecond: null, reasons: [] },
  ...more,
});
const from = 'org/base';

describe('groups', () => {
  it('hold a model and its smaller versions, in the order found, each repository once', () => {
    const groups = groupModels([
      model('a/other', 'fits'),
      model('x/4bit', 'runs-well', { quantizedFrom: from }),
      model(from, 'wont-fit', { precision: 'BF16' }),
      model('x/4bit', 'runs-well', { quantizedFrom: from }),
    ]);
    expect(groups.map(({ base, variants }) => [base, variants.map(({ repo }) => repo)])).toEqual([
      ['a/other', ['a/other']],
      [from, ['x/4bit', from]],
    ]);
  });

  it.each<[string, FoundModel, FoundModel]>([
    ['what is here', model('a/1', 'tight', { here: 'whole' }), model('a/2', 'runs-well')],
    ['what runs', model('a/1', 'tight'), model('a/2', 'needs-apple-silicon')],
    ['what is open', model('a/1', 'fits'), model('a/2', 'fits', { gated: 'manual', bytes: 9e9 })],
    ['what answers better', model('a/1', 'runs-well', { bytes: 8e9 }), model('a/2', 'fits', { bytes: 4e9 })],
    [
      'rounded weights before bulky ones',
      model('a/1', 'fits', { bytes: 4e9 }),
      model('a/2', 'fits', { bytes: 16e9, precision: 'BF16' }),
    ],
    ['what is known to run', model('a/1', 'may-stutter'), model('a/2', null)],
    [
      'the smallest of what won’t fit',
      model('a/1', 'wont-fit', { bytes: 2e10 }),
      model('a/2', 'wont-fit', { bytes: 4e10 }),
    ],
    ['what may run', model('a/1', null), model('a/2', 'wont-fit')],
  ])('begin with %s', (_what, better, worse) => {
    const grouped = [worse, better].map((one) => ({ ...one, quantizedFrom: from }));
    expect(groupModels(grouped)[0]?.variants[0].repo).toBe(better.repo);
  });
});
