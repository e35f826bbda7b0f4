import { Worker } from 'node:worker_threads';
import { AppError } from '../../shared/contract/errors.ts';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { classify } from '../errors/classify.ts';
import type { RecordBatch } from '../sources/xet/format/decode-records.ts';
import { unusableAnswer, XetFormatError } from '../sources/xet/format/format-error.ts';
import {
  type CopyChoice,
  type DigestAlgorithm,
  type FilePart,
  type HashAnswers,
  type HashReply,
  type HashRequest,
  MALFORMED,
} from './hash-protocol.ts';
import type { Cutting, Pieces } from './pieces.ts';

/** A worker needs far less memory than this; the limit keeps a hostile header from taking the computer's. */
const WORKER_HEAP_MB = 512;
/** A worker makes hardly any garbage; the default would let it keep 48 MB of it. */
const WORKER_YOUNG_HEAP_MB = 4;

interface Job {
  readonly resolve: (value: never) => void;
  readonly reject: (error: AppError) => void;
  readonly path: string | null;
  readonly bytes: number;
}

/**
 * The hash of a whole file is what everything waits for at the end: work that can be done in another thread goes there
 * until this much more of it waits in that thread.
 */
const FILE_RESERVE_BYTES = 96 * 1024 * 1024;
/** Spreads streams of parts evenly over threads that are otherwise equally free. */
const PART_RESERVE_BYTES = 1;

/** How a stream begins in its thread. */
type StreamOpening = Pick<Extract<HashRequest, { op: 'open' }>, 'algorithm' | 'prefix' | 'blocks'>;

/** One worker thread and its assigned work. */
interface Lane {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
  /** Why the worker accepts nothing any more; null while it works. */
  ended: AppError | null;
  queuedBytes: number;
  /** What its open streams are still expected to add, for the choice of a thread, in bytes. */
  reservedBytes: number;
}

/** A hash of one file that is fed part by part; its state lives in one worker. */
export interface HashStream {
  /** Adds a part. Parts must be fed in order, one at a time. */
  feed(part: FilePart): Promise<void>;
  /** Digest in hex. Ends the stream. */
  digest(): Promise<string>;
  /** Ends the stream without a digest. */
  drop(): void;
}

/** A hash of one part of a file, with the CRC-32 of its blocks. */
export interface PartStream extends Omit<HashStream, 'feed'> {
  /** Does the same as in {@link HashStream}; resolves to the CRC-32 of each block that the part touches, in order. */
  feed(part: FilePart): Promise<Uint32Array>;
}

/** Hashes parts of files; see {@link HashPool} for the contracts of its methods. */
export type Hasher = Pick<HashPool, 'hash' | 'openStream' | 'openPart' | 'blockCrcs'>;

/**
 * A few threads that hash. Work goes to the one with the least to do, and preferably not to one that has the hash of a
 * whole file; a stream stays where it began. A thread that dies takes its jobs and streams with it (`Internal`), and is
 * replaced when there is work again. Idle threads do not keep the process alive.
 */
export class HashPool {
  readonly #workerUrl: URL;
  readonly #size: number;
  readonly #lanes: Lane[] = [];
  #nextId = 0;
  #closed = false;

  /** `workerUrl` is the built `hash-worker`; `size` the number of threads, started when needed. */
  constructor(workerUrl: URL, size: number) {
    this.#workerUrl = workerUrl;
    this.#size = size;
  }

  /**
   * Returns the digest in hex of part of a file. Rejects with `DiskMissing` when the file does not exist or ends before
   * the part does, `DiskPermission` when it cannot be read, `Cancelled` when the pool is closed.
   */
  async hash(part: FilePart, algorithm: DigestAlgorithm): Promise<string> {
    return this.#send(this.#idlest(), { op: 'hash', part, algorithm });
  }

  /** Begins the hash by which the Hub names a content of `size` bytes. Throws `Cancelled` when the pool is closed. */
  openStream(algorithm: HashAlgorithm, size: number): HashStream {
    const prefix = prefixOf(algorithm, size);
    const digest = algorithm === 'sha256' ? 'sha256' : 'sha1';
    const { feed, ...stream } = this.#open({ algorithm: digest, prefix, blocks: false }, FILE_RESERVE_BYTES);
    return { ...stream, feed: async (part) => void (await feed(part)) };
  }

  /** Begins the SHA-256 of a part of a file that is still growing. Throws `Cancelled` when the pool is closed. */
  openPart(): PartStream {
    const opening = { algorithm: 'sha256', prefix: '', blocks: true } as const;
    const { feed, ...stream } = this.#open(opening, PART_RESERVE_BYTES);
    return { ...stream, feed: async (part) => (await feed(part)) ?? new Uint32Array() };
  }

  /** Returns the CRC-32 of each block that part of a file touches, in order. Rejects as {@link hash} does. */
  async blockCrcs(part: FilePart): Promise<Uint32Array> {
    return this.#send(this.#idlest(), { op: 'blocks', part });
  }

  /**
   * Finds the copies of some parts that give a file the hash by which the Hub names it: an index for each part, or null
   * when no combination does. Takes as long as hashing the file, and for each combination once more from the first part
   * on. Rejects as {@link hash} does.
   */
  async chooseCopies(
    file: FilePart,
    expected: string,
    algorithm: HashAlgorithm,
    parts: CopyChoice['parts'],
  ): Promise<readonly number[] | null> {
    const digest = algorithm === 'sha256' ? 'sha256' : 'sha1';
    const choice = { algorithm: digest, prefix: prefixOf(algorithm, file.end), expected, parts } as const;
    return this.#send(this.#idlest(), { op: 'choose', part: file, choice });
  }

  /** Divides part of a file into content-defined chunks and hashes each. Rejects as {@link hash} does. */
  async pieces(part: FilePart, cutting: Cutting): Promise<Pieces> {
    return this.#send(this.#idlest(), { op: 'pieces', part, cutting });
  }

  /**
   * Decodes whole records of a xorb into `out`. Both are in shared memory, which nobody else may use until this
   * settles. Rejects with `ServerError`, not retryable, for records that cannot be decoded. A connection waits for it,
   * so it goes to the thread with the least to do now, even one with the hash of a file.
   */
  async decode(batch: RecordBatch, out: Uint8Array): Promise<void> {
    await this.#send(this.#idlest(queuedBytes), { op: 'decode', batch, out });
  }

  /** Returns what is wrong with the header of a safetensors file, or null. Rejects as {@link hash} does. */
  async safetensorsProblem(path: string): Promise<string | null> {
    return this.#send(this.#idlest(), { op: 'safetensors', path });
  }

  /**
   * Returns the parts of the first `maxBytes` of a sparse file that were written, judging by its zeros. Rejects as
   * {@link hash} does.
   */
  async writtenParts(path: string, maxBytes: number): Promise<ReadonlyArray<readonly [number, number]>> {
    return this.#send(this.#idlest(), { op: 'written', path, maxBytes });
  }

  /** Ends the threads; their unfinished work rejects with `Cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map((lane) => lane.worker.terminate()));
  }

  #open(opening: StreamOpening, reservedBytes: number) {
    const lane = this.#idlest();
    const stream = this.#nextId++;
    lane.reservedBytes += reservedBytes;
    const opened = this.#send(lane, { op: 'open', stream, ...opening });
    opened.catch(() => undefined); // The first feed fails with the same error.
    let isOpen = true;
    const end = () => {
      if (isOpen) lane.reservedBytes -= reservedBytes;
      isOpen = false;
    };
    return {
      feed: (part: FilePart) => this.#send<'feed'>(lane, { op: 'feed', stream, part }),
      digest: () => this.#send<'digest'>(lane, { op: 'digest', stream }).finally(end),
      drop: () =>
        void this.#send(lane, { op: 'drop', stream })
          .catch(() => undefined)
          .finally(end),
    };
  }

  #idlest(load: (lane: Lane) => number = expectedBytes): Lane {
    if (this.#closed) throw new AppError('Cancelled', 'The engine is stopping.');
    const idlest = this.#lanes.reduce<Lane | null>(
      (best, lane) => (best && load(best) <= load(lane) ? best : lane),
      null,
    );
    if (idlest && (load(idlest) === 0 || this.#lanes.length >= this.#size)) return idlest;
    return this.#startLane();
  }

  #startLane(): Lane {
    const worker = new Worker(this.#workerUrl, {
      resourceLimits: {
        maxYoungGenerationSizeMb: WORKER_YOUNG_HEAP_MB,
        maxOldGenerationSizeMb: WORKER_HEAP_MB,
      },
    });
    const lane: Lane = { worker, jobs: new Map(), ended: null, queuedBytes: 0, reservedBytes: 0 };
    worker.on('message', (reply: HashReply) => settle(lane, reply));
    worker.on('error', (error) => this.#lose(lane, error));
    worker.on('exit', () => this.#lose(lane, new Error('the hash worker ended')));
    worker.unref();
    this.#lanes.push(lane);
    return lane;
  }

  #lose(lane: Lane, cause: Error): void {
    const index = this.#lanes.indexOf(lane);
    if (index >= 0) this.#lanes.splice(index, 1);
    lane.ended ??= this.#closed
      ? new AppError('Cancelled', 'The engine is stopping.')
      : new AppError('Internal', 'A checksum thread quit unexpectedly and is restarting.', {
          cause,
          retryable: true,
        });
    for (const job of lane.jobs.values()) job.reject(lane.ended);
    lane.jobs.clear();
  }

  #send<Op extends HashRequest['op']>(
    lane: Lane,
    request: Extract<HashRequest, { op: Op }>,
  ): Promise<HashAnswers[Op]> {
    if (lane.ended) return Promise.reject(lane.ended); // It would never answer.
    const id = this.#nextId++;
    const part = 'part' in request ? request.part : null;
    const bytes = part ? part.end - part.start : 'batch' in request ? request.batch.chunkBytes : 0;
    const path = part?.path ?? ('path' in request ? request.path : null);
    lane.queuedBytes += bytes;
    lane.worker.ref(); // The process must not exit while it works.
    return new Promise((resolve, reject) => {
      lane.jobs.set(id, { resolve, reject, path, bytes });
      lane.worker.postMessage({ id, request });
    });
  }
}

const queuedBytes = (lane: Lane): number => lane.queuedBytes;
const expectedBytes = (lane: Lane): number => lane.queuedBytes + lane.reservedBytes;

/**
 * Returns what is hashed before a content of `size` bytes: git has a header there. Source:
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export function prefixOf(algorithm: HashAlgorithm, size: number): string {
  return algorithm === 'git-sha1' ? `blob ${size}\0` : '';
}

function settle(lane: Lane, reply: HashReply): void {
  const job = lane.jobs.get(reply.id);
  if (!job) return;
  lane.jobs.delete(reply.id);
  lane.queuedBytes -= job.bytes;
  if (lane.jobs.size === 0) lane.worker.unref();
  if (reply.ok) job.resolve(reply.value as never);
  else job.reject(readError(reply, job.path));
}

/** Returns the `AppError` for a failure to read a part of `path`. */
export function readError(
  reply: Pick<Extract<HashReply, { ok: false }>, 'message' | 'code'>,
  path: string | null,
): AppError {
  if (reply.code === 'EOF') {
    return new AppError('DiskMissing', `${path} became shorter while it was in use.`, {
      details: { cut: true },
    });
  }
  if (reply.code === MALFORMED) return unusableAnswer(new XetFormatError(reply.message));
  const error = Object.assign(new Error(reply.message), { code: reply.code ?? undefined });
  return classify(error, path === null ? {} : { disk: path });
}
