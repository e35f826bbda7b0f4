import { formatBytes, formatMemory } from '../../shared/format/bytes.ts';
import type { CatalogModel, CatalogVariant } from '../../shared/model/catalog.ts';
import type { Fit, Hardware, VariantFit, Verdict } from '../../shared/model/hardware.ts';

/** The fields of a variant that decide how well it runs. */
export type FitInput = Pick<CatalogVariant, 'id' | 'neededBytes' | 'bytesPerStep'>;

/**
 * Share of the memory bandwidth that reading weights may take. The rest is for the key-value cache, the activations,
 * the audio codec and whatever else the computer does.
 */
export const BANDWIDTH_SHARE = 0.7;

/**
 * What must be left of the budget for *runs well*, in bytes: room for the browser and other programs. It puts Q8 (11
 * GB) out of reach of 16 and 18 GB machines, and BF16 (18.5 GB) within reach of 32 GB ones.
 */
export const COMFORT_BYTES = 4e9;

/** Returns the verdict on memory alone. */
export function memoryFit(neededBytes: number, budgetBytes: number): Exclude<Fit, 'may-stutter'> {
  if (neededBytes > budgetBytes) return 'wont-fit';
  return budgetBytes - neededBytes >= COMFORT_BYTES ? 'runs-well' : 'tight';
}

/** Returns the bytes of weights that a real-time model reads per second; null when speed does not matter. */
function weightsBytesPerSecond(variant: FitInput, stepsPerSecond: number | null): number | null {
  if (variant.bytesPerStep === null || stepsPerSecond === null) return null;
  return variant.bytesPerStep * stepsPerSecond;
}

/** Returns the verdict on speed alone: true or false, null when speed does not matter or the chip is unknown. */
export function keepsUp(
  variant: FitInput,
  stepsPerSecond: number | null,
  hardware: Hardware,
): boolean | null {
  const reads = weightsBytesPerSecond(variant, stepsPerSecond);
  if (reads === null || hardware.bandwidthGBps === null) return null;
  return reads <= BANDWIDTH_SHARE * hardware.bandwidthGBps * 1e9;
}

function subject(hardware: Hardware): string {
  if (hardware.assumed) return `a computer with ${formatMemory(hardware.memoryBytes)}`;
  const kind = isAppleSilicon(hardware) ? 'this Mac' : 'this computer';
  return `${kind} (${formatMemory(hardware.memoryBytes)})`;
}

function memoryReason(variant: FitInput, hardware: Hardware): string {
  const budget = formatBytes(hardware.budgetBytes);
  const sentence = `Needs ${formatBytes(variant.neededBytes)} of memory; ${subject(hardware)} has ${budget} for models.`;
  if (memoryFit(variant.neededBytes, hardware.budgetBytes) !== 'tight') return sentence;
  const left = formatBytes(hardware.budgetBytes - variant.neededBytes);
  return `${sentence} That leaves ${left} for everything else; ${formatBytes(COMFORT_BYTES)} would be comfortable.`;
}

/** 10^9 bytes per second, without a fraction. */
const gigabytesPerSecond = (value: number): string => `${Math.round(value)} GB/s`;

function speedReason(variant: FitInput, stepsPerSecond: number | null, hardware: Hardware): string | null {
  const reads = weightsBytesPerSecond(variant, stepsPerSecond);
  if (reads === null) return null;
  const needs = `To keep up it reads ${gigabytesPerSecond(reads / 1e9)} of weights`;
  if (hardware.bandwidthGBps === null)
    return `${needs}; the memory bandwidth of ${hardware.chip} isn’t known, so its speed wasn’t judged.`;
  const offers = `${gigabytesPerSecond(BANDWIDTH_SHARE * hardware.bandwidthGBps)} (70 % of the ${gigabytesPerSecond(hardware.bandwidthGBps)} of ${hardware.chip})`;
  const within = keepsUp(variant, stepsPerSecond, hardware);
  return within ? `${needs}, within ${offers}.` : `${needs}, more than ${offers}.`;
}

/** True for a chip that MLX runs on. */
export function isAppleSilicon({ chip }: Pick<Hardware, 'chip'>): boolean {
  return /^Apple\b/.test(chip);
}

function verdictOf(fit: Fit, runtime: CatalogModel['runtime'], hardware: Hardware): Verdict {
  if (runtime === 'mlx' && !isAppleSilicon(hardware)) return 'needs-apple-silicon';
  return fit === 'runs-well' && hardware.bandwidthGBps === null ? 'fits' : fit;
}

/**
 * Returns how well one variant suits a machine: memory first, then speed. A variant that fits but is read too slowly
 * may stutter; one that fits and keeps up runs well, or is tight.
 */
export function fitVariant(
  variant: FitInput,
  { stepsPerSecond, runtime }: Pick<CatalogModel, 'stepsPerSecond' | 'runtime'>,
  hardware: Hardware,
): VariantFit {
  const memory = memoryFit(variant.neededBytes, hardware.budgetBytes);
  const slow = keepsUp(variant, stepsPerSecond, hardware) === false;
  const fit = memory !== 'wont-fit' && slow ? 'may-stutter' : memory;
  const verdict = verdictOf(fit, runtime, hardware);
  const speed = speedReason(variant, stepsPerSecond, hardware);
  return {
    variant: variant.id,
    fit,
    verdict,
    neededBytes: variant.neededBytes,
    reasons: [
      ...(verdict === 'needs-apple-silicon' ? [`Runs with MLX, which ${hardware.chip} can’t run.`] : []),
      memoryReason(variant, hardware),
      ...(speed === null ? [] : [speed]),
    ],
  };
}
