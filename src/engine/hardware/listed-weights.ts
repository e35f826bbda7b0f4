import type { WeightFormat } from '../../shared/model/search.ts';

/** What a listing contains about a model's weights. */
export interface ListedWeights {
  /** Parameters by dtype, from safetensors headers. */
  readonly dtypes: ReadonlyArray<readonly [string, number]> | null;
  /** The total, when the dtypes are not listed. */
  readonly safetensorsParameters: number | null;
  readonly ggufParameters: number | null;
  readonly repo: string;
  readonly tags: readonly string[];
  readonly library: string | null;
}

/** What follows from a listing. */
export interface WeightFacts {
  readonly format: WeightFormat;
  readonly precision: string | null;
  readonly parameters: number | null;
  readonly bytes: number | null;
  readonly isExact: boolean;
}

/**
 * Bits per number of each safetensors dtype (huggingface/safetensors, `Dtype`); packed weights are counted by their
 * words.
 */
const DTYPE_BITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ F64: 64, I64: 64, U64: 64, F32: 32, I32: 32, U32: 32, BF16: 16, F16: 16, I16: 16, U16: 16 },
    ...{ F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, I8: 8, U8: 8, BOOL: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
  }),
);
/** Bits per parameter in a GGUF file of the usual kind, Q4_K_M (llama.cpp, tools/quantize/README.md). */
const USUAL_GGUF_BITS = 4.9;
/** Words that hold several packed weights each. */
const PACKED: ReadonlySet<string> = new Set(['U32', 'I32', 'U8']);

/** Returns format, precision, parameters and size of the weights, as far as a listing contains them. */
export function listedWeights(listed: ListedWeights): WeightFacts {
  const format = formatOf(listed);
  const { dtypes, safetensorsParameters, ggufParameters, repo } = listed;
  const nameBits = bitsIn(repo);
  const inName = parametersIn(repo);
  // For packed weights the Hub counts the words that hold several.
  const named = nameBits === null ? (safetensorsParameters ?? inName) : (inName ?? safetensorsParameters);
  if (format === 'gguf') {
    const parameters = ggufParameters ?? named;
    const bytes = parameters === null ? null : Math.round((parameters * USUAL_GGUF_BITS) / 8);
    return { format, precision: null, parameters, bytes, isExact: false };
  }
  if (dtypes === null) {
    const bytes = named === null ? null : Math.round((named * (nameBits ?? 16)) / 8);
    return {
      format,
      precision: nameBits === null ? null : `${nameBits}-bit`,
      parameters: named,
      bytes,
      isExact: false,
    };
  }
  const bits = dtypes.reduce((sum, [dtype, count]) => sum + count * (DTYPE_BITS.get(dtype) ?? 16), 0);
  const [main] = dtypes.toSorted(([, a], [, b]) => b - a)[0] ?? [''];
  const isPacked = PACKED.has(main) || nameBits !== null;
  const counted = dtypes.reduce((sum, [, count]) => sum + count, 0);
  return {
    format,
    precision: isPacked ? (nameBits === null ? 'Quantized' : `${nameBits}-bit`) : main,
    parameters: isPacked ? (named ?? unpacked(dtypes, nameBits)) : counted,
    bytes: Math.round(bits / 8),
    isExact: dtypes.every(([dtype]) => DTYPE_BITS.has(dtype)),
  };
}

function formatOf({ tags, library, dtypes, ggufParameters, repo }: ListedWeights): WeightFormat {
  const has = (name: string) => library === name || tags.includes(name);
  if (has('gguf') || ggufParameters !== null) return 'gguf';
  if (has('mlx') || /^mlx-community\//.test(repo)) return 'mlx';
  if (has('safetensors') || dtypes !== null) return 'safetensors';
  if (has('pytorch')) return 'pytorch';
  return has('onnx') ? 'onnx' : 'other';
}

/** Returns the number of weights in packed words. */
function unpacked(dtypes: ReadonlyArray<readonly [string, number]>, bits: number | null): number | null {
  if (bits === null) return null;
  return dtypes.reduce(
    (sum, [dtype, count]) =>
      sum + (PACKED.has(dtype) ? Math.round((count * (DTYPE_BITS.get(dtype) ?? 32)) / bits) : 0),
    0,
  );
}

/** Finds `8x7B`, `1.5B` or `270m` in a name; returns null when there is none. */
function parametersIn(repo: string): number | null {
  const name = repo.slice(repo.indexOf('/') + 1);
  const [, times = '1', number, unit] =
    /(?<![A-Za-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)([BM])(?![A-Za-z0-9])/i.exec(name) ?? [];
  if (number === undefined) return null;
  return Math.round(Number(times) * Number(number) * (unit?.toUpperCase() === 'M' ? 1e6 : 1e9));
}

/** Finds `4bit`, `4-bit`, `int4`, `q4` or `AWQ` in a name. */
function bitsIn(repo: string): number | null {
  const name = repo.slice(repo.indexOf('/') + 1);
  const bits = /(?<![A-Za-z0-9])(?:([2-8])[-_]?bits?|(?:int|q|w)([2-8])(?:a16)?)(?![A-Za-z0-9])/i.exec(name);
  if (bits !== null) return Number(bits[1] ?? bits[2]);
  return /(?<![A-Za-z0-9])(AWQ|GPTQ|bnb)(?![A-Za-z0-9])/i.test(name) ? 4 : null;
}
