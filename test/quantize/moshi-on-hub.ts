import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { text } from '../integration/repositories.ts';
import { writeWeights } from './make-source.ts';
import { type MoshiSizes, moshiShapes, SMALL_MOSHI } from './moshi-shapes.ts';
import { MIMI, REPO, SPM } from './world.ts';

/** A small Moshi as a Hub has it, and the catalog that knows what is made of it. */
export interface MoshiOnHub extends AsyncDisposable {
  readonly repository: RepositoryDeclaration;
  readonly catalog: unknown;
}

/** Writes the weights of a small Moshi to a temporary folder. */
export async function moshiOnHub(sizes: MoshiSizes = SMALL_MOSHI): Promise<MoshiOnHub> {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-moshi-'));
  const weights = join(folder, 'model.safetensors');
  await writeWeights(weights, moshiShapes(sizes));
  return {
    repository: {
      id: REPO,
      files: [
        text('README.md', '# A small Moshi\n'),
        { path: 'model.safetensors', kind: 'disk', file: weights, lfs: true },
        { path: MIMI, kind: 'seeded', size: 200_000, seed: 'mimi', format: 'safetensors', lfs: true },
        { path: SPM, kind: 'seeded', size: 50_000, seed: 'spm', format: 'binary', lfs: true },
      ],
    },
    catalog: CATALOG,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const MB = 1_000_000;
const made = (bits: number, group: number, outputBytes: number) => ({
  makeable: { from: 'bf16', recipe: `mlx-affine-${bits}-${group}`, outputBytes },
});

/** As the real one; only the memory that Moshi needs is used of the sizes. */
const CATALOG = {
  version: 1,
  models: [
    {
      id: 'moshi',
      name: 'Moshi',
      summary: 'Speaks and listens at the same time: real-time conversation in English, male voice.',
      license: 'cc-by-4.0',
      stepsPerSecond: 12.5,
      snippets: { cli: 'python -m moshi_mlx.local --hf-repo {repo}' },
      variants: [
        { id: 'bf16', repo: REPO, approximate: true, bytes: 15_800 * MB, neededBytes: 18_500 * MB },
        {
          id: 'q8',
          repo: 'kyutai/moshiko-mlx-q8',
          approximate: true,
          bytes: 8600 * MB,
          neededBytes: 11_000 * MB,
          ...made(8, 64, 8200 * MB),
        },
        {
          id: 'q4',
          repo: 'kyutai/moshiko-mlx-q4',
          approximate: true,
          bytes: 5200 * MB,
          neededBytes: 8000 * MB,
          ...made(4, 32, 4800 * MB),
        },
      ],
    },
  ],
};
