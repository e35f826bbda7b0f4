import type { Tensor } from '../../safetensors/header.ts';
import { findRecipe } from '../recipe.ts';
import type { ModelLayout } from './layout.ts';
import { notOffered } from './refusal.ts';

/** The one file of weights that Kyutai's MLX repositories have next to Mimi's. */
const WEIGHTS = 'model.safetensors';

const LAYER = String.raw`layers\.\d+\.(self_attn\.(in|out)_proj|gating\.linear_(in|out)|norm[12])`;
/**
 * Names of the module tree of moshi_mlx. Relatives (Hibiki, the text-to-speech and speech-to-text models) have other names,
 * or embeddings and attention that cannot be quantized in this way. Source: moshi 0.3, moshi_mlx/models/lm.py.
 */
const NAMES = new RegExp(
  String.raw`^(text_emb|text_linear|audio_embs\.\d+|out_norm|transformer\.${LAYER}|` +
    String.raw`depformer\.slices\.\d+\.(emb|linear_in|linear_out|transformer\.${LAYER}))\.weight$`,
);

/** True for the tensor names of Moshi. */
export const isMoshi = (names: readonly string[]): boolean =>
  names.includes('depformer.slices.0.emb.weight') && names.every((name) => NAMES.test(name));

/**
 * Moshi by Kyutai. Its programs quantize the empty model first and then load the file strictly: everything that has two
 * dimensions must be quantized, with 4 bits in groups of 32 or 8 bits in groups of 64.
 * Source: moshi 0.3, moshi_mlx/local.py.
 */
export const moshi: ModelLayout = {
  id: 'moshi',
  weightsOf: (paths) => paths.filter((path) => path === WEIGHTS),
  recipeOf: (variant) =>
    ({ q4: findRecipe('mlx-affine-4-32'), q8: findRecipe('mlx-affine-8-64'), bf16: undefined })[variant] ??
    null,
  rolesOf: (_source, recipe) => (tensor) => {
    if (recipe.kind === 'affine') requireMatrix(tensor, recipe.groupSize);
    return tensor.shape.length === 2 ? 'make' : 'copy';
  },
  // run_inference takes the bits from the end of this name; mlx-audio would prefer a model.safetensors beside it.
  targetPath: (_path, variant) => `model.${variant}.safetensors`,
  isCompanion: (path) => /^tokenizer[^/]*\.(safetensors|model)$/.test(path),
  writes({ config }, _recipe, variant) {
    if (config === null) return new Map();
    const renamed = { ...config, moshi_name: `model.${variant}.safetensors` };
    return new Map([['config.json', `${JSON.stringify(renamed, null, 2)}\n`]]);
  },
};

function requireMatrix({ name, dtype, shape }: Tensor, groupSize: number): void {
  if (dtype !== 'BF16') throw notOffered(`${name} is stored as ${dtype}, not as BF16.`);
  const columns = shape.at(-1) ?? 0;
  if (shape.length === 2 && columns % groupSize !== 0) {
    throw notOffered(`${name} has ${columns} columns, which do not divide into groups of ${groupSize}.`);
  }
}
