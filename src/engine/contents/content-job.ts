import type { AppError } from '../../shared/contract/errors.ts';
import type { ByteRange, ByteRanges } from '../../shared/model/byte-range.ts';
import { blockChecksOf } from '../integrity/block-crc.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import type { ContentSource } from '../sources/source.ts';
import { planChunks } from '../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable, type Claim } from '../transfer/chunk-table.ts';
import type { TransferItem } from '../transfer/scheduler.ts';
import { ChangedChunks, rowOf } from './changed-chunks.ts';
import type { CheckpointSource } from './checkpointer.ts';
import type { ContentJobDeps, ContentSpec } from './content-job-deps.ts';
import { ContentVerification, type VerifiedState } from './content-verification.ts';
import { differingChunks } from './differing-chunks.ts';
import { PartialFile } from './partial/partial-file.ts';
import { type Restored, restorePartial } from './restore-partial.ts';
import { BlockChecks } from './verification/block-checks.ts';

/**
 * One content being written to disk: which bytes are there, which chunks are hashed, how far the file hash has come,
 * and what to do when it turns out wrong. Attempts write into it, the checkpointer makes it durable, and `finished`
 * settles when the file hash is correct or cannot become so.
 */
export class ContentJob implements TransferItem, CheckpointSource {
  readonly spec: ContentSpec;
  readonly table: ChunkTable;
  readonly source: ContentSource;
  /** Chunks that got bytes that were not in the ledger, and the number of bytes copied from another tool's partial. */
  readonly rescue: { readonly chunks: Set<number>; readonly mergedBytes: number };
  readonly #deps: ContentJobDeps;
  readonly #file: PartialFile;
  readonly #blocks: BlockChecks;
  readonly #verification: ContentVerification;
  readonly #finished = Promise.withResolvers<void>();
  readonly #changed = new ChangedChunks((chunk) => this.#rowOf(chunk));
  #verifyingSinceMs: number | null = null;

  private constructor(
    spec: ContentSpec,
    state: VerifiedState,
    { chunks, mergedBytes }: Restored,
    deps: ContentJobDeps,
  ) {
    this.spec = spec;
    this.rescue = { chunks: new Set(chunks.map(({ index }) => index)), mergedBytes };
    this.table = state.table;
    this.source = deps.source;
    this.#file = state.file;
    this.#blocks = state.blocks;
    this.#deps = deps;
    this.#verification = new ContentVerification(spec, state, deps, {
      onChange: (chunk) => this.#change(chunk),
      onRight: () => this.#finished.resolve(),
      onFailed: (error) => this.#finished.reject(error),
    });
    this.#finished.promise.catch(() => undefined);
    for (const chunk of chunks) this.#change(chunk);
  }

  /**
   * Opens the partial and trusts the ledger as far as the file reaches. Bytes that are not in the ledger are
   * unverified.
   */
  static async open(spec: ContentSpec, deps: ContentJobDeps, signal: AbortSignal): Promise<ContentJob> {
    const table = new ChunkTable(planChunks(spec.size, spec.row.chunkBytes));
    const blocks = new BlockChecks(table.plan);
    const file = await PartialFile.open(spec.partialPath);
    try {
      const state = { file, table, blocks };
      return new ContentJob(spec, state, await restorePartial(spec, state, deps, signal), deps);
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

  /** Resolves when the content on disk has the expected hash; rejects with what prevents it. */
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
    return this.#verification.isRepairing;
  }

  /** Progress of the hash of the whole file, and its last result. */
  get fileHash(): ContentVerification['fileHash'] {
    return this.#verification.fileHash;
  }

  /** Parts that the Hub's own hashes prove. */
  get proved(): ByteRanges {
    return this.#verification.proved;
  }

  /** Everything that is being fetched, second copies included. */
  get activeClaims(): Iterable<Claim> {
    return [...this.table.activeClaims, ...this.#verification.comparedClaims];
  }

  /** How long the file has been complete without a known hash, and how far the hash has come. Null before. */
  get verifying(): { readonly seconds: number; readonly hashedBytes: number } | null {
    if (this.#verifyingSinceMs === null || !this.table.isComplete) return null;
    const seconds = Math.floor((this.#deps.now() - this.#verifyingSinceMs) / 1000);
    return { seconds, hashedBytes: this.fileHash.hashedBytes };
  }

  /** Records bytes that were copied from elsewhere on this disk, before {@link start}; only their origin is known. */
  took(range: ByteRange): void {
    const { chunks, plan } = this.table;
    const first = Math.floor(range.start / plan.chunkBytes);
    const last = Math.floor((range.end - 1) / plan.chunkBytes);
    for (const chunk of chunks.slice(first, last + 1)) {
      this.table.restore(chunk.index, [range], { suspect: true, committed: false });
      this.rescue.chunks.add(chunk.index);
      this.#change(chunk);
    }
  }

  /**
   * Checks what is on disk against its block checks and the Hub's hashes, before {@link start}. Rejects when it cannot
   * be read, and when `signal` is aborted.
   */
  async judge(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    await this.#verification.judgeHere(onBytes, signal);
  }

  /**
   * Checks what has not been checked yet, so that the ledger can later show what changed on the disk. The attempts must
   * have ended.
   */
  async checkRest(): Promise<void> {
    await this.#verification.checkRest();
  }

  /** Begins to hash what is on disk. Call once. */
  start(): void {
    this.#deps.checkpointer.add(this);
    this.#noticeComplete();
    this.#verification.start();
  }

  /** Ends all work; what is on disk and in the ledger is kept. Its attempts must have ended. */
  async close(): Promise<void> {
    this.#deps.checkpointer.remove(this);
    await this.#verification.close();
    await this.#file.close();
  }

  hasWork(): boolean {
    return !this.table.isComplete;
  }

  claimNext(from = 0): Claim | null {
    return this.table.claimNext(from);
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

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    const checks = this.#deps.mayCheckHere() ? blockChecksOf(buffers, position) : [];
    await this.#file.write(buffers, position);
    this.#blocks.add(checks);
  }

  written(chunk: Chunk, range: ByteRange): void {
    const isComplete = this.table.markReceived(chunk, range);
    this.#change(chunk);
    this.#verification.written(chunk, range, isComplete);
  }

  takeChanges(): readonly CheckedChunkRow[] {
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

  #noticeComplete(): void {
    if (this.table.isComplete) this.#verifyingSinceMs ??= this.#deps.now();
    else this.#verifyingSinceMs = null;
  }

  #done(): Chunk[] {
    return this.table.chunks.filter((chunk) => chunk.committed && chunk.sha256 !== null);
  }

  #change(chunk: Chunk): void {
    this.#noticeComplete();
    this.#changed.add(chunk);
    this.#deps.checkpointer.touch();
  }

  #rowOf(chunk: Chunk): CheckedChunkRow {
    return rowOf(chunk, this.#blocks.of(chunk));
  }
}
