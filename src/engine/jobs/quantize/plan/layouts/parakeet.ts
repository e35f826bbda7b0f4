import { findRecipe } from '../recipe.ts';
import type { ModelLayout } from './layout.ts';
import { notOffered } from './refusal.ts';

const WEIGHTS = 'model.safetensors';

/** True for the configuration of a speech recognizer of NVIDIA NeMo, which Parakeet's repositories for MLX keep. */
export const isParakeet = (config: Readonly<Record<string, unknown>> | null): boolean =>
  typeof config?.target === 'string' && config.target.startsWith('nemo.collections.asr.');

/**
 * Parakeet for MLX. Its program casts every parameter to BF16 while loading, which would destroy packed codes: only
 * BF16 can be built from its F32, by the same rounding. Source: parakeet-mlx, parakeet_mlx/utils.py.
 */
export const parakeet: ModelLayout = {
  id: 'parakeet',
  weightsOf: (paths) => paths.filter((path) => path === WEIGHTS),
  recipeOf: (variant) => (variant === 'bf16' ? (findRecipe('bf16-from-f32') ?? null) : null),
  rolesOf({ headers }) {
    const tensors = headers.get(WEIGHTS)?.tensors ?? [];
    if (!tensors.some(({ dtype }) => dtype === 'F32'))
      throw notOffered('No weights of this model are stored as F32.');
    return ({ dtype }) => (dtype === 'F32' ? 'make' : 'copy');
  },
  targetPath: (path) => path,
  isCompanion: (path) => path === 'config.json' || /^(tokenizer|vocab)[^/]*$/.test(path),
  writes: () => new Map(),
};
