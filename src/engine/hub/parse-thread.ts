import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/contract/errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { ListingEnd, ListingReply, ListingTask } from './listing-protocol.ts';

/** The reader holds one entry at a time; most memory goes to the names of 250,000 files. */
const WORKER_HEAP_MB = 160;
const WORKER_YOUNG_HEAP_MB = 8;
/** The longest accepted text takes two seconds on a slow computer. */
const PARSE_TIMEOUT_MS = 60_000;

/** Dependencies of {@link parseInThread}. */
export interface ThreadContext {
  readonly endpoint: Endpoint;
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
  readonly signal: AbortSignal;
}

/**
 * Parses a long text from a server in a separate thread with a small heap. Parts are passed to `onPart` as they arrive;
 * resolves with how it ended. The task's bytes must not be used afterwards. Throws `ServerError` when the text was too
 * much for the thread, and `Cancelled`.
 */
export async function parseInThread(
  task: ListingTask,
  { endpoint, listingWorkerUrl, signal }: ThreadContext,
  onPart: (reply: Exclude<ListingReply, ListingEnd>) => void,
): Promise<ListingEnd> {
  signal.throwIfAborted();
  const worker = new Worker(listingWorkerUrl, {
    workerData: task,
    transferList: [task.bytes.buffer],
    resourceLimits: {
      maxOldGenerationSizeMb: WORKER_HEAP_MB,
      maxYoungGenerationSizeMb: WORKER_YOUNG_HEAP_MB,
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ListingEnd>();
  worker.on('message', (reply: ListingReply) => {
    if ('head' in reply || 'failure' in reply) resolve(reply);
    else onPart(reply);
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

function unreadable({ host }: Endpoint, cause: unknown): AppError {
  return new AppError(
    'ServerError',
    `The list that ${host} sent can’t be read. Nothing was downloaded. Other downloads aren’t affected.`,
    { retryable: false, details: { host }, cause },
  );
}
