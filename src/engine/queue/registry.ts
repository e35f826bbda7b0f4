import { randomBytes } from 'node:crypto';
import type { AddDownload } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { localCacheDir } from '../cache/local-folder.ts';
import type { DownloadContext } from '../contents/context.ts';
import type { DownloadRow } from '../ledger/downloads.ts';
import type { Download } from './download.ts';
import { type DownloadTarget, namesSameFiles } from './download-target.ts';
import { loadDownload } from './load-download.ts';
import type { QueueOptions } from './queue-options.ts';

/**
 * All downloads, in memory and in the ledger, in queue order. Does not run them. A download that is being canceled is
 * closing: lookups no longer find it, so a download of the same files added in the meantime is a new one and does not
 * end with it.
 */
export class DownloadRegistry {
  readonly #context: DownloadContext;
  readonly #options: Pick<QueueOptions, 'endpoint' | 'cacheDir' | 'findVariant'>;
  readonly #downloads = new Map<string, Download>();
  readonly #closing = new Set<string>();

  constructor(
    context: DownloadContext,
    options: Pick<QueueOptions, 'endpoint' | 'cacheDir' | 'findVariant'>,
  ) {
    this.#context = context;
    this.#options = options;
    for (const row of context.ledger.downloads.list()) this.#load(row);
  }

  /** All downloads except those that are closing, in queue order. */
  all(): Download[] {
    return [...this.#downloads.values()]
      .filter(({ id }) => !this.#closing.has(id))
      .sort((a, b) => a.row.position - b.row.position);
  }

  has(id: string): boolean {
    return this.#downloads.has(id) && !this.#closing.has(id);
  }

  /** Throws `NotFound` for an unknown id. */
  get(id: string): Download {
    const download = this.#downloads.get(id);
    if (download && !this.#closing.has(id)) return download;
    throw new AppError('NotFound', `There is no download ${id}.`, { details: { remedy: 'see-downloads' } });
  }

  /** Hides a download from lookups. {@link forget} follows, or {@link reopen} if that was not possible. */
  close(id: string): void {
    this.get(id);
    this.#closing.add(id);
    this.#context.emit({ event: 'listed', download: id });
  }

  /** Makes a closing download visible again. */
  reopen(id: string): void {
    if (this.#closing.delete(id)) this.#context.emit({ event: 'listed', download: id });
  }

  /** Finds the download of the same files into the same cache. */
  findSame(target: DownloadTarget, wish: AddDownload): Download | undefined {
    const { findVariant } = this.#options;
    const cacheDir = this.#placeOf(wish);
    const asked = { ...target, wish, variant: findVariant(target.model, target.variant) };
    return this.all().find(({ row }) => {
      const variant = findVariant(row.model, row.variant);
      return row.cacheDir === cacheDir && namesSameFiles({ ...row, wish: row.options, variant }, asked);
    });
  }

  /** Returns the current cache, or the local folder's. */
  #placeOf({ localDir }: AddDownload): string {
    return localDir === undefined ? this.#options.cacheDir : localCacheDir(localDir);
  }

  /** Stores a new download at the end of the queue. Returns its id. */
  insert(target: DownloadTarget, wish: AddDownload): string {
    const { ledger, clock, emit } = this.#context;
    const id = randomBytes(5).toString('hex');
    const { endpoint } = this.#options;
    const cacheDir = this.#placeOf(wish);
    ledger.downloads.add({ ...target, id, endpoint, cacheDir, options: wish, createdAt: clock.now() });
    const row = ledger.downloads.get(id);
    if (!row) throw new AppError('Internal', 'Haulyard’s download record didn’t keep the new download.');
    this.#load(row);
    emit({ event: 'listed', download: id });
    return id;
  }

  /** Moves a download to another position in the queue. Throws `NotFound` for an unknown id. */
  move(id: string, position: number): void {
    this.get(id);
    const { ledger, emit } = this.#context;
    ledger.transaction(() => ledger.downloads.move(id, position));
    for (const row of ledger.downloads.list()) {
      this.#downloads.get(row.id)?.moveTo(row.position);
    }
    emit({ event: 'listed', download: id });
  }

  /** Deletes a download with its ledger records. Its files are left alone. */
  forget(id: string): void {
    const { ledger, emit } = this.#context;
    ledger.transaction(() => {
      ledger.downloads.remove(id);
      ledger.events.clear(id);
    });
    this.#downloads.delete(id);
    // The removal of a closing download was already reported.
    if (!this.#closing.delete(id)) emit({ event: 'listed', download: id });
  }

  #load(row: DownloadRow): void {
    const { ledger, clock } = this.#context;
    this.#downloads.set(row.id, loadDownload(row, ledger, clock.monotonic));
  }
}
