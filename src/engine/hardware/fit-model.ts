import { type Catalog, type CatalogModel, PRECISIONS } from '../../shared/model/catalog.ts';
import type { Hardware, HardwareReport, ModelFit, VariantFit } from '../../shared/model/hardware.ts';
import { type FitInput, fitVariant, keepsUp } from './fit-variant.ts';

/** What of a model decides how well it runs. */
export type ModelFitInput = Pick<CatalogModel, 'id' | 'stepsPerSecond'> & {
  readonly variants: readonly FitInput[];
};

/** True when the chip is too slow for every variant: more memory would not help on it. */
function chipIsTooSlow(model: ModelFitInput, hardware: Hardware): boolean {
  return model.variants.every((variant) => keepsUp(variant, model.stepsPerSecond, hardware) === false);
}

/** Precisions from best to smallest, as the names that verdicts carry. */
const BEST_FIRST: readonly string[] = PRECISIONS;

const rank = ({ variant }: VariantFit): number => BEST_FIRST.indexOf(variant);

/**
 * The best precision that runs well, else the best that is tight. Where nothing does, the one that needs least:
 * it stutters least, and comes nearest to fitting.
 */
function recommend(fits: readonly VariantFit[]): string {
  const best = fits.toSorted((a, b) => rank(a) - rank(b));
  const lightest = fits.toSorted((a, b) => a.neededBytes - b.neededBytes);
  const pick =
    best.find(({ fit }) => fit === 'runs-well') ??
    best.find(({ fit }) => fit === 'tight') ??
    lightest.find(({ fit }) => fit === 'may-stutter') ??
    lightest[0];
  return pick?.variant ?? '';
}

/**
 * How well each variant of a model suits a machine, and which one to take. On a chip that is too slow even for the
 * smallest variant that is the verdict on all of them; the reasons still tell what memory each would need.
 */
export function fitModel(model: ModelFitInput, hardware: Hardware): ModelFit {
  const slow = chipIsTooSlow(model, hardware);
  const variants = model.variants.map((variant): VariantFit => {
    const verdict = fitVariant(variant, model.stepsPerSecond, hardware);
    return slow ? { ...verdict, fit: 'may-stutter' } : verdict;
  });
  return { model: model.id, recommended: recommend(variants), variants };
}

/** The machine and the verdict on every model of a catalog: the answer of the `hardware` command. */
export function hardwareReport(catalog: Catalog, hardware: Hardware): HardwareReport {
  return { ...hardware, models: catalog.models.map((model) => fitModel(model, hardware)) };
}
