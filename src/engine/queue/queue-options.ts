import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { DownloadContext } from '../contents/context.ts';

/** What the queue of downloads needs. */
export interface QueueOptions {
  readonly context: DownloadContext;
  /** Endpoint and cache for new downloads. */
  readonly endpoint: string;
  readonly cacheDir: string;
  /** True to keep a wish that named nothing as failed, to be seen in a list; else it is told once and forgotten. */
  readonly keepsFailures: boolean;
  /** The ways to the Hub with a token of its own. */
  readonly accessWith: (token: string) => Pick<DownloadContext, 'hub' | 'xetClient'>;
  /** Finds the catalog's variant of a stored download. */
  readonly findVariant: (model: string | null, variant: string | null) => CatalogVariant | null;
}
