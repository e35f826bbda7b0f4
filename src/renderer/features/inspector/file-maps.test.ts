import { describe, expect, it } from 'vitest';
import { sampleInspection } from '../../testing/sample-inspection.ts';
import { fileMaps } from './file-maps.ts';

const [large, ...small] = sampleInspection().files;

describe('fileMaps', () => {
  it('gives the largest file a map of its own, and the small ones one together', () => {
    const maps = fileMaps([...small, large!]);
    expect(maps.map(({ path, chunks, isRest }) => ({ path, chunks, isRest }))).toEqual([
      { path: 'model.safetensors', chunks: 294, isRest: false },
      { path: null, chunks: 2, isRest: true },
    ]);
  });

  it('does not call small files a rest when there are no others', () => {
    expect(fileMaps(small)).toMatchObject([{ path: null, files: 2, isRest: false }]);
  });

  it('names the only file of a download', () => {
    expect(fileMaps(small.slice(0, 1))).toMatchObject([{ path: 'config.json', chunks: 1 }]);
  });

  it('draws the many files of a large model together behind the first ones', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ ...large!, path: `part-${at}` }));
    const maps = fileMaps(many);
    expect(maps).toHaveLength(7);
    expect(maps.at(-1)).toMatchObject({ path: null, files: 24, chunks: 24 * 294 });
  });
});
