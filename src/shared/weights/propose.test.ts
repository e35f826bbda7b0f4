import { describe, expect, it } from 'vitest';
import { fitAny } from '../../engine/hardware/fit-any.ts';
import type { ModelShape } from '../../engine/hardware/model-shape.ts';
import type { Hardware } from '../model/hardware.ts';
import { propose } from './propose.ts';
import { sortFiles } from './weight-sets.ts';

const mac = (gigabytes: number, bandwidthGBps: number | null = 100): Hardware => ({
  chip: 'Apple M2',
  memoryBytes: gigabytes * 2 ** 30,
  budgetBytes: gigabytes * 0.75e9,
  bandwidthGBps,
  assumed: false,
  translated: false,
});
const SHAPE: ModelShape = {
  layers: 32,
  keyValueHeads: 8,
  headSize: 128,
  contextLength: 131_072,
  activeShare: 1,
};
/** Llama 3.1 8B, bytes from the listing of its most downloaded GGUF repository. */
const EIGHT_B = {
  f16: 16.07e9,
  Q8_0: 8.54e9,
  Q6_K: 6.6e9,
  Q5_K_M: 5.73e9,
  Q4_K_M: 4.92e9,
  Q4_0_4_4: 4.66e9,
  Q3_K_M: 4.02e9,
  Q2_K: 3.18e9,
};

function proposal(
  sizes: Readonly<Record<string, number>>,
  hardware: Hardware,
  name = (key: string) => `m-${key}.gguf`,
) {
  const sorted = sortFiles(Object.entries(sizes).map(([key, size]) => ({ path: name(key), size })));
  const sets = sorted.sets.map((set) => ({
    ...set,
    suitability: fitAny(
      { bytes: set.bytes, isExact: true, runtime: 'other', shape: SHAPE, writesText: true },
      hardware,
    ),
  }));
  return propose(sets, sorted);
}

describe('the set to take of sixteen', () => {
  it.each<[string, Hardware, string]>([
    ['a large and fast machine', mac(64, 400), 'gguf Q8_0'],
    ['a machine with room that reads slowly', mac(32, 100), 'gguf Q6_K'],
    ['a common machine', mac(16, 100), 'gguf Q5_K_M'],
    ['a small machine', mac(8, 100), 'gguf Q3_K_M'],
    ['a machine for which none is comfortable', mac(9, 100), 'gguf Q4_K_M'],
    ['a machine without a known chip', mac(16, null), 'gguf Q5_K_M'],
  ])('for %s', (_what, hardware, id) => {
    const { proposed, why, leftOut } = proposal(EIGHT_B, hardware);
    expect([proposed, why]).toEqual([id, expect.stringMatching(/\.$/)]);
    expect(leftOut).toMatch(/^Leaves out 7 other versions of the same model: \d/);
  });

  it('never is one for special processors, nor the weights as trained', () => {
    const { proposed } = proposal({ Q4_0_4_4: 4e9, F16: 16e9, Q5_K_M: 5e9 }, mac(64, 400));
    expect(proposed).toBe('gguf Q5_K_M');
  });

  it('is the smallest good one where nothing fits', () => {
    const { proposed, why } = proposal(EIGHT_B, mac(4));
    expect(proposed).toBe('gguf Q4_K_M');
    expect(why).toMatch(/None of them fits/);
  });
});

describe('the set to take of twins', () => {
  it('is the half-size one of the same weights', () => {
    const { proposed } = proposal({ '': 4e9, '.fp16': 2e9 }, mac(64), (key) => `model${key}.safetensors`);
    expect(proposed).toBe('safetensors fp16');
  });

  it('is safetensors, not what can run code', () => {
    const { proposed, why } = proposal({ safetensors: 4e9, bin: 4e9 }, mac(64), (key) => `model.${key}`);
    expect(proposed).toBe('safetensors');
    expect(why).toMatch(/most programs/);
  });

  it('is nothing in a repository without weights', () => {
    expect(proposal({ md: 10 }, mac(64), (key) => `README.${key}`)).toMatchObject({
      proposed: null,
      leftOut: '',
    });
  });
});
