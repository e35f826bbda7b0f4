import { describe, expect, it } from 'vitest';
import { modelSchema } from '../../../shared/model/catalog.ts';
import { loadSnippets } from './load-snippets.ts';

const models = [
  modelSchema.parse({
    id: 'moshi',
    name: 'Moshi',
    summary: 's',
    license: 'l',
    snippets: { python: 'load("{path}")', cli: 'moshi{quantize} --hf-repo {repo}' },
    variants: [{ id: 'q8', repo: 'kyutai/moshiko-mlx-q8', bytes: 1, neededBytes: 1 }],
  }),
];
const installed = { repo: 'kyutai/moshiko-mlx-q8', path: '/cache/x', model: 'moshi', variant: 'q8' };

describe('loadSnippets', () => {
  it('fills the snippets of the catalog', () => {
    expect(loadSnippets(installed, models)).toEqual({
      python: 'load("/cache/x")',
      cli: 'moshi -q 8 --hf-repo kyutai/moshiko-mlx-q8',
    });
  });

  it('finds any other repository in the cache without asking the Hub', () => {
    const { python, cli } = loadSnippets({ ...installed, repo: 'org/name', model: null }, models);
    expect(python).toContain('snapshot_download("org/name", local_files_only=True)');
    expect(cli).toBeNull();
  });
});
