import { readFileSync } from 'node:fs';
import { ALL_REPOSITORIES } from '../hub/fixtures/all.ts';
import { llamaFamily } from '../hub/fixtures/llama.ts';
import { madeUpModels } from '../hub/fixtures/made-up.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { CATALOG, REPOSITORIES } from './fixtures.ts';

/** What pictures are taken of. */
export interface PictureModels {
  readonly repositories: readonly RepositoryDeclaration[];
  readonly catalog: unknown;
  /** Bytes per second while nobody looks, null for no limit, and while pictures are taken. */
  readonly line: { readonly hurried: number | null; readonly shown: number };
}

/** To search among. */
const OTHERS = madeUpModels(400);

/** Seconds of data: for each run of the tests. */
export const SMALL_MODELS: PictureModels = {
  repositories: [...REPOSITORIES, ...llamaFamily(1 / 1000), ...OTHERS],
  catalog: CATALOG,
  line: { hurried: 1_000_000, shown: 40_000 },
};

/** Models with the sizes of the real ones, for the pictures of the documentation. Takes some 8 GB in the temporary folder. */
export function fullSizeModels(): PictureModels {
  const text = readFileSync(new URL('../hub/demo-catalog.json', import.meta.url), 'utf8');
  return {
    repositories: [...ALL_REPOSITORIES, ...llamaFamily(1), ...OTHERS],
    catalog: JSON.parse(text.replaceAll(' A stand-in: right sizes, made-up content.', '')),
    line: { hurried: null, shown: 24_000_000 },
  };
}
