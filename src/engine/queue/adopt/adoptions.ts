import { AppError } from '../../../shared/contract/errors.ts';
import type { DownloadContext } from '../../contents/context.ts';
import type { Download } from '../download.ts';
import { adoptPartial, fileForPartial } from './adopt-partial.ts';

/** What was adopted from another tool's partial. */
export interface Adopted {
  /** Path in the repository. */
  readonly file: string;
  readonly adoptedBytes: number;
}

/** A running adoption. */
interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}

/** The partials that are being adopted at the user's request. A download does not run while it adopts one. */
export class Adoptions {
  readonly #context: DownloadContext;
  readonly #running = new Map<string, Running>();

  constructor(context: DownloadContext) {
    this.#context = context;
  }

  /** True while this download must not run. */
  holds(id: string): boolean {
    return this.#running.has(id);
  }

  /** `standStill` stops the download's current work. Throws `BadRequest` for a partial that cannot be used. */
  async adopt(
    download: Download,
    partial: string,
    named: string | undefined,
    standStill: () => Promise<void>,
  ): Promise<Adopted> {
    const { id } = download;
    const file = await fileForPartial(download, partial, named);
    if (this.holds(id)) {
      throw new AppError('BadRequest', 'Another unfinished file is being imported. Wait until that is done.');
    }
    const abort = new AbortController();
    const adopt = async () => {
      await standStill();
      return adoptPartial(download, file, partial, this.#context, abort.signal);
    };
    const ended = adopt();
    this.#running.set(id, { abort, ended });
    try {
      return { file: file.row.path, adoptedBytes: await ended };
    } finally {
      this.#running.delete(id);
    }
  }

  /** Aborts what is being copied into this download; resolves once nothing is copied any more. */
  async end(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.abort.abort(new AppError('Cancelled', 'Stopped. What was copied is saved.'));
    await Promise.allSettled([running?.ended]);
  }

  /** Does the same as {@link end}, for all downloads. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.end(id)));
  }
}
