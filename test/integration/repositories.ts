import type { FileDeclaration, RepositoryDeclaration } from '../hub/repositories/declaration.ts';

/** A git file. */
export function text(path: string, content: string): FileDeclaration {
  return { path, kind: 'bytes', content };
}

/** A large file, as models keep their weights in. The content depends on the seed, which is the path by default. */
export function weights(path: string, size: number, seed = path): FileDeclaration {
  return { path, kind: 'seeded', size, seed, format: 'safetensors', lfs: true };
}

/** A repository with one large file. */
export function oneFile(size: number, id = 'org/one', seed = id): RepositoryDeclaration {
  return { id, files: [weights(WEIGHTS, size, seed)] };
}

/** The path of the file of {@link oneFile}. */
export const WEIGHTS = 'model.safetensors';

/** The files of Parakeet, smaller: small git files, a small LFS file, and weights of several chunks. */
export const SMALL_PARAKEET: RepositoryDeclaration = {
  id: 'mlx-community/small-parakeet',
  files: [
    text('.gitattributes', '*.safetensors filter=lfs diff=lfs merge=lfs -text\n'),
    text('README.md', '# A small Parakeet\n'),
    text(
      'config.json',
      `${JSON.stringify({ vocabulary: Array.from({ length: 9000 }, (_, n) => `w${n}`) })}\n`,
    ),
    weights(WEIGHTS, 5_300_001),
    {
      path: 'tokenizer.model',
      kind: 'seeded',
      size: 360_916,
      seed: 'tokenizer',
      format: 'binary',
      lfs: true,
    },
    text('tokenizer.vocab', '<unk>\t0\n'.repeat(400)),
    text('vocab.txt', 'word\n'.repeat(900)),
  ],
};
