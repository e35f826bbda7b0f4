import type { FileDeclaration, RepositoryDeclaration } from '../repositories/declaration.ts';

/** Size of the large file of {@link SAMPLE}. */
export const WEIGHTS_BYTES = 3_000_000;

/** The large file of {@link SAMPLE}. */
export const WEIGHTS: FileDeclaration = {
  path: 'model.safetensors',
  kind: 'seeded',
  size: WEIGHTS_BYTES,
  seed: 'sample',
  format: 'safetensors',
  lfs: true,
};

/** A small git file and a large LFS file. */
export const SAMPLE: RepositoryDeclaration = {
  id: 'org/sample',
  files: [{ path: 'config.json', kind: 'bytes', content: '{"a": 1}\n' }, WEIGHTS],
};
