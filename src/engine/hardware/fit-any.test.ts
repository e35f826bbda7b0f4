import { describe, expect, it } from 'vitest';
import type { Hardware } from '../../shared/model/hardware.ts';
import { type AnyWeights, fitAny } from './fit-any.ts';
import { listedWeights } from './listed-weights.ts';
import { shapeFromConfig } from './model-shape.ts';

const LLAMA_8B = JSON.stringify({
  num_hidden_layers: 32,
  hidden_size: 4096,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  max_position_embeddings: 131_072,
});
const MACHINE: Hardware = {
  chip: 'Apple M3',
  memoryBytes: 16 * 2 ** 30,
  budgetBytes: 12e9,
  bandwidthGBps: 100,
  assumed: false,
  translated: false,
};
const weights = (more: Partial<AnyWeights> = {}): AnyWeights => ({
  bytes: 5e9,
  isExact: true,
  runtime: 'other',
  shape: shapeFromConfig(LLAMA_8B),
  writesText: true,
  ...more,
});

describe('the memory that a model takes', () => {
  it('is its weights, the keys and values of a conversation, and room to work', () => {
    // 2 × 32 layers × 8 heads × 128 × 2 bytes × 8192 tokens = 1 GiB, as llama.cpp prints for this model.
    expect(fitAny(weights(), MACHINE).neededBytes).toBe(5e9 + 2 ** 30 + 0.4e9 + 0.25e9);
  });

  it('uses an allowance when the shape is not known, and is marked as an estimate', () => {
    const fit = fitAny(weights({ shape: null }), MACHINE);
    expect(fit).toMatchObject({ estimated: true, neededBytes: 5e9 + 0.75e9 + 0.4e9 + 0.25e9 });
    expect(fit.reasons.join(' ')).toMatch(/Needs about .*Estimated/);
  });
});

describe('the word for it', () => {
  it.each<[string, Partial<AnyWeights>, Partial<Hardware>, string | null]>([
    ['room for other programs', {}, {}, 'runs-well'],
    ['an unknown chip', {}, { bandwidthGBps: null }, 'fits'],
    ['little left', { bytes: 8e9 }, {}, 'tight'],
    ['more than there is', { bytes: 12e9 }, {}, 'wont-fit'],
    ['slower than one reads', { bytes: 30e9 }, { budgetBytes: 96e9 }, 'may-stutter'],
    ['half of a small machine', { bytes: 0.4e9 }, { budgetBytes: 4e9 }, 'runs-well'],
    ['MLX elsewhere', { runtime: 'mlx' }, { chip: 'AMD Ryzen' }, 'needs-apple-silicon'],
    ['nothing known', { bytes: null }, {}, null],
  ])('with %s', (_what, more, hardware, verdict) => {
    expect(fitAny(weights(more), { ...MACHINE, ...hardware }).verdict).toBe(verdict);
  });
});

describe('tokens a second', () => {
  it('are at most the bandwidth over the bytes of the weights', () => {
    const fit = fitAny(weights(), MACHINE);
    expect(fit.mostTokensPerSecond).toBe(20);
    expect(fit.reasons.join(' ')).toContain('At most 20 tokens a second');
  });

  it('are absent for a mixture of experts, for unknown shapes, and for what writes no text', () => {
    const mixture = shapeFromConfig(JSON.stringify({ ...JSON.parse(LLAMA_8B), num_local_experts: 8 }));
    for (const more of [{ shape: mixture }, { shape: null }, { writesText: false }])
      expect(fitAny(weights(more), MACHINE).mostTokensPerSecond).toBeNull();
  });
});

describe('the shape in a config.json', () => {
  it('is found under text_config as well, and in the names of older models', () => {
    expect(shapeFromConfig(`{"text_config": ${LLAMA_8B}}`)).toMatchObject({
      layers: 32,
      keyValueHeads: 8,
      headSize: 128,
    });
    expect(
      shapeFromConfig('{"n_layer": 12, "n_head": 12, "n_embd": 768, "n_positions": 1024}'),
    ).toMatchObject({
      layers: 12,
      keyValueHeads: 12,
      headSize: 64,
      contextLength: 1024,
    });
  });

  it.each([
    '',
    '[]',
    'null',
    '{"num_hidden_layers": "many"}',
    '{"num_hidden_layers": 1e9, "num_attention_heads": 1}',
    '{"num_hidden_layers": -3, "num_attention_heads": 8}',
  ])('is not believed in %s', (text) => {
    expect(shapeFromConfig(text)).toBeNull();
  });
});

describe('what a listing contains about the weights', () => {
  const listed = (repo: string, more = {}) =>
    listedWeights({
      repo,
      tags: [],
      library: null,
      dtypes: null,
      safetensorsParameters: null,
      ggufParameters: null,
      ...more,
    });

  it('is exact from the dtypes of safetensors', () => {
    expect(listed('org/m', { dtypes: [['BF16', 1_235_814_400]] })).toEqual({
      format: 'safetensors',
      precision: 'BF16',
      parameters: 1_235_814_400,
      bytes: 2_471_628_800,
      isExact: true,
    });
  });

  it('knows packed weights by their words, and how many there are by the name', () => {
    const dtypes = [
      ['F16', 38_638_592],
      ['U32', 154_476_544],
    ];
    expect(listed('mlx-community/Llama-3.2-1B-Instruct-4bit', { dtypes, tags: ['mlx'] })).toMatchObject({
      format: 'mlx',
      precision: '4-bit',
      parameters: 1e9,
      bytes: 695_183_360,
    });
  });

  it('is a number for any dtype name', () => {
    const found = listed('org/m', {
      dtypes: [
        ['constructor', 100],
        ['toString', 10],
      ],
    });
    expect(found).toMatchObject({ bytes: 220, parameters: 110, isExact: false });
  });

  it('is an estimate when only the number of parameters is known', () => {
    expect(listed('org/m', { safetensorsParameters: 1e9, tags: ['safetensors'] })).toMatchObject({
      parameters: 1e9,
      bytes: 2e9,
      isExact: false,
    });
  });

  it('of GGUF is what the usual file takes', () => {
    expect(listed('org/x-GGUF', { ggufParameters: 8_030_261_248 })).toMatchObject({
      format: 'gguf',
      bytes: 4_918_535_014,
    });
  });

  it.each<[string, number | null]>([
    ['org/Mixtral-8x7B-v0.1', 56e9],
    ['org/gemma-3-270m-it', 270e6],
    ['org/Qwen2.5-1.5B', 1.5e9],
    ['org/model-v3', null],
    ['70B/model', null],
  ])('%s has %s parameters by its name', (repo, parameters) => {
    expect(listed(repo).parameters).toBe(parameters);
  });
});
