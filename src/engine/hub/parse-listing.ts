import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/contract/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { notAHub, tooLong } from './hub-error.ts';
import { type ListingHead, type ListingKind, readListing } from './listing.ts';
import { failureOf } from './listing-failure.ts';
import type { ListingFailure, ListingReply, ListingTask } from './listing-protocol.ts';
import type { RemoteFile } from './remote-file.ts';

/** A text up to this size is read at once, in a few milliseconds; starting a thread would take longer. */
const INLINE_BYTES = 128 * 1024;
/** The reader holds one entry at a time; the names of 250,000 files take the most. */
const WORKER_HEAP_MB = 160;
const WORKER_YOUNG_HEAP_MB = 8;
/** The longest text that is accepted takes two seconds on a slow machine. */
const PARSE_TIMEOUT_MS = 60_000;

/** A listing of the Hub with all its files. */
export interface Listing extends ListingHead {
  readonly files: RemoteFile[];
  /** Files of which the list says no size or no hash. */
  readonly undescribed: string[];
}

/** What {@link parseListing} needs beside the text. */
export interface ParseContext {
  readonly endpoint: Endpoint;
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
  readonly signal: AbortSignal;
  /**
   * Runs the reading of a long text. Who hands it in can note down whose text it was, in case the process does not survive
   * it.
   */
  readonly whileParsing?: <T>(parse: () => Promise<T>) => Promise<T>;
}

/**
 * Reads a listing that a server sent; a long one in a thread of its own with a small heap, so that a text made to exhaust a
 * parser costs a thread and not the engine. `bytes` must not be used afterwards.
 *
 * Throws `BadRequest` for what no Hub sends, `ServerError` for a list that is too long or too much for the thread, `PathUnsafe`
 * for names that cannot be written, `Cancelled`.
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

async function inThread(
  task: ListingTask,
  { endpoint, listingWorkerUrl, signal }: ParseContext,
): Promise<Listing> {
  signal.throwIfAborted();
  const worker = new Worker(listingWorkerUrl, {
    workerData: task,
    transferList: [task.bytes.buffer],
    resourceLimits: {
      maxOldGenerationSizeMb: WORKER_HEAP_MB,
      maxYoungGenerationSizeMb: WORKER_YOUNG_HEAP_MB,
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Listing>();
  const files: RemoteFile[] = [];
  const undescribed: string[] = [];
  worker.on('message', (reply: ListingReply) => {
    if ('files' in reply) {
      for (const file of reply.files) files.push(file);
      for (const path of reply.names) undescribed.push(path);
    } else if ('head' in reply) resolve({ ...reply.head, files, undescribed });
    else reject(asError(reply.failure, endpoint));
  });
  worker.on('error', (cause) => reject(unreadable(endpoint, cause)));
  worker.on('exit', () => reject(unreadable(endpoint, new Error('the thread ended'))));
  const timer = setTimeout(
    () => reject(unreadable(endpoint, new Error('it took too long'))),
    PARSE_TIMEOUT_MS,
  );
  const stop = () => reject(new AppError('Cancelled', 'It was stopped.'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function asError(failure: ListingFailure, endpoint: Endpoint): AppError {
  if (failure.problem === 'unsafe') {
    const { code, message, ...options } = failure.error;
    return new AppError(code, message, options);
  }
  return failure.problem === 'limit' ? tooLong(endpoint) : notAHub(endpoint, failure.problem);
}

function unreadable({ host }: Endpoint, cause: unknown): AppError {
  return new AppError(
    'ServerError',
    `The list of files that ${host} sent could not be read. Nothing was downloaded; other downloads are not affected.`,
    { retryable: false, details: { host }, cause },
  );
}
