import { expect, it } from 'vitest';
import { hasWholeSet } from './whole-set.ts';

it.each<[boolean, string[]]>([
  [true, ['model.safetensors']],
  [true, ['m-Q4_K_M.gguf', 'm-Q8_0-00001-of-00002.gguf']],
  [true, ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']],
  [false, ['model-00001-of-00002.safetensors', 'config.json']],
  [false, ['a-00001-of-00002.safetensors', 'b-00002-of-00002.safetensors']],
  [false, ['config.json', 'README.md']],
  [false, []],
])('%s: %j has all weights of one kind', (whole, paths) => {
  expect(hasWholeSet(paths.map((path) => ({ path, size: 1 })))).toBe(whole);
});
