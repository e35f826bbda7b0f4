import { downloadName } from '../../../shared/format/download-name.ts';
import type { Catalog } from '../../../shared/model/catalog.ts';
import type { Library, LibraryModel, LibraryPartial, VerifyReport } from '../../../shared/model/library.ts';
import { words } from './words.ts';

/** A model of the library with its name. */
export interface NamedModel {
  readonly name: string;
  readonly model: LibraryModel;
}

/** All models by name, those that the catalog knows first; with `search`, those that have it in a name. */
export function libraryRows(
  library: Library,
  catalog: Catalog | null,
  search: string,
): readonly NamedModel[] {
  const wanted = search.trim().toLocaleLowerCase();
  return library.models
    .map((model) => ({ name: downloadName(model, catalog), model }))
    .filter(({ name, model }) => `${name}\n${model.repo}`.toLocaleLowerCase().includes(wanted))
    .sort(byName);
}

function byName(a: NamedModel, b: NamedModel): number {
  const known = Number(b.model.model !== null) - Number(a.model.model !== null);
  return known || a.name.localeCompare(b.name) || a.model.commit.localeCompare(b.model.commit);
}

/** Bytes on disk: all models and all partials. */
export function usedBytes({ models, partials }: Library): number {
  return [...models, ...partials].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Variants that runtimes make from this one while loading: Q8 and Q4 from BF16. */
export function madeFrom({ model, variant }: LibraryModel, catalog: Catalog | null): readonly string[] {
  const known = catalog?.models.find(({ id }) => id === model);
  if (!known?.quantizesAtLoad || variant !== 'bf16') return [];
  return known.variants.filter(({ id }) => id !== variant).map(({ id }) => id.toUpperCase());
}

/** Whether a model can be relied on, in a word, a tone and a time. */
export interface Soundness {
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'quiet';
  readonly when: string;
}

export function soundnessOf(
  model: LibraryModel,
  report: VerifyReport | undefined,
  formatTime: (iso: string) => string,
): Soundness {
  const { verifiedAt, verifiedOk, complete } = model;
  const time = verifiedAt === null ? null : formatTime(verifiedAt);
  if (verifiedOk === false || report?.ok === false) {
    return { word: words.damaged, tone: 'bad', when: time === null ? '' : words.damagedAt(time) };
  }
  const when = time === null ? words.neverVerified : words.verifiedAt(time);
  if (!complete) return { word: words.incomplete, tone: 'warn', when };
  return time === null
    ? { word: words.unverified, tone: 'quiet', when }
    : { word: words.intact, tone: 'good', when };
}

/** What a report found wrong, one line a file. */
export function damageLines(report: VerifyReport): readonly string[] {
  return report.files
    .filter(({ ok }) => !ok)
    .map(({ path, badChunks, actual }) => words.badFile(path, badChunks.length, actual === 'missing'));
}

/** Whose a partial is. Ours are named so (docs/architecture.md, disk). */
export function partialOwner({ download, path }: LibraryPartial): string {
  if (download !== null) return words.ownerDownload;
  return path.endsWith('.haulyard.incomplete') ? words.ownerOurs : words.ownerOther;
}
