import { type Catalog, type CatalogModel, PRECISIONS } from '../../shared/model/catalog.ts';
import type { Hardware, HardwareReport, ModelFit, VariantFit } from '../../shared/model/hardware.ts';
import { type FitInput, fitVariant } from './fit-variant.ts';

/** The fields of a model that decide how well it runs. */
export type ModelFitInput = Pick<CatalogModel, 'id' | 'stepsPerSecond'> &
  Partial<Pick<CatalogModel, 'runtime'>> & {
    readonly variants: readonly FitInput[];
  };

/** Precisions from best to smallest, under the names used in verdicts. */
const BEST_FIRST: readonly string[] = PRECISIONS;

const rank = ({ variant }: VariantFit): number => BEST_FIRST.indexOf(variant);

/**
 * Returns the best precision that runs well, else the best that is tight. When none does, returns the one that needs
 * least: it stutters least, and comes nearest to fitting.
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

/** Returns how well each variant of a model suits a machine, and which one to take. */
export function fitModel(model: ModelFitInput, hardware: Hardware): ModelFit {
  const variants = model.variants.map((variant) => fitVariant(variant, model, hardware));
  return { model: model.id, recommended: recommend(variants), variants };
}

/** Returns the machine and the verdict on every model of a catalog: the result of the `hardware` command. */
export function hardwareReport(catalog: Catalog, hardware: Hardware): HardwareReport {
  return { ...hardware, models: catalog.models.map((model) => fitModel(model, hardware)) };
}
