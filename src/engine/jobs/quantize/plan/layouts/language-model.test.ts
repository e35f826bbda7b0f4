import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../../../../test/quantize/source-file.ts';
import type { TensorShape } from '../../safetensors/layout.ts';
import { planBuild } from '../plan-build.ts';
import { layoutOfConfig, requireLayout } from './find-layout.ts';
import type { SourceModel } from './layout.ts';

const llama = { model_type: 'llama', _name_or_path: '/somewhere', hidden_size: 128 };
const bf16 = (name: string, ...shape: number[]): TensorShape => ({ name, dtype: 'BF16', shape });
const shapes = [
  bf16('model.embed_tokens.weight', 512, 128),
  bf16('model.layers.0.self_attn.q_proj.weight', 128, 128),
  bf16('model.layers.0.self_attn.q_proj.bias', 128),
  bf16('model.layers.0.self_attn.rotary_emb.inv_freq', 32),
  bf16('model.layers.0.input_layernorm.weight', 128),
  bf16('model.layers.0.mlp.gate.weight', 8, 128),
  bf16('model.layers.0.mlp.odd.weight', 8, 96),
  bf16('model.layers.0.mlp.wrapped.weight', 128, 128),
  bf16('model.layers.0.mlp.wrapped.lora.weight', 8, 128),
  bf16('lm_head.weight', 512, 128),
  bf16('lm_head.bias', 512),
];

function model(
  tensors: readonly TensorShape[],
  config: Record<string, unknown>,
  paths?: string[],
): SourceModel {
  const headers = new Map([['model.safetensors', sourceOf(tensors).header]]);
  return { paths: paths ?? ['model.safetensors', 'config.json'], config, headers };
}

function plan(source: SourceModel) {
  const layout = layoutOfConfig(source.config);
  requireLayout(layout, source);
  return planBuild(source, layout, 'q4', 'metal');
}

const namesOf = (config: Record<string, unknown>) => [
  ...plan(model(shapes, config)).files[0]!.plan.layout.tensors.keys(),
];

describe('a language model for mlx-lm', () => {
  it('has scales for plain matrices only, and copies when in doubt', () => {
    const names = namesOf(llama);
    expect(names.filter((name) => name.endsWith('.scales')).sort()).toEqual([
      'lm_head.scales',
      'model.embed_tokens.scales',
      'model.layers.0.mlp.wrapped.lora.scales',
      'model.layers.0.self_attn.q_proj.scales',
    ]);
    expect(names).toContain('model.layers.0.self_attn.q_proj.bias');
    expect(names).toContain('model.layers.0.mlp.gate.weight');
  });

  it('leaves out the frequencies that mlx-lm computes', () => {
    expect(namesOf(llama).some((name) => name.includes('rotary_emb'))).toBe(false);
  });

  it.each([
    [{ ...llama, tie_word_embeddings: true }],
    [{ model_type: 'gemma', tie_word_embeddings: false }],
    [{ model_type: 'gemma2' }],
  ])('leaves out the head of a model that shares it with the embedding', (config) => {
    expect(namesOf(config).filter((name) => name.startsWith('lm_head'))).toEqual([]);
  });

  it('writes the configuration that mlx-lm reads', () => {
    const { writes } = plan(model(shapes, llama));
    const text = writes.get('config.json')!;
    const quantization = { group_size: 64, bits: 4, mode: 'affine' };
    expect(JSON.parse(text)).toEqual({
      model_type: 'llama',
      hidden_size: 128,
      quantization,
      quantization_config: quantization,
    });
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(JSON.parse(text)).sort());
  });

  it('writes an index with every tensor', () => {
    const made = plan(model(shapes, llama));
    const index = JSON.parse(made.writes.get('model.safetensors.index.json')!);
    const { head, fileBytes, tensors } = made.files[0]!.plan.layout;
    expect(Object.keys(index.weight_map)).toEqual([...tensors.keys()].sort());
    expect(index.metadata.total_size).toBe(fileBytes - head.length);
  });

  it('keeps half precision, scales too', () => {
    const halves = shapes.map((shape) => ({ ...shape, dtype: 'F16' }));
    const { tensors } = plan(model(halves, llama)).files[0]!.plan.layout;
    expect(tensors.get('model.embed_tokens.scales')?.dtype).toBe('F16');
  });

  it.each([
    ['quantized already', { ...llama, quantization: { bits: 4 } }, shapes, undefined],
    ['quantized already', llama, [...shapes, { name: 'x.weight', dtype: 'U32', shape: [8, 8] }], undefined],
    ['vision_config', { ...llama, vision_config: {} }, shapes, undefined],
    ['text_config', { ...llama, text_config: {} }, shapes, undefined],
    ['model_file', { ...llama, model_file: 'x.py' }, shapes, undefined],
    ['different types', llama, [...shapes, { name: 'x.weight', dtype: 'F32', shape: [8, 64] }], undefined],
    ['says float32', { ...llama, torch_dtype: 'float32' }, shapes, undefined],
    ['an adapter', llama, shapes, ['model.safetensors', 'adapter_config.json', 'config.json']],
    ['this architecture', { model_type: 'deepseek_v3' }, shapes, undefined],
  ])('is refused when it is %s', (why, config, tensors, paths) => {
    expect(() => plan(model(tensors, config, paths))).toThrow(why);
  });

  it('takes what belongs beside the weights, and no program', () => {
    const { isCompanion } = layoutOfConfig(llama);
    const taken = [
      'tokenizer.json',
      'merges.txt',
      'vocab.json',
      'LICENSE',
      'chat_template.jinja',
      'a.tiktoken',
    ];
    const left = [
      'modeling_x.py',
      'tokenizer.py',
      'pytorch_model.bin',
      'model-00001-of-2.safetensors',
      'x/vocab.json',
    ];
    expect(taken.filter(isCompanion)).toEqual(taken);
    expect(left.filter(isCompanion)).toEqual([]);
  });
});
