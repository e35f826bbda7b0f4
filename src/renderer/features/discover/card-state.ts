import type { CatalogModel, CatalogVariant } from '../../../shared/model/catalog.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { HardwareReport, ModelFit } from '../../../shared/model/hardware.ts';
import type { VariantPresence } from '../../../shared/model/library.ts';

/** What can be done about one variant of a model. */
export type CardState =
  /** It can be downloaded; `presentBytes` of it are here. */
  | { readonly kind: 'offer'; readonly presentBytes: number; readonly totalBytes: number }
  /** A download of it is under way, paused or stopped. */
  | { readonly kind: 'coming'; readonly download: DownloadView }
  | { readonly kind: 'here' }
  /** Another variant that is here serves for it; it can be downloaded all the same. */
  | { readonly kind: 'through'; readonly variant: string; readonly totalBytes: number };

export function cardState(
  variant: CatalogVariant,
  presence: VariantPresence | undefined,
  download: DownloadView | undefined,
  isPresenceOld = false,
): CardState {
  if (download && download.state !== 'ready') return { kind: 'coming', download };
  // It has just come; the cache was not looked at again yet.
  if (download && isPresenceOld) return { kind: 'here' };
  if (presence?.installed) return { kind: 'here' };
  const totalBytes = presence && presence.totalBytes > 0 ? presence.totalBytes : variant.bytes;
  if (presence?.readyThrough) return { kind: 'through', variant: presence.readyThrough, totalBytes };
  return { kind: 'offer', presentBytes: presence?.presentBytes ?? 0, totalBytes };
}

/** The verdicts on a model; undefined until the machine is known. */
export function fitOf(hardware: HardwareReport | null, model: CatalogModel): ModelFit | undefined {
  return hardware?.models.find((each) => each.model === model.id);
}

/** The variant that a card shows: what the user chose, else what suits the machine, else the first. */
export function shownVariant(
  model: CatalogModel,
  fit: ModelFit | undefined,
  chosen: string | null,
): CatalogVariant | undefined {
  const byId = (id: string | null | undefined) => model.variants.find((variant) => variant.id === id);
  return byId(chosen) ?? byId(fit?.recommended) ?? model.variants[0];
}
