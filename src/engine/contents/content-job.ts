import type { AppError } from '../../shared/contract/errors.ts';
import { type ByteRange, type ByteRanges, totalLength } from '../../shared/model/byte-range.ts';
import { untilAborted } from '../coordination/keyed-mutex.ts';
import { SMALL_CONTENT_BYTES, smallHasher } from '../integrity/small-hasher.ts';
import type { ChunkRow } from '../ledger/chunks.ts';
import type { ContentSource } from '../sources/source.ts';
import { planChunks } from '../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable, type Claim, isWhole } from '../transfer/chunk-table.ts';
import type { TransferItem } from '../transfer/scheduler.ts';
import { ChangedChunks, rowOf } from './changed-chunks.ts';
import type { CheckpointSource } from './checkpointer.ts';
import type { ContentJobDeps, ContentSpec } from './content-job-deps.ts';
import { differingChunks } from './differing-chunks.ts';
import { PartialFile } from './partial-file.ts';
import { mergePartial } from './rescue/merge-partial.ts';
import { restoreFromLedger, restoreUnknown } from './restore-chunks.ts';
import { ChunkHashes } from './verification/chunk-hashes.ts';
import { IntegrityVerifier } from './verification/integrity-verifier.ts';
import { openProofs, type PieceProofs } from './verification/piece-proofs.ts';
import { RunningHash } from './verification/running-hash.ts';

/** Restored chunks that are read and compared at the same time. */
const PARALLEL_CHECKS = 2;

/**
 * One content on its way to disk: which bytes are there, which chunks are hashed, how far the file hash is, and what to
 * do when it turns out wrong. Streams write into it, the checkpointer makes it safe, `finished` settles when the file
 * hash is right or cannot become so.
 */
export class ContentJob implements TransferItem, CheckpointSource {
  readonly spec: ContentSpec;
  readonly table: ChunkTable;
  readonly source: ContentSource;
  /** Chunks that got bytes that the ledger knew nothing of, and how many bytes another tool's partial gave. */
  readonly rescue = { chunks: new Set<number>(), mergedBytes: 0 };
  readonly #deps: ContentJobDeps;
  readonly #file: PartialFile;
  readonly #hash: RunningHash;
  readonly #chunkHashes: ChunkHashes;
  readonly #verifier: IntegrityVerifier;
  readonly #proofs: PieceProofs;
  readonly #finished = Promise.withResolvers<void>();
  readonly #changed = new ChangedChunks();
  #verifyingSinceMs: number | null = null;
  #closed = false;

  private constructor(spec: ContentSpec, file: PartialFile, table: ChunkTable, deps: ContentJobDeps) {
    this.spec = spec;
    this.table = table;
    this.source = deps.source;
    this.#file = file;
    this.#deps = deps;
    const hasher = spec.size <= SMALL_CONTENT_BYTES ? smallHasher : deps.hasher;
    this.#hash = new RunningHash(hasher, spec, table, file.path);
    this.#chunkHashes = new ChunkHashes(hasher, file.path);
    const { log, onWork, onRepaired } = deps;
    const onBad = (bad: ByteRanges, arrived: boolean) => this.#reopen(bad, arrived);
    this.#proofs = openProofs(spec.path, file.path, table, deps, onBad);
    const onChange = (chunk: Chunk) => this.#change(chunk);
    this.#verifier = new IntegrityVerifier({
      content: spec,
      table,
      hash: this.#hash,
      log,
      onChange,
      onWork,
      onRecheck: () => this.#recheck(),
      onRepaired,
      explain: () => this.#proofs.explain(),
    });
    this.#finished.promise.catch(() => undefined);
  }

  /** Opens the partial and believes the ledger as far as the file reaches. What the ledger does not know is unverified. */
  static async open(spec: ContentSpec, deps: ContentJobDeps, signal: AbortSignal): Promise<ContentJob> {
    const table = new ChunkTable(planChunks(spec.size, spec.row.chunkBytes));
    const file = await PartialFile.open(spec.partialPath);
    try {
      const job = new ContentJob(spec, file, table, deps);
      if (spec.chunks.length > 0) await job.#restoreFromLedger();
      else if (spec.hasUnknownBytes && file.lengthAtOpen > 0) await job.#restoreUnknown(signal);
      await file.setLength(spec.size);
      if (spec.merge !== null) await job.#merge(spec.merge, signal);
      return job;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get path(): string {
    return this.spec.path;
  }
  get size(): number {
    return this.spec.size;
  }
  get blobId(): number {
    return this.spec.row.id;
  }

  /** Settles when the content on disk has the hash it must have; rejects with what prevents it. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Bytes of chunks whose hash is in the ledger. */
  get verifiedBytes(): number {
    return this.#done().reduce((sum, chunk) => sum + chunk.range.end - chunk.range.start, 0);
  }

  get chunksDone(): number {
    return this.#done().length;
  }

  /** True while chunks are fetched again because the content was wrong. */
  get isRepairing(): boolean {
    return this.#verifier.isRepairing;
  }

  /** How far the hash of the whole file is, and what it was the last time. */
  get fileHash(): Pick<RunningHash, 'hashedBytes' | 'found'> {
    return this.#hash;
  }

  /** How long the file has been complete without its hash being known, and how far the hash is. Null before. */
  get verifying(): { readonly seconds: number; readonly hashedBytes: number } | null {
    if (this.#verifyingSinceMs === null || !this.table.isComplete) return null;
    const seconds = Math.floor((this.#deps.now() - this.#verifyingSinceMs) / 1000);
    return { seconds, hashedBytes: this.#hash.hashedBytes };
  }

  /** Judges what is here by the Hub's hashes, before {@link start}. Rejects only when `signal` is aborted. */
  async judge(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    if (this.table.receivedBytes > 0) await this.#proofs.judgeHere(onBytes, signal);
  }

  /** Begins to hash what is there. Call once. */
  start(): void {
    this.#deps.checkpointer.add(this);
    this.#proofs.watch();
    this.#checkAll();
    this.#noticeComplete();
    if (this.size === 0) this.#advance().catch((error) => this.#fail(error));
  }

  /** Ends all work on it; what is on disk and in the ledger stays. The streams must have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#proofs.stop();
    this.#deps.checkpointer.remove(this);
    this.#hash.drop();
    this.#chunkHashes.drop();
    await this.#file.close();
  }

  hasWork(): boolean {
    return !this.table.isComplete || this.#verifier.hasNext();
  }

  claimNext(from = 0): Claim | null {
    const claim = this.table.claimNext(from);
    if (claim) return claim;
    return this.#verifier.openNext() ? this.table.claimNext(from) : null;
  }

  async compare(bytes: Buffer, position: number): Promise<void> {
    const onDisk = await this.#file.read(position, bytes.length);
    for (const chunk of differingChunks(this.table, { bytes, onDisk, position })) {
      if (chunk.suspect) continue;
      chunk.suspect = true;
      this.#deps.log('warn', `Part ${chunk.index} of ${this.path} differs from what the server sends now.`);
      this.#change(chunk);
    }
  }

  write(buffers: readonly Buffer[], position: number): Promise<void> {
    return this.#file.write(buffers, position);
  }

  written(chunk: Chunk, range: ByteRange): void {
    const complete = this.table.markReceived(chunk, range);
    if (chunk.refetch) this.#deps.onFetchedAgain(range.end - range.start);
    this.#change(chunk);
    this.#proofs.received(range);
    if (!complete) {
      this.#chunkHashes.follow(chunk);
      return;
    }
    this.#noticeComplete();
    void this.#hashChunk(chunk);
  }

  takeChanges(): readonly ChunkRow[] {
    return this.#changed.take();
  }

  async sync(): Promise<void> {
    await this.#file.syncInPlace(this.size, this.path);
  }

  settleChanges(ok: boolean): void {
    this.#changed.settle(ok);
  }

  checkpointFailed(error: AppError): void {
    this.#finished.reject(error);
  }

  /** The ledger is corrected before the file gets its full length: after that, only the ledger knows what is missing. */
  async #restoreFromLedger(): Promise<void> {
    const corrected = restoreFromLedger(this.table, this.spec.chunks, this.#file.lengthAtOpen);
    if (corrected.length > 0) await this.#deps.saveRows(this.blobId, corrected.map(rowOf));
  }

  async #restoreUnknown(signal: AbortSignal): Promise<void> {
    const parts = await untilAborted(
      this.#deps.hasher.writtenParts(this.#file.path, this.spec.row.size),
      signal,
    );
    this.#rescued(restoreUnknown(this.table, parts));
  }

  async #merge(source: string, signal: AbortSignal): Promise<void> {
    const write = (buffers: readonly Buffer[], at: number) => this.#file.write(buffers, at);
    const target = { target: this.#file.path, table: this.table, write };
    const { bytes, chunks } = await mergePartial({ source, hasher: this.#deps.hasher, ...target }, signal);
    this.rescue.mergedBytes = bytes;
    this.#rescued(chunks);
  }

  #rescued(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      this.rescue.chunks.add(chunk.index);
      this.#change(chunk);
    }
  }

  /** Bytes are known to be wrong: they are missing again, and what was hashed of them is worth nothing. */
  #reopen(ranges: ByteRanges, arrived: boolean): void {
    if (this.#closed) return;
    for (const chunk of this.table.reopenRanges(ranges)) {
      this.#chunkHashes.forget(chunk);
      this.#change(chunk);
    }
    if (arrived) {
      this.source.distrust?.();
      this.#deps.onFetchedAgain(totalLength(ranges));
    }
    this.#hash.rewind();
    this.#noticeComplete();
    this.#deps.onWork();
  }

  // Hashing.

  /** Hashes every whole chunk that is not checked, as it is on the disk. */
  #recheck(): void {
    this.source.distrust?.();
    this.#checkAll();
  }

  #checkAll(): void {
    const chunks = this.table.chunks.filter(isWhole).values();
    for (let lane = 0; lane < PARALLEL_CHECKS; lane += 1) void this.#checkSome(chunks);
  }

  async #checkSome(chunks: Iterator<Chunk> & Iterable<Chunk>): Promise<void> {
    for (const chunk of chunks) {
      if (this.#closed) return;
      if (isWhole(chunk) && !chunk.checked) await this.#hashChunk(chunk);
    }
  }

  async #hashChunk(chunk: Chunk): Promise<void> {
    try {
      const { revision } = chunk;
      const digest = await this.#chunkHashes.digest(chunk);
      if (this.#closed || chunk.revision !== revision || !isWhole(chunk)) return;
      this.#verifier.onChunkHashed(chunk, digest);
      await this.#advance();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #advance(): Promise<void> {
    const isRight = await this.#verifier.advance();
    if (isRight && !this.#closed) this.#finished.resolve();
  }

  #noticeComplete(): void {
    if (this.table.isComplete) this.#verifyingSinceMs ??= this.#deps.now();
    else this.#verifyingSinceMs = null;
  }

  #done(): Chunk[] {
    return this.table.chunks.filter((chunk) => chunk.committed && chunk.sha256 !== null);
  }

  #change(chunk: Chunk): void {
    if (chunk.received.length === 0) this.#chunkHashes.forget(chunk);
    this.#changed.add(chunk);
    this.#deps.checkpointer.touch();
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#finished.reject(error);
  }
}
