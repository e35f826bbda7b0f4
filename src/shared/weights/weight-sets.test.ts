import { describe, expect, it } from 'vitest';
import { type SizedFile, sortFiles } from './weight-sets.ts';

const files = (...paths: string[]): SizedFile[] => paths.map((path, at) => ({ path, size: 1000 + at }));
const sets = (...paths: string[]) =>
  Object.fromEntries(sortFiles(files(...paths)).sets.map((set) => [set.id, set.paths]));
const companions = (...paths: string[]) => sortFiles(files(...paths)).companions.map(({ path }) => path);

describe('files of a repository', () => {
  it('of GGUF are one set for each quantization, with its shards together', () => {
    expect(
      sets(
        'm-Q4_K_M.gguf',
        'm-Q8_0-00001-of-00002.gguf',
        'm-Q8_0-00002-of-00002.gguf',
        'Q2_K/m-Q2_K.gguf',
        'README.md',
      ),
    ).toEqual({
      'gguf Q8_0': ['m-Q8_0-00001-of-00002.gguf', 'm-Q8_0-00002-of-00002.gguf'],
      'gguf Q4_K_M': ['m-Q4_K_M.gguf'],
      'gguf Q2_K': ['Q2_K/m-Q2_K.gguf'],
    });
  });

  it('of GGUF without a known name are a set each', () => {
    expect(Object.keys(sets('a.gguf', 'b.gguf'))).toHaveLength(2);
  });

  it('what makes a model see goes with every quantization, once', () => {
    const paths = ['m-Q4_K_M.gguf', 'mmproj-BF16.gguf', 'mmproj-F16.gguf', 'mmproj-F32.gguf'];
    expect(Object.keys(sets(...paths))).toEqual(['gguf Q4_K_M']);
    expect(companions(...paths)).toEqual(['mmproj-F16.gguf']);
  });

  it('shards of safetensors are one set, and their index goes with it', () => {
    const paths = [
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'model.safetensors.index.json',
    ];
    expect(sets(...paths)).toEqual({ safetensors: paths.slice(0, 2) });
    expect(companions(...paths)).toEqual(paths.slice(2));
  });

  it.each<[string, string[], string[]]>([
    [
      'twins in half precision',
      ['model.safetensors', 'model.fp16.safetensors'],
      ['safetensors', 'safetensors fp16'],
    ],
    [
      'older kinds',
      ['model.safetensors', 'pytorch_model.bin', 'tf_model.h5'],
      ['safetensors', 'pytorch', 'other'],
    ],
    ['ONNX of several precisions', ['onnx/model.onnx', 'onnx/model_q4.onnx'], ['onnx', 'onnx q4']],
    [
      'the original files',
      ['model.safetensors', 'original/consolidated.00.pth'],
      ['safetensors', 'pytorch original consolidated'],
    ],
    [
      'the same in one file',
      ['model-00001-of-00001.safetensors', 'consolidated.safetensors'],
      ['safetensors', 'safetensors consolidated'],
    ],
    [
      'a pipeline in folders, and in one file',
      ['model_index.json', 'unet/model.safetensors', 'vae/model.safetensors', 'sd_xl.safetensors'],
      ['safetensors', 'safetensors sd_xl.safetensors'],
    ],
  ])('%s are sets of their own', (_what, paths, ids) => {
    expect(Object.keys(sets(...paths)).toSorted()).toEqual(ids.toSorted());
  });

  it('that are no weights go with every set, and what a training left goes with none', () => {
    const paths = [
      'config.json',
      'tokenizer.model',
      'training_args.bin',
      'optimizer.pt',
      'm.imatrix',
      'model.safetensors',
    ];
    expect(companions(...paths)).toEqual(['config.json', 'tokenizer.model']);
    expect(sortFiles(files(...paths)).spare.map(({ path }) => path)).toEqual([
      'training_args.bin',
      'optimizer.pt',
      'm.imatrix',
    ]);
  });

  it.each([
    'constructor.gguf',
    '__proto__',
    `${'x'.repeat(100_000)}.gguf`,
    '-'.repeat(100_000),
    `${'Q4_'.repeat(30_000)}.gguf`,
  ])('with a hostile name (%#) are sorted, and take no longer for it than a test may', (path) => {
    const { sets, companions: others } = sortFiles(files(path, 'model.safetensors'));
    expect([...sets.flatMap(({ paths }) => paths), ...others.map((file) => file.path)]).toContain(path);
  });
});
