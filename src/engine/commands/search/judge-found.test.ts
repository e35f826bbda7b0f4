import { describe, expect, it } from 'vitest';
import type { ListedModel } from '../../hub/models-listing.ts';
import { judgeFound } from './judge-found.ts';

const hardware = { chip: 'Apple M2', memoryBytes: 16 * 2 ** 30, budgetBytes: 12e9, bandwidthGBps: 100 };
const listed = {
  ...{ repo: 'org/m-GGUF', downloads: 1, likes: 1, updatedAt: null, task: null, license: null, gated: false },
  ...{ baseModel: null, tags: ['gguf'], dtypes: null, safetensorsParameters: null, files: null },
} as unknown as ListedModel;
const judged = (gguf: ListedModel['gguf']) => judgeFound({ ...listed, gguf }, hardware as never, null);

describe('judgeFound', () => {
  it('tells the architecture and the context of a GGUF, as far as the Hub does', () => {
    const gguf = { parameters: 1e9, architecture: 'llama', contextLength: 131_072 };
    expect(judged(gguf)).toMatchObject({ architecture: 'llama', contextTokens: 131_072 });
    const unknown = judged({ ...gguf, architecture: null, contextLength: null });
    expect(unknown).not.toHaveProperty('architecture');
    expect(unknown).not.toHaveProperty('contextTokens');
    expect(judged(null)).not.toHaveProperty('contextTokens');
  });
});
