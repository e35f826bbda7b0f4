import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { DownloadContext } from '../contents/context.ts';

/** Options of the download queue. */
export interface QueueOptions {
  readonly context: DownloadContext;
  /** Endpoint and cache for new downloads. */
  readonly endpoint: string;
  readonly cacheDir: string;
  /**
   * True to keep a request that matched nothing as a failed download in the list; otherwise it is reported once and
   * dropped.
   */
  readonly keepsFailures: boolean;
  /** Access to the Hub with a separate token. */
  readonly accessWith: (token: string) => Pick<DownloadContext, 'hub' | 'xetClient'>;
  /** Finds the catalog's variant of a stored download. */
  readonly findVariant: (model: string | null, variant: string | null) => CatalogVariant | null;
}
