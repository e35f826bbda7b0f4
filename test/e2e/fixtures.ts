import { GATED } from '../hub/fixtures/odd.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { text, weights } from '../integration/repositories.ts';

/** Bytes of the weights of the small stand-ins: seconds on a throttled line, nothing on a free one. */
export const PARAKEET_BYTES = 12_000_000;
const MOSHI_BYTES = { bf16: 16_000_000, q8: 8_000_000, q4: 4_000_000 } as const;

const GB = 1_000_000_000;
/** What the sizes of the real ones are, in bytes; only shown and compared with the machine. */
const REAL = {
  bf16: { bytes: 15_760_894_886, neededBytes: 18.5 * GB, bytesPerStep: 14_750_065_976 },
  q8: { bytes: 8_555_197_678, neededBytes: 11 * GB, bytesPerStep: 7_835_972_550 },
  q4: { bytes: 5_190_742_995, neededBytes: 8 * GB, bytesPerStep: 4_609_395_618 },
} as const;

const PARAKEET: RepositoryDeclaration = {
  id: 'mlx-community/parakeet-tdt-0.6b-v3',
  files: [
    text('README.md', '# A small Parakeet\n'),
    text(
      'config.json',
      `${JSON.stringify({ vocabulary: Array.from({ length: 900 }, (_, n) => `w${n}`) })}\n`,
    ),
    weights('model.safetensors', PARAKEET_BYTES, 'small-parakeet'),
    text('vocab.txt', 'word\n'.repeat(900)),
  ],
};

const MOSHI: readonly RepositoryDeclaration[] = Object.entries(MOSHI_BYTES).map(([precision, size]) => ({
  id: `kyutai/moshiko-mlx-${precision}`,
  files: [
    text('README.md', `# A small Moshi ${precision}\n`),
    weights('model.safetensors', size, `small-moshi-${precision}`),
  ],
}));

/** Models with the names of real ones, small enough for tests; and a gated one. */
export const REPOSITORIES: readonly RepositoryDeclaration[] = [PARAKEET, ...MOSHI, GATED];

/** A catalog of {@link REPOSITORIES} without pins. The memory that Moshi needs is the real one, for the choice of a variant. */
export const CATALOG = {
  version: 1,
  models: [
    {
      id: 'parakeet',
      name: 'Parakeet TDT 0.6B v3',
      summary: 'Turns speech into text with time stamps, in 25 European languages.',
      license: 'cc-by-4.0',
      snippets: {
        python: "model = from_pretrained('{repo}')",
        cli: 'parakeet-mlx --model {repo} speech.wav',
      },
      variants: [
        { id: 'bf16', repo: PARAKEET.id, bytes: 2_509_044_141, approximate: true, neededBytes: 4 * GB },
      ],
    },
    {
      id: 'moshi',
      name: 'Moshi',
      summary: 'Speaks and listens at the same time: real-time conversation in English, male voice.',
      license: 'cc-by-4.0',
      stepsPerSecond: 12.5,
      snippets: { cli: 'python -m moshi_mlx.local --hf-repo {repo}' },
      variants: (['bf16', 'q8', 'q4'] as const).map((id) => ({
        id,
        repo: `kyutai/moshiko-mlx-${id}`,
        approximate: true,
        ...REAL[id],
      })),
    },
  ],
};
