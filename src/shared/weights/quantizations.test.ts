import { describe, expect, it } from 'vitest';
import { quantizationOf } from './quantizations.ts';

describe('the kind of rounding in a name', () => {
  it.each<[string, string | null, string]>([
    ['Llama-3.2-1B-Instruct-Q4_K_M.gguf', 'Q4_K_M', '4-bit, medium'],
    ['Q8_0/model-00001-of-00002.gguf', 'Q8_0', '8-bit'],
    ['model.q5_k_s.gguf', 'Q5_K_S', '5-bit, small'],
    ['gemma-IQ3_XXS.gguf', 'IQ3_XXS', '3-bit, tiny'],
    ['x-UD-Q4_K_XL.gguf', 'UD-Q4_K_XL', '4-bit, extra large'],
    ['x-f16.gguf', 'F16', 'As trained'],
    ['x-BF16.gguf', 'BF16', 'As trained'],
    ['x-Q4_0_4_4.gguf', 'Q4_0_4_4', '4-bit for certain processors'],
    ['gpt-oss-20b-mxfp4.gguf', 'MXFP4', '4-bit'],
    ['Q-model.gguf', null, ''],
    ['model.gguf', null, ''],
    ['SeqQ4.gguf', null, ''],
  ])('%s is %s', (path, code, title) => {
    const found = quantizationOf(path);
    expect(found?.code ?? null).toBe(code);
    expect(found?.title ?? '').toBe(title);
  });

  it('ranks more bits before fewer, and explains each without its code', () => {
    const codes = ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_XL', 'Q4_K_M', 'Q4_K_S', 'Q3_K_M', 'Q2_K', 'IQ1_S'];
    const found = codes.map((code) => quantizationOf(`m-${code}.gguf`)!);
    const qualities = found.map(({ quality }) => quality);
    expect(qualities).toEqual(qualities.toSorted((a, b) => b - a));
    expect(new Set(qualities).size).toBe(codes.length);
    for (const { words, title } of found) expect(`${title} ${words}`).not.toMatch(/Q\d|_K/);
  });
});
