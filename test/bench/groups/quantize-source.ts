import { join } from 'node:path';
import { layOut, type TensorShape } from '../../../src/engine/jobs/quantize/safetensors/layout.ts';
import { addRepository } from '../../quantize/make-source.ts';
import { FULL_MOSHI, moshiShapes } from '../../quantize/moshi-shapes.ts';

/** A source in a cache. */
export interface BenchSource {
  readonly repo: string;
  /** Its weights on disk. */
  readonly file: string;
  readonly bytes: number;
}

const MOSHI = 'kyutai/moshiko-mlx-bf16';
const LLAMA = 'bench/llama';

const bytesOf = (shapes: readonly TensorShape[]): number => layOut(shapes).fileBytes;

/** The tensors of a Moshi with at most `bytes`: with 32 layers the real one, else with fewer, then with less around them. */
export function moshiOf(bytes: number): TensorShape[] {
  for (let layers = FULL_MOSHI.layers; layers >= 1; layers -= 1) {
    const shapes = moshiShapes({ ...FULL_MOSHI, layers });
    if (bytesOf(shapes) <= bytes) return shapes;
  }
  return moshiShapes({ ...FULL_MOSHI, layers: 1, slices: 1, codebooks: 1 });
}

/** Writes a Moshi with weights from a seed into a cache. */
export async function addMoshi(cacheDir: string, bytes: number): Promise<BenchSource> {
  const shapes = moshiOf(bytes);
  const texts = [{ path: 'tokenizer_spm_32k_3.model', text: 'pieces' }];
  const { snapshot } = await addRepository(cacheDir, MOSHI, new Map([['model.safetensors', shapes]]), texts);
  return { repo: MOSHI, file: join(snapshot, 'model.safetensors'), bytes: bytesOf(shapes) };
}

const LLAMA_CONFIG = {
  model_type: 'llama',
  hidden_size: 2048,
  intermediate_size: 8192,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: 64,
  rms_norm_eps: 1e-5,
  vocab_size: 32000,
  max_position_embeddings: 2048,
  rope_theta: 10000,
  tie_word_embeddings: true,
};
/** The smallest that the tokenizers package takes. */
const TOKENIZER = {
  version: '1.0',
  model: { type: 'WordLevel', vocab: { '<unk>': 0, a: 1 }, unk_token: '<unk>' },
  added_tokens: [],
};

/** Tensors of a llama for mlx-lm with at most `bytes`. */
function llamaOf(bytes: number): { readonly layers: number; readonly shapes: TensorShape[] } {
  const { hidden_size: dim, intermediate_size: hidden, vocab_size: words } = LLAMA_CONFIG;
  const shapes: TensorShape[] = [];
  const add = (name: string, ...shape: readonly number[]) =>
    shapes.push({ name: `${name}.weight`, dtype: 'BF16', shape });
  add('model.embed_tokens', words, dim);
  add('model.norm', dim);
  let layers = 0;
  while (layers === 0 || bytesOf(shapes) + 130e6 <= bytes) {
    const layer = `model.layers.${layers}`;
    for (const name of ['q', 'o']) add(`${layer}.self_attn.${name}_proj`, dim, dim);
    for (const name of ['k', 'v']) add(`${layer}.self_attn.${name}_proj`, dim / 4, dim);
    for (const name of ['gate', 'up']) add(`${layer}.mlp.${name}_proj`, hidden, dim);
    add(`${layer}.mlp.down_proj`, dim, hidden);
    for (const name of ['input', 'post_attention']) add(`${layer}.${name}_layernorm`, dim);
    layers += 1;
  }
  return { layers, shapes };
}

/** Writes a llama into a cache; its snapshot is a folder that mlx-lm converts. */
export async function addLlama(
  cacheDir: string,
  bytes: number,
): Promise<BenchSource & { readonly snapshot: string }> {
  const { layers, shapes } = llamaOf(bytes);
  const texts = [
    { path: 'config.json', text: JSON.stringify({ ...LLAMA_CONFIG, num_hidden_layers: layers }) },
    { path: 'tokenizer.json', text: JSON.stringify(TOKENIZER) },
    { path: 'tokenizer_config.json', text: JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast' }) },
  ];
  const { snapshot } = await addRepository(cacheDir, LLAMA, new Map([['model.safetensors', shapes]]), texts);
  return { repo: LLAMA, snapshot, file: join(snapshot, 'model.safetensors'), bytes: bytesOf(shapes) };
}
