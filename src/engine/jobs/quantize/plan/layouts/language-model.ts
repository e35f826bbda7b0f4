import type { Header, Tensor } from '../../safetensors/header.ts';
import { findRecipe, type Recipe } from '../recipe.ts';
import type { ModelLayout, SourceModel } from './layout.ts';
import { notOffered } from './refusal.ts';

/**
 * Architectures whose files have the names of mlx-lm's modules, so that what is quantized here is what mlx-lm quantizes.
 * Source: mlx-lm 0.2x, mlx_lm/models/<type>.py: no `sanitize`, or one that only drops tensors.
 */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'llama',
  'mistral',
  'qwen2',
  'qwen3',
  'gemma',
  'gemma2',
  'gemma3_text',
  'phi3',
  'smollm3',
  'olmo2',
  'granite',
]);
/** These have one matrix for the embedding and the output, whatever their configuration says. */
const ALWAYS_TIED: ReadonlySet<string> = new Set(['gemma', 'gemma2']);
const WEIGHTS = /^model[^/]*\.safetensors$/;
const COMPANION =
  /^(generation_config\.json|tokenizer[^/]*|special_tokens_map\.json|added_tokens\.json|vocab[^/]*|merges\.txt|[^/]*\.(jinja|model|tiktoken)|licen[cs]e[^/]*)$/i;
/** Configurations of models with code of their own, with parts for other senses, or already quantized. */
const REFUSED_KEYS = [
  'quantization',
  'quantization_config',
  'model_file',
  'vision_config',
  'text_config',
] as const;
const COPIED_SEGMENTS: ReadonlySet<string> = new Set([
  'router',
  'gate',
  'shared_expert_gate',
  'conv1d',
  'rotary_emb',
]);
/** Smallest group that mlx-lm makes by default. */
const GROUP_SIZE = 64;
const TORCH_DTYPES: Readonly<Record<string, string>> = { BF16: 'bfloat16', F16: 'float16' };

/** Returns the architecture named in a configuration; null for none. */
export const modelTypeOf = (config: SourceModel['config']): string | null =>
  typeof config?.model_type === 'string' ? config.model_type : null;

/** True for an architecture of the list. */
export const isKnownLanguageModel = (config: SourceModel['config']): boolean =>
  KNOWN_TYPES.has(modelTypeOf(config) ?? '');

/**
 * Language models for mlx-lm, which quantizes at load exactly the modules for which the file has scales: a matrix that is left
 * as it is always loads, one too many never does.
 */
export const languageModel: ModelLayout = {
  id: 'language-model',
  weightsOf: (paths) => paths.filter((path) => WEIGHTS.test(path)),
  recipeOf: (variant) =>
    ({ q4: findRecipe('mlx-affine-4-64'), q8: findRecipe('mlx-affine-8-64'), bf16: undefined })[variant] ??
    null,
  rolesOf(source) {
    const tensors = [...source.headers.values()].flatMap((header: Header) => header.tensors);
    requirePlain(source, tensors);
    const children = countChildren(tensors);
    const omitsHead = isTied(source.config);
    return (tensor) => {
      if (omitsHead && tensor.name.startsWith('lm_head.')) return 'omit';
      if (tensor.name.endsWith('.self_attn.rotary_emb.inv_freq')) return 'omit';
      return isQuantizable(tensor, children) ? 'make' : 'copy';
    };
  },
  targetPath: (path) => path,
  isCompanion: (path) => COMPANION.test(path) && !path.endsWith('.py') && !WEIGHTS.test(path),
  writes: (source, recipe, _variant, made) =>
    new Map([
      ['config.json', configText(source.config ?? {}, recipe)],
      ['model.safetensors.index.json', indexText(made)],
    ]),
};

/** Throws for weights that mlx-lm would not accept as they are. */
function requirePlain({ config, paths }: SourceModel, tensors: readonly Tensor[]): void {
  const refused = REFUSED_KEYS.find((key) => config !== null && key in config);
  if (
    refused === 'quantization' ||
    refused === 'quantization_config' ||
    tensors.some(({ dtype }) => dtype === 'U32')
  ) {
    throw notOffered(
      'This model is quantized already; it takes the original weights to make another variant.',
    );
  }
  if (refused)
    throw notOffered(`Its config.json has a ${refused}, which Haulyard does not know how to quantize yet.`);
  if (paths.some((path) => /^adapter[^/]*\.(safetensors|json)$/.test(path))) {
    throw notOffered('This is an adapter, not a whole model.');
  }
  const types = new Set(tensors.filter(({ shape }) => shape.length === 2).map(({ dtype }) => dtype));
  const [type] = types;
  if (types.size > 1)
    throw notOffered(`Its matrices are stored in different types (${[...types].join(', ')}).`);
  if (type !== 'BF16' && type !== 'F16')
    throw notOffered(`Its matrices are stored as ${type}, not as BF16 or F16.`);
  const torch = config?.torch_dtype;
  if (typeof torch === 'string' && torch !== TORCH_DTYPES[type]) {
    throw notOffered(`Its config.json says ${torch} where its matrices are ${type}.`);
  }
}

/** How many tensors there are under each module besides its weight and bias. */
function countChildren(tensors: readonly Tensor[]): ReadonlyMap<string, number> {
  const children = new Map<string, number>();
  for (const { name } of tensors) {
    const segments = name.split('.');
    for (let length = 1; length < segments.length; length += 1) {
      const isOwn = length === segments.length - 1 && ['weight', 'bias'].includes(segments.at(-1) ?? '');
      const module = segments.slice(0, length).join('.');
      if (!isOwn) children.set(module, (children.get(module) ?? 0) + 1);
    }
  }
  return children;
}

function isQuantizable({ name, shape }: Tensor, children: ReadonlyMap<string, number>): boolean {
  if (!name.endsWith('.weight') || shape.length !== 2 || (shape[1] ?? 0) % GROUP_SIZE !== 0) return false;
  const module = name.slice(0, -'.weight'.length);
  const isSpecial = (segment: string) =>
    segment.endsWith('norm') || segment.startsWith('ln') || COPIED_SEGMENTS.has(segment);
  return !children.has(module) && !module.split('.').some(isSpecial);
}

const isTied = (config: SourceModel['config']): boolean =>
  config?.tie_word_embeddings === true || ALWAYS_TIED.has(modelTypeOf(config) ?? '');

/** As mlx-lm writes it: both keys, because its programs and those of Hugging Face read different ones. */
function configText(config: Readonly<Record<string, unknown>>, recipe: Recipe): string {
  const quantization =
    recipe.kind === 'affine' ? { group_size: recipe.groupSize, bits: recipe.bits, mode: 'affine' } : {};
  const { _name_or_path: _dropped, ...kept } = config;
  const all = { ...kept, quantization, quantization_config: quantization };
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 4)}\n`;
}

function indexText({ files, totalBytes, parameters }: Parameters<ModelLayout['writes']>[3]): string {
  const map = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const index = {
    metadata: { total_size: totalBytes, total_parameters: parameters },
    weight_map: Object.fromEntries(map),
  };
  return `${JSON.stringify(index, null, 4)}\n`;
}
