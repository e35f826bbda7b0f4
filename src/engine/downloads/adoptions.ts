import { AppError } from '../../shared/contract/errors.ts';
import { adoptPartial, fileForPartial } from './adopt-partial.ts';
import type { DownloadContext } from './context.ts';
import type { Download } from './download.ts';

/** What was taken over from another tool's partial. */
export interface Adopted {
  /** Path in the repository. */
  readonly file: string;
  readonly adoptedBytes: number;
}

/** Partials that are being taken over at the wish of the user. A download stands still while it gets one. */
export class Adoptions {
  readonly #context: DownloadContext;
  readonly #held = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(context: DownloadContext) {
    this.#context = context;
  }

  /** True while this download must not run. */
  holds(id: string): boolean {
    return this.#held.has(id);
  }

  /** `standStill` ends what the download is doing. Throws `BadRequest` for a partial that is of no use. */
  async adopt(
    download: Download,
    partial: string,
    named: string | undefined,
    standStill: () => Promise<void>,
  ): Promise<Adopted> {
    const adoption = this.#adopt(download, partial, named, standStill);
    this.#running.add(adoption);
    try {
      return await adoption;
    } finally {
      this.#running.delete(adoption);
    }
  }

  /** Breaks off what is being copied; resolves when nothing is any more. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError('Cancelled', 'The engine is stopping.'));
    await Promise.allSettled(this.#running);
  }

  async #adopt(
    download: Download,
    partial: string,
    named: string | undefined,
    standStill: () => Promise<void>,
  ): Promise<Adopted> {
    const file = await fileForPartial(download, partial, named);
    if (this.holds(download.id)) {
      throw new AppError('BadRequest', 'Another partial file is being taken over. Wait until that is done.');
    }
    this.#held.add(download.id);
    try {
      await standStill();
      const adoptedBytes = await adoptPartial(download, file, partial, this.#context, this.#closing.signal);
      return { file: file.row.path, adoptedBytes };
    } finally {
      this.#held.delete(download.id);
    }
  }
}
