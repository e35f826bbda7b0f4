import { formatBytes } from '../format/bytes.ts';
import type { FileChoice, JudgedSet } from '../model/file-choice.ts';
import { quantizationOf } from './quantizations.ts';
import type { SizedFile, SortedFiles } from './weight-sets.ts';

/** Below this a rounding costs more quality than its size is worth; above it more bits are hardly noticed. */
const GOOD_QUALITY = 85;
/** Faster than anybody reads; beyond it a larger file costs no comfort. */
const COMFORTABLE_TOKENS_PER_SECOND = 15;
/** The weights as trained are for making other versions from. */
const AS_TRAINED = 100;

/** The part of a choice that follows from the sets. */
export type Proposal = Pick<
  FileChoice,
  'sets' | 'proposed' | 'why' | 'leftOut' | 'companions' | 'companionBytes'
>;

/**
 * Chooses the set that suits this computer, with the reason and what is left out. Everything else can still be taken.
 */
export function propose(sets: readonly JudgedSet[], { companions, spare }: SortedFiles): Proposal {
  const best = chosen(sets);
  return {
    sets,
    proposed: best?.id ?? null,
    why: best === null ? 'This repository has no weights.' : whyOf(best, sets),
    leftOut: leftOut(best, sets, spare),
    companions: companions.map(({ path }) => path),
    companionBytes: companions.reduce((sum, { size }) => sum + size, 0),
  };
}

function chosen(sets: readonly JudgedSet[]): JudgedSet | null {
  const candidates = sets.filter((set) => !isSpecial(set));
  const [first] = candidates.length > 0 ? candidates : sets;
  if (first === undefined) return null;
  const [format] = sets.map((set) => set.format).toSorted((a, b) => formatRank(a) - formatRank(b));
  const alike = candidates.filter((set) => set.format === format);
  const rounded = alike.filter(({ quality }) => (quality ?? 0) < AS_TRAINED);
  return (format === 'gguf' ? bestRounded(rounded) : lightestTwin(alike)) ?? alike[0] ?? first;
}

/**
 * Returns the best of those that run well and fast, of good quality; else the best that fits; else the smallest good
 * one.
 */
function bestRounded(sets: readonly JudgedSet[]): JudgedSet | null {
  const good = sets.filter(({ quality }) => (quality ?? 0) >= GOOD_QUALITY);
  const runs = (set: JudgedSet) =>
    set.suitability.verdict === 'runs-well' || set.suitability.verdict === 'fits';
  const isFast = (set: JudgedSet) =>
    (set.suitability.mostTokensPerSecond ?? Number.POSITIVE_INFINITY) >= COMFORTABLE_TOKENS_PER_SECOND;
  const fits = (set: JudgedSet) => set.suitability.verdict !== 'wont-fit';
  const smallest = (list: readonly JudgedSet[]) => list.toSorted((a, b) => a.bytes - b.bytes)[0];
  return (
    good.find((set) => runs(set) && isFast(set)) ??
    smallest(good.filter(runs)) ??
    smallest(good.filter(fits)) ??
    sets.find(fits) ??
    smallest(good) ??
    smallest(sets) ??
    null
  );
}

/** Twins hold the same weights: returns the half-size one if there is one, else the plain one. */
function lightestTwin(sets: readonly JudgedSet[]): JudgedSet | null {
  const twins = sets.filter(({ code }) => code === null || code === 'fp16' || code === 'bf16');
  const plain = twins.find(({ code }) => code === null);
  const half = twins.find(
    ({ code, bytes }) => code !== null && plain !== undefined && bytes < plain.bytes * 0.7,
  );
  return half ?? plain ?? twins[0] ?? null;
}

const FORMAT_ORDER = ['mlx', 'safetensors', 'gguf', 'pytorch', 'onnx', 'other'];

function formatRank(format: string): number {
  return FORMAT_ORDER.indexOf(format);
}

function isSpecial({ format, code }: JudgedSet): boolean {
  return format === 'gguf' && code !== null && (quantizationOf(code)?.isSpecial ?? false);
}

function whyOf(best: JudgedSet, sets: readonly JudgedSet[]): string {
  if (sets.length === 1) return 'There is one set of weights.';
  const { verdict } = best.suitability;
  if (best.format !== 'gguf') {
    return best.code === null
      ? `${best.title} is what most programs load.`
      : `The same weights as the full-size files, in ${formatBytes(best.bytes)}.`;
  }
  if (verdict === 'wont-fit')
    return 'None of them fits this computer. This is the smallest one that answers well.';
  if (verdict === 'runs-well' || verdict === 'fits')
    return 'The best of those that run comfortably on this computer.';
  return (best.quality ?? 0) >= GOOD_QUALITY
    ? 'The smallest choice of good quality. It will be tight on this computer.'
    : 'Nothing larger fits this computer. A smaller model would answer better.';
}

function leftOut(best: JudgedSet | null, sets: readonly JudgedSet[], spare: readonly SizedFile[]): string {
  const others = sets.filter((set) => set !== best);
  const bytes = [...others, ...spare.map(({ size }) => ({ bytes: size }))].reduce(
    (sum, set) => sum + set.bytes,
    0,
  );
  if (bytes === 0) return '';
  const count = others.length;
  const what =
    count === 0 ? 'files for training' : count === 1 ? '1 other version' : `${count} other versions`;
  return `Leaves out ${what} of the same model: ${formatBytes(bytes)}.`;
}
