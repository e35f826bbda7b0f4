import type { WeightSet } from '../model/file-choice.ts';
import type { WeightFormat } from '../model/search.ts';
import { quantizationOf } from './quantizations.ts';

/** A file, as far as its set depends on it. */
export interface SizedFile {
  readonly path: string;
  readonly size: number;
}

/** The files of a repository by purpose. */
export interface SortedFiles {
  readonly sets: readonly WeightSet[];
  /** Needed with every set. */
  readonly companions: readonly SizedFile[];
  /** Not needed to run the model: training states, importance matrices. */
  readonly spare: readonly SizedFile[];
}

const FORMATS: ReadonlyArray<readonly [RegExp, WeightFormat]> = [
  [/\.gguf$/i, 'gguf'],
  [/\.safetensors$/i, 'safetensors'],
  [/\.(bin|pth|pt|ckpt)$/i, 'pytorch'],
  [/\.onnx(_data(_\d+)?)?$|\.onnx\.data$/i, 'onnx'],
  [/\.(h5|msgpack|ot|tflite|mlmodel|engine|npz|weights)$/i, 'other'],
];
/** Folders with a copy of the weights for one kind of program. */
const COPIES = /(^|\/)(onnx|openvino|coreml|original|mlx|tf|flax)\//i;
/** Files that training leaves next to weights, or that were used to make them. */
const SPARE =
  /(^|\/)(optimizer|scheduler|rng_state|training_args|trainer_state)[^/]*$|\.imatrix(\.dat)?$|(^|[/_.-])imatrix\.(dat|gguf)$/i;
/** `.bin` files that are not weights. */
const SMALL_PARTS = /(^|\/)(training_args|tokenizer|vocab|sentencepiece)[^/]*\.bin$/i;
const SHARD = /[-_.]\d{5}-of-\d{5}(?=\.)|(?<=consolidated)\.\d\d(?=\.)/i;
/** A part that goes with every quantization of its repository: it makes a language model see or hear. */
const PROJECTOR = /(^|\/)[^/]*mmproj[^/]*\.gguf$/i;

/**
 * Sorts the files of a repository into sets of weights and what goes with them. Shards of one file are together in one
 * set.
 */
export function sortFiles(files: readonly SizedFile[]): SortedFiles {
  const byKey = new Map<string, SizedFile[]>();
  const companions: SizedFile[] = [];
  const spare: SizedFile[] = [];
  const isPipeline = files.some(({ path }) => path === 'model_index.json');
  for (const file of files) {
    const key = SPARE.test(file.path) ? 'spare' : keyOf(file.path, isPipeline);
    if (key === 'spare') spare.push(file);
    else if (key === null) companions.push(file);
    else byKey.set(key, [...(byKey.get(key) ?? []), file]);
  }
  const projectors = [...byKey].filter(([key]) => key.startsWith('projector')).flatMap(([, found]) => found);
  const [best, ...others] = projectors.toSorted((a, b) => projectorRank(a) - projectorRank(b));
  const sets = [...byKey]
    .filter(([key]) => !key.startsWith('projector'))
    .map(([key, found]) => setOf(key, found));
  return {
    sets: sets.toSorted(
      (a, b) => (b.quality ?? 0) - (a.quality ?? 0) || b.bytes - a.bytes || compare(a.id, b.id),
    ),
    companions: best === undefined ? companions : [...companions, best],
    spare: [...spare, ...others],
  };
}

/** Such a part is published as F16; the others serve the same purpose. */
function projectorRank({ path, size }: SizedFile): number {
  return (/\bF16\b|[-_]f16/i.test(path) ? 0 : 1e15) + size;
}

/** Returns the set a file belongs to; null when it belongs to all of them. */
function keyOf(path: string, isPipeline: boolean): string | null {
  const format = FORMATS.find(([pattern]) => pattern.test(path))?.[1];
  if (format === undefined || SMALL_PARTS.test(path)) return null;
  if (PROJECTOR.test(path)) return 'projector';
  const copy = COPIES.exec(path)?.[2]?.toLowerCase() ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (format === 'gguf') return `gguf ${quantizationOf(path)?.code ?? path.replace(SHARD, '')}`;
  if (format === 'onnx') return `onnx ${onnxVariant(name)}`.trimEnd();
  const isWhole = isPipeline && !path.includes('/');
  const consolidated = /^consolidated/i.test(name) ? 'consolidated' : '';
  const words = [format, copy, variantOf(name), isWhole ? name : '', consolidated];
  return words.filter((word) => word !== '').join(' ');
}

/** `model.fp16.safetensors`, `model_fp16.bin`, `diffusion_pytorch_model.fp16-00001-of-00002.safetensors`. */
function variantOf(name: string): string {
  return /[._-](fp16|bf16|fp32|non_ema|ema|fp8|int8)(?=[._-])/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

function onnxVariant(name: string): string {
  return /_(fp16|int8|uint8|q4f16|q4|bnb4|quantized|q8)\.onnx/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

function setOf(key: string, files: readonly SizedFile[]): WeightSet {
  const [format = 'other', ...rest] = key.split(' ') as [WeightFormat, ...string[]];
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const quantization = format === 'gguf' ? quantizationOf(files[0]?.path ?? '') : null;
  const common = { id: key, format, bytes, paths: files.map(({ path }) => path).toSorted(compare) };
  if (quantization !== null) {
    const { code, title, words, quality } = quantization;
    return { ...common, code, title, words, quality };
  }
  const variant = rest.join(' ');
  const [title, words, quality] = FORMAT_WORDS[format];
  return {
    ...common,
    title,
    words,
    code: variant === '' ? null : variant,
    quality: qualityOf(variant, quality),
  };
}

const FORMAT_WORDS: Readonly<Record<WeightFormat, readonly [string, string, number]>> = {
  safetensors: ['Safetensors', 'The usual files: they load fast and can’t run code.', 99],
  mlx: ['MLX', 'For Apple silicon.', 99],
  gguf: ['GGUF', 'One file for llama.cpp, Ollama and LM Studio.', 90],
  pytorch: ['PyTorch', 'An older kind of file that can run code when it is loaded.', 60],
  onnx: ['ONNX', 'For ONNX Runtime.', 50],
  other: ['Other formats', 'For TensorFlow, JAX or other programs.', 40],
};

/** A twin of half the size answers alike; one that was rounded further does not quite. */
function qualityOf(variant: string, quality: number): number {
  if (/int8|uint8|q4|bnb4|quantized|q8|fp8/.test(variant)) return quality - 10;
  return /fp16|bf16/.test(variant) ? quality - 1 : variant === '' ? quality : quality - 5;
}

/** By code units: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
