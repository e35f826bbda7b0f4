import type { ErrorData } from '../../shared/contract/errors.ts';
import type { ListingHead, ListingKind } from './listing.ts';
import type { ListedModel } from './models-listing.ts';
import type { RemoteFile } from './remote-file.ts';

/** Input of the thread. The bytes are transferred, not copied. */
export interface ListingTask {
  readonly kind: ListingKind | 'models';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Why a listing cannot be used; `unsafe` carries the error about a name. */
export type ListingFailure =
  | { readonly problem: 'json' | 'shape' | 'limit' }
  | { readonly problem: 'unsafe'; readonly error: ErrorData };

/** How the reading ended; a page of models has no head. */
export type ListingEnd = { readonly head: ListingHead } | { readonly failure: ListingFailure };

/**
 * Messages from the thread: entries in parts, so that receiving them never blocks the engine, and then how it ended.
 */
export type ListingReply =
  | { readonly files: readonly RemoteFile[]; readonly names: readonly string[] }
  | { readonly models: readonly ListedModel[] }
  | ListingEnd;
