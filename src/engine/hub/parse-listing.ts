import { AppError } from '../../shared/contract/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { notAHub, tooLong } from './hub-error.ts';
import { type ListingHead, type ListingKind, readListing } from './listing.ts';
import { failureOf } from './listing-failure.ts';
import type { ListingFailure, ListingTask } from './listing-protocol.ts';
import { parseInThread, type ThreadContext } from './parse-thread.ts';
import type { RemoteFile } from './remote-file.ts';

/**
 * A text up to this size is parsed inline: a page of 1000 files has 250 KB and takes a few milliseconds, the worst text
 * of this size 25; starting a thread would take longer, and memory.
 */
export const INLINE_BYTES = 320 * 1024;

/** A listing of the Hub with all its files. */
export interface Listing extends ListingHead {
  readonly files: RemoteFile[];
  /** Files whose size or hash is missing from the list. */
  readonly undescribed: string[];
}

/** Dependencies of {@link parseListing}. */
export interface ParseContext extends ThreadContext {
  /**
   * Wraps the parsing of a long text. The caller can record whose text it was, in case the process does not survive it.
   */
  readonly whileParsing?: <T>(parse: () => Promise<T>) => Promise<T>;
}

/**
 * Parses a listing sent by a server; a long one in a separate thread with a small heap, so that a text made to exhaust
 * a parser costs a thread and not the engine. `bytes` must not be used afterwards.
 *
 * Throws `BadRequest` for what no Hub sends, `ServerError` for a list that is too long or too much for the thread,
 * `PathUnsafe` for names that cannot be written, `Cancelled`.
 */
export async function parseListing(
  kind: ListingKind,
  bytes: Uint8Array<ArrayBuffer>,
  context: ParseContext,
): Promise<Listing> {
  if (bytes.length <= INLINE_BYTES) return inline(kind, bytes, context.endpoint);
  const parse = () => inThread({ kind, bytes }, context);
  return context.whileParsing ? context.whileParsing(parse) : parse();
}

function inline(kind: ListingKind, bytes: Uint8Array, endpoint: Endpoint): Listing {
  const files: RemoteFile[] = [];
  const undescribed: string[] = [];
  const reader = {
    onFile: (file: RemoteFile) => void files.push(file),
    onName: (path: string) => void undescribed.push(path),
  };
  try {
    return { ...readListing(kind, bytes, reader), files, undescribed };
  } catch (error) {
    throw asError(failureOf(error), endpoint);
  }
}

async function inThread(task: ListingTask, context: ParseContext): Promise<Listing> {
  const files: RemoteFile[] = [];
  const undescribed: string[] = [];
  const end = await parseInThread(task, context, (reply) => {
    if (!('files' in reply)) return;
    for (const file of reply.files) files.push(file);
    for (const path of reply.names) undescribed.push(path);
  });
  if ('failure' in end) throw asError(end.failure, context.endpoint);
  return { ...end.head, files, undescribed };
}

/** Returns the error for a failure of the reader. */
export function asError(failure: ListingFailure, endpoint: Endpoint): AppError {
  if (failure.problem === 'unsafe') {
    const { code, message, ...options } = failure.error;
    return new AppError(code, message, options);
  }
  return failure.problem === 'limit' ? tooLong(endpoint) : notAHub(endpoint, failure.problem);
}
