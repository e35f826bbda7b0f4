import type { Catalog } from '../../../shared/model/catalog.ts';
import type { DownloadState, DownloadView } from '../../../shared/model/download.ts';
import type { Library, LibraryModel, LibraryPartial, VerifyReport } from '../../../shared/model/library.ts';
import { words } from './words.ts';

/** Bytes on disk: all models and all partials. */
export function usedBytes({ models, partials }: Library): number {
  return [...models, ...partials].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Returns the variants that can be built from this one on this computer: Q8 and Q4 from BF16. */
export function madeFrom({ model, variant }: LibraryModel, catalog: Catalog | null): readonly string[] {
  const known = catalog?.models.find(({ id }) => id === model);
  const fromIt = known?.variants.filter(({ id, makeable }) => makeable?.from === variant && id !== variant);
  return (fromIt ?? []).map(({ id }) => id.toUpperCase());
}

/** Whether a model can be trusted, as a word, a tone and a time. */
export interface Soundness {
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'accent' | 'quiet';
  readonly when: string;
}

/** Inputs of {@link soundnessOf} besides the model. */
export interface SoundnessFacts {
  /** Result of a check on this page. */
  readonly report: VerifyReport | undefined;
  /** State of the download of the missing files; null when there is none. */
  readonly coming: DownloadState | null;
  readonly formatTime: (iso: string) => string;
}

export function soundnessOf(model: LibraryModel, facts: SoundnessFacts): Soundness {
  const { report, coming, formatTime } = facts;
  const { verifiedAt, verifiedOk, complete } = model;
  const time = verifiedAt === null ? null : formatTime(verifiedAt);
  if (verifiedOk === false || report?.ok === false) {
    return { word: words.damaged, tone: 'bad', when: time === null ? '' : words.damagedAt(time) };
  }
  if (coming !== null) return { ...comingWord(coming), when: '' };
  // Missing files were not checked, whatever the result for the rest.
  if (!complete) return { word: words.incomplete, tone: 'warn', when: '' };
  const when = time === null ? words.neverVerified : words.verifiedAt(time);
  return time === null
    ? { word: words.unverified, tone: 'quiet', when }
    : { word: words.intact, tone: 'good', when };
}

function comingWord(state: DownloadState): Pick<Soundness, 'word' | 'tone'> {
  switch (state) {
    case 'paused':
      return { word: words.paused, tone: 'quiet' };
    case 'failed':
      return { word: words.stopped, tone: 'warn' };
    case 'waiting':
    case 'queued':
      return { word: words.waiting, tone: 'quiet' };
    default:
      return { word: words.downloading, tone: 'accent' };
  }
}

/** Returns what happens with the missing files. */
export function missingText(coming: DownloadState | null): string {
  if (coming === null) return words.incompleteText;
  if (coming === 'paused') return words.pausedText;
  return coming === 'failed' ? words.stoppedText : words.downloadingText;
}

/** The same for unfinished files without a model. */
export function unfinishedSoundness(coming: DownloadState | null): Soundness {
  if (coming !== null) return { ...comingWord(coming), when: '' };
  return { word: words.unfinished, tone: 'warn', when: '' };
}

/** Returns the unfinished download of this snapshot, or of a repository's missing files; null when there is none. */
export function comingBy(
  { repo, model }: { readonly repo: string; readonly model: Pick<LibraryModel, 'commit'> | null },
  downloads: readonly DownloadView[],
): DownloadView | null {
  const found = downloads.find(
    (view) =>
      view.state !== 'ready' &&
      view.repo === repo &&
      (model === null || view.commit === null || view.commit === model.commit),
  );
  return found ?? null;
}

/** Returns what a report found wrong, one line per file. */
export function damageLines(report: VerifyReport): readonly string[] {
  return report.files
    .filter(({ ok }) => !ok)
    .map(({ path, badChunks, actual }) => words.badFile(path, badChunks.length, actual === 'missing'));
}

/** Returns whose partial it is. Ours are recognizable by name (docs/architecture.md, disk). */
export function partialOwner({ download, path }: LibraryPartial): string {
  if (download !== null) return words.ownerDownload;
  return path.endsWith('.haulyard.incomplete') ? words.ownerOurs : words.ownerOther;
}
