import { formatBytes, formatMemory } from '../../shared/format/bytes.ts';
import type { Hardware, Verdict } from '../../shared/model/hardware.ts';
import type { Suitability } from '../../shared/model/search.ts';
import { COMFORT_BYTES, isAppleSilicon } from './fit-variant.ts';
import type { ModelShape } from './model-shape.ts';

/** What is known about weights that somebody may want to run. */
export interface AnyWeights {
  /** Bytes of the loaded weights; null when unknown. */
  readonly bytes: number | null;
  /** False when `bytes` is derived only from a number of parameters. */
  readonly isExact: boolean;
  readonly runtime: 'mlx' | 'other';
  /** Null when unknown: an allowance is made. */
  readonly shape: ModelShape | null;
  /** True when it generates token by token, so that a speed can be given. */
  readonly writesText: boolean;
}

/** Assumed length of a conversation in tokens: about fifteen pages. */
const CONTEXT_TOKENS = 8192;
/** MLX, llama.cpp and transformers all store keys and values as 16-bit numbers. */
const CACHE_NUMBER_BYTES = 2;
/** Program, graph and activations in addition to the weights: the minimum, and a share of the weights. */
const WORKING_BYTES = 0.4e9;
const WORKING_SHARE = 0.05;
/**
 * Used when the shape is not known: a share of the weights that covers the key-value cache of common models at this
 * context.
 */
const UNKNOWN_CACHE_SHARE = 0.15;
/** Slower than people read: about four tokens are three words. */
const READING_TOKENS_PER_SECOND = 4;

/**
 * Estimates how well any model would run on a machine: memory first, then speed. Returns nothing where nothing is
 * known.
 */
export function fitAny(weights: AnyWeights, hardware: Hardware): Suitability {
  const { bytes, shape, isExact, runtime } = weights;
  if (bytes === null) {
    const reasons = ['Its size isn’t known until its files are listed.'];
    const verdict = runtime === 'mlx' && !isAppleSilicon(hardware) ? 'needs-apple-silicon' : null;
    return { verdict, estimated: true, neededBytes: null, mostTokensPerSecond: null, reasons };
  }
  const cache = shape === null ? Math.round(bytes * UNKNOWN_CACHE_SHARE) : cacheBytes(shape);
  const neededBytes = Math.round(bytes + cache + WORKING_BYTES + bytes * WORKING_SHARE);
  const most = mostTokensPerSecond(weights, bytes, hardware);
  const verdict = verdictOf(neededBytes, most, runtime, hardware);
  const estimated = !isExact || shape === null;
  return {
    verdict,
    estimated,
    neededBytes,
    mostTokensPerSecond: most,
    reasons: reasonsOf(verdict, neededBytes, most, { ...weights, bytes }, hardware),
  };
}

/**
 * Returns the memory for the keys and values of a conversation: two numbers for each layer, head and position in a key,
 * for each token (https://kipp.ly/transformer-inference-arithmetic, "kv cache").
 */
function cacheBytes({ layers, keyValueHeads, headSize, contextLength }: ModelShape): number {
  const tokens = Math.min(contextLength ?? CONTEXT_TOKENS, CONTEXT_TOKENS);
  return 2 * layers * keyValueHeads * headSize * CACHE_NUMBER_BYTES * tokens;
}

/**
 * Each token reads all weights once. A mixture of experts reads fewer, so no speed is given for it, nor for what may be
 * one.
 */
function mostTokensPerSecond(
  { shape, writesText }: AnyWeights,
  bytes: number,
  { bandwidthGBps }: Hardware,
): number | null {
  if (!writesText || bandwidthGBps === null || shape?.activeShare !== 1 || bytes === 0) return null;
  return Math.floor((bandwidthGBps * 1e9) / bytes);
}

function verdictOf(
  neededBytes: number,
  most: number | null,
  runtime: AnyWeights['runtime'],
  hardware: Hardware,
): Verdict {
  if (runtime === 'mlx' && !isAppleSilicon(hardware)) return 'needs-apple-silicon';
  if (neededBytes > hardware.budgetBytes) return 'wont-fit';
  if (most !== null && most < READING_TOKENS_PER_SECOND) return 'may-stutter';
  if (!isComfortable(neededBytes, hardware)) return 'tight';
  return most === null ? 'fits' : 'runs-well';
}

/**
 * Leaves room for other programs, as for the models of the catalog; half of the budget is enough on a small machine.
 */
function isComfortable(neededBytes: number, { budgetBytes }: Hardware): boolean {
  return budgetBytes - neededBytes >= Math.min(COMFORT_BYTES, budgetBytes / 2);
}

function reasonsOf(
  verdict: Verdict,
  neededBytes: number,
  most: number | null,
  { shape, isExact, bytes }: AnyWeights & { readonly bytes: number },
  hardware: Hardware,
): readonly string[] {
  const kind = isAppleSilicon(hardware) && !hardware.assumed ? 'this Mac' : 'this computer';
  const about = isExact && shape !== null ? '' : 'about ';
  const memory =
    `Needs ${about}${formatBytes(neededBytes)} of memory: ${formatBytes(bytes)} of weights, the rest to work with. ` +
    `${kind.charAt(0).toUpperCase()}${kind.slice(1)} (${formatMemory(hardware.memoryBytes)}) has ${formatBytes(hardware.budgetBytes)} for models.`;
  const speed =
    most === null
      ? []
      : [
          `At most ${most} tokens a second: each one reads all weights, and ${hardware.chip} reads ${Math.round(hardware.bandwidthGBps ?? 0)} GB/s.`,
        ];
  const mlx = verdict === 'needs-apple-silicon' ? [`Runs with MLX, which ${hardware.chip} can’t run.`] : [];
  const guess =
    shape === null
      ? ['Estimated: the model’s shape isn’t known.']
      : isExact
        ? []
        : ['Estimated from its number of parameters.'];
  return [...mlx, memory, ...speed, ...guess];
}
