import type { AppError } from '../../shared/contract/errors.ts';
import { type ByteRange, type ByteRanges, totalLength } from '../../shared/model/byte-range.ts';
import { blockChecksOf } from '../integrity/block-crc.ts';
import { SMALL_CONTENT_BYTES, smallHasher } from '../integrity/small-hasher.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import type { ContentSource } from '../sources/source.ts';
import { planChunks } from '../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable, type Claim } from '../transfer/chunk-table.ts';
import type { TransferItem } from '../transfer/scheduler.ts';
import { ChangedChunks, rowOf } from './changed-chunks.ts';
import type { CheckpointSource } from './checkpointer.ts';
import type { ContentJobDeps, ContentSpec } from './content-job-deps.ts';
import { differingChunks } from './differing-chunks.ts';
import { PartialFile } from './partial-file.ts';
import { type Restored, restorePartial } from './restore-partial.ts';
import { BlockChecks } from './verification/block-checks.ts';
import { ChunkChecks } from './verification/chunk-checks.ts';
import { IntegrityVerifier } from './verification/integrity-verifier.ts';
import { openProofs, type PieceProofs } from './verification/piece-proofs.ts';
import { RunningHash } from './verification/running-hash.ts';

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
  readonly rescue: { readonly chunks: Set<number>; readonly mergedBytes: number };
  readonly #deps: ContentJobDeps;
  readonly #file: PartialFile;
  readonly #hash: RunningHash;
  readonly #blocks: BlockChecks;
  readonly #checks: ChunkChecks;
  readonly #verifier: IntegrityVerifier;
  readonly #proofs: PieceProofs;
  readonly #finished = Promise.withResolvers<void>();
  readonly #changed = new ChangedChunks((chunk) => this.#rowOf(chunk));
  #verifyingSinceMs: number | null = null;
  #closed = false;

  private constructor(
    spec: ContentSpec,
    file: PartialFile,
    table: ChunkTable,
    blocks: BlockChecks,
    { chunks, mergedBytes }: Restored,
    deps: ContentJobDeps,
  ) {
    this.spec = spec;
    this.rescue = { chunks: new Set(chunks.map(({ index }) => index)), mergedBytes };
    this.table = table;
    this.source = deps.source;
    this.#file = file;
    this.#blocks = blocks;
    this.#deps = deps;
    const hasher = spec.size <= SMALL_CONTENT_BYTES ? smallHasher : deps.hasher;
    this.#hash = new RunningHash(hasher, spec, table, file.path);
    const { log, onWork, onRepaired } = deps;
    const onBad = (bad: ByteRanges, arrived: boolean) => this.#reopen(bad, arrived);
    this.#proofs = openProofs(spec.path, file.path, table, deps, onBad);
    const onChange = (chunk: Chunk) => this.#change(chunk);
    this.#checks = new ChunkChecks({
      path: file.path,
      table,
      blocks,
      hasher,
      onHashed: (chunk, sha256) => this.#hashed(chunk, sha256),
      onDamaged: (chunk, ranges) => this.#damaged(chunk, ranges),
      onChange,
      onFailed: (error) => this.#fail(error),
    });
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
    for (const chunk of chunks) this.#change(chunk);
  }

  /** Opens the partial and believes the ledger as far as the file reaches. What the ledger does not know is unverified. */
  static async open(spec: ContentSpec, deps: ContentJobDeps, signal: AbortSignal): Promise<ContentJob> {
    const table = new ChunkTable(planChunks(spec.size, spec.row.chunkBytes));
    const blocks = new BlockChecks(table.plan);
    const file = await PartialFile.open(spec.partialPath);
    try {
      const restored = await restorePartial(spec, { file, table, blocks }, deps, signal);
      return new ContentJob(spec, file, table, blocks, restored, deps);
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

  /** Bytes that were on this disk elsewhere were written here, before {@link start}; nothing is known of them but where they are from. */
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
   * Judges what is here by its block checks and the Hub's hashes, before {@link start}. Rejects when it cannot be read, and when
   * `signal` is aborted.
   */
  async judge(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    await this.#checks.checkUnfinished(onBytes, signal);
    if (this.table.receivedBytes > 0) await this.#proofs.judgeHere(onBytes, signal);
  }

  /** Checks what nobody checked yet, so that the ledger can tell later what changed on the disk. The streams must have ended. */
  async checkRest(): Promise<void> {
    await this.#checks.checkRest();
  }

  /** Begins to hash what is there. Call once. */
  start(): void {
    this.#deps.checkpointer.add(this);
    this.#proofs.watch();
    this.#checks.checkAll();
    this.#noticeComplete();
    if (this.size === 0) this.#advance().catch((error) => this.#fail(error));
  }

  /** Ends all work on it; what is on disk and in the ledger stays. The streams must have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#proofs.stop();
    this.#deps.checkpointer.remove(this);
    this.#hash.drop();
    this.#checks.close();
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

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    const checks = this.#deps.mayCheckHere() ? blockChecksOf(buffers, position) : [];
    await this.#file.write(buffers, position);
    this.#blocks.add(checks);
  }

  written(chunk: Chunk, range: ByteRange): void {
    const complete = this.table.markReceived(chunk, range);
    if (chunk.refetch) this.#deps.onFetchedAgain(range.end - range.start);
    this.#change(chunk);
    this.#proofs.received(range);
    if (!complete) {
      this.#checks.follow(chunk);
      return;
    }
    this.#noticeComplete();
    void this.#checks.check(chunk);
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

  /** Bytes are known to be wrong by the Hub's hashes; `arrived` when they came in this run. The file hash begins again. */
  #reopen(ranges: ByteRanges, arrived: boolean): void {
    if (this.#closed) return;
    this.#openAgain(ranges);
    if (arrived) {
      this.source.distrust?.();
      this.#deps.onFetchedAgain(totalLength(ranges));
    }
    this.#hash.rewind();
    this.#deps.onWork();
  }

  /** Bytes that are not on the disk as they came. They are in no file hash yet: a chunk is fed to it after this. */
  #damaged(chunk: Chunk, ranges: ByteRanges): void {
    this.#verifier.foundDamagedBlocks(chunk, totalLength(ranges));
    this.#openAgain(ranges);
    this.#deps.onFetchedAgain(totalLength(ranges));
    this.#deps.onWork();
  }

  /** Every whole chunk is read again. What made the file wrong may have come from the source that is in use. */
  #recheck(): void {
    this.source.distrust?.();
    this.#checks.checkAll();
  }

  /** What is wrong is missing again, and what was hashed of it is worth nothing. */
  #openAgain(ranges: ByteRanges): void {
    for (const chunk of this.table.reopenRanges(ranges)) {
      this.#checks.forget(chunk, ranges);
      this.#change(chunk);
    }
    this.#noticeComplete();
  }

  async #hashed(chunk: Chunk, sha256: string): Promise<void> {
    this.#verifier.onChunkHashed(chunk, sha256);
    await this.#advance();
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
    if (chunk.received.length === 0) this.#checks.forget(chunk, [chunk.range]);
    this.#changed.add(chunk);
    this.#deps.checkpointer.touch();
  }

  #rowOf(chunk: Chunk): CheckedChunkRow {
    return rowOf(chunk, this.#blocks.of(chunk));
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#finished.reject(error);
  }
}
