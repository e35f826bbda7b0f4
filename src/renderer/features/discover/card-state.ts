import type { BuildView } from '../../../shared/model/build.ts';
import type { CatalogModel, CatalogVariant, Precision } from '../../../shared/model/catalog.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { HardwareReport, ModelFit } from '../../../shared/model/hardware.ts';
import type { VariantPresence } from '../../../shared/model/library.ts';
import type { DownloadsState } from '../../../shared/projection/downloads-state.ts';

/** What can be done with one variant of a model. */
export type CardState =
  /** It can be downloaded; `presentBytes` of it are on disk. */
  | { readonly kind: 'offer'; readonly presentBytes: number; readonly totalBytes: number }
  /** A download of it is running, paused or stopped. */
  | { readonly kind: 'coming'; readonly download: DownloadView }
  | { readonly kind: 'here' }
  /** It can be built from another variant on disk; it can be downloaded all the same. */
  | {
      readonly kind: 'make';
      readonly from: Precision;
      readonly outputBytes: number;
      readonly presentBytes: number;
      readonly totalBytes: number;
    }
  /** It is being built. */
  | { readonly kind: 'making'; readonly build: BuildView };

export function cardState(
  variant: CatalogVariant,
  presence: VariantPresence | undefined,
  download: DownloadView | undefined,
  isPresenceOld = false,
  build?: BuildView,
): CardState {
  if (download && download.state !== 'ready') return { kind: 'coming', download };
  // It has just finished; the cache was not read again yet.
  if (download && isPresenceOld) return { kind: 'here' };
  if (presence?.installed || presence?.made) return { kind: 'here' };
  if (build && build.state !== 'ready') return { kind: 'making', build };
  if (build && isPresenceOld) return { kind: 'here' };
  const totalBytes = presence && presence.totalBytes > 0 ? presence.totalBytes : variant.bytes;
  const presentBytes = presence?.presentBytes ?? 0;
  if (presence?.makeable?.sourceInstalled) {
    const { from, outputBytes } = presence.makeable;
    return { kind: 'make', from, outputBytes, presentBytes, totalBytes };
  }
  return { kind: 'offer', presentBytes, totalBytes };
}

/** The verdicts on a model; undefined until the machine is known. */
export function fitOf(hardware: HardwareReport | null, model: CatalogModel): ModelFit | undefined {
  return hardware?.models.find((each) => each.model === model.id);
}

/** State of a variant, besides what can be done with it. */
export type VariantMark = 'coming' | 'making' | 'here' | 'makeable' | null;

/** Returns the download of a variant, from the catalog or of its whole repository. */
export function downloadOf(
  model: CatalogModel,
  variant: CatalogVariant,
  downloads: readonly DownloadView[],
): DownloadView | undefined {
  const named = downloads.find((view) => view.model === model.id && view.variant === variant.id);
  return named ?? downloads.find((view) => view.model === null && view.repo === variant.repo);
}

/**
 * Returns which variants are being downloaded, installed, or can be built from what is on disk, in the order of the
 * model's variants.
 */
export function marksOf(
  model: CatalogModel,
  { downloads, builds }: Pick<DownloadsState, 'downloads' | 'builds'>,
  presence: readonly VariantPresence[],
): readonly VariantMark[] {
  return model.variants.map((variant) => {
    const download = downloadOf(model, variant, downloads);
    if (download && download.state !== 'ready') return 'coming';
    const isThis = (each: { readonly model: string | null; readonly variant: string }) =>
      each.model === model.id && each.variant === variant.id;
    const there = presence.find(isThis);
    if (there?.installed || there?.made) return 'here';
    if (builds.some((build) => isThis(build) && build.state !== 'ready')) return 'making';
    return there?.makeable?.sourceInstalled ? 'makeable' : null;
  });
}

/**
 * Returns the variant that a card shows: the one clicked since the page was opened, else the one being downloaded;
 * among installed ones the one chosen last time, or suited to the computer; what suits the computer and can be built
 * from what is on disk; another installed one; the one chosen last time, what suits the computer, the first.
 */
export function shownVariant(
  model: CatalogModel,
  fit: ModelFit | undefined,
  { clicked, chosen, marks }: ShownBy,
): CatalogVariant | undefined {
  const byId = (id: string | null | undefined) => model.variants.find((variant) => variant.id === id);
  const marked = (mark: VariantMark) => model.variants[marks.indexOf(mark)];
  const markedAs = (mark: VariantMark, id: string | null | undefined) =>
    model.variants.find((variant, index) => variant.id === id && marks[index] === mark);
  return (
    byId(clicked) ??
    marked('coming') ??
    marked('making') ??
    markedAs('here', chosen) ??
    markedAs('here', fit?.recommended) ??
    markedAs('makeable', fit?.recommended) ??
    marked('here') ??
    byId(chosen) ??
    byId(fit?.recommended) ??
    model.variants[0]
  );
}

/** Inputs of {@link shownVariant}. */
export interface ShownBy {
  readonly clicked: string | null;
  readonly chosen: string | null;
  readonly marks: readonly VariantMark[];
}
