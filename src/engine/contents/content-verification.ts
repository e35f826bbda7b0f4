import { AppError } from '../../shared/contract/errors.ts';
import { type ByteRange, type ByteRanges, totalLength } from '../../shared/model/byte-range.ts';
import { SMALL_CONTENT_BYTES, smallHasher } from '../integrity/small-hasher.ts';
import type { Chunk, ChunkTable, Claim } from '../transfer/chunk-table.ts';
import { type AppliedCopy, Comparison } from './comparison/comparison.ts';
import type { ContentJobDeps, ContentSpec } from './content-job-deps.ts';
import { differences } from './differing-chunks.ts';
import type { PartialFile } from './partial/partial-file.ts';
import type { BlockChecks } from './verification/block-checks.ts';
import { ChunkChecks } from './verification/chunk-checks.ts';
import { unstableDisk, wrongOnTheHub } from './verification/mismatch-errors.ts';
import { openProofs } from './verification/open-proofs.ts';
import type { PieceProofs } from './verification/piece-proofs.ts';
import { RunningHash } from './verification/running-hash.ts';

/** How often a chunk may read back differently from what was written before the disk is given up on. */
const MAX_TIMES_DAMAGED = 5;
/** How often a wrong content is compared as a whole: more than once only if too much differed to be decided. */
const MAX_COMPARISONS = 3;

/** The state of a content that is being verified. */
export interface VerifiedState {
  readonly file: PartialFile;
  readonly table: ChunkTable;
  readonly blocks: BlockChecks;
}

/** Callbacks of the verification. */
export interface VerificationEvents {
  /** Called when a chunk has something new to be stored. */
  readonly onChange: (chunk: Chunk) => void;
  /** Called when the content on disk has its hash. */
  readonly onRight: () => void;
  /** Called when it cannot become correct, or when the disk failed. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Decides whether bytes on disk are correct: blocks and chunks against what was recorded of them, pieces against the
 * Hub's hashes, the file against the hash announced by the Hub. What is known to be wrong is reopened. When the file is
 * wrong and the error cannot be located, it is read again, and then compared with a second copy.
 */
export class ContentVerification {
  readonly #spec: ContentSpec;
  readonly #state: VerifiedState;
  readonly #deps: ContentJobDeps;
  readonly #events: VerificationEvents;
  readonly #hash: RunningHash;
  readonly #checks: ChunkChecks;
  readonly #proofs: PieceProofs;
  /** Bytes of chunks that are fetched again because the disk did not hold them as received. */
  readonly #damaged = new Map<Chunk, number>();
  /** How often that happened, by chunk. */
  readonly #timesDamaged = new Map<Chunk, number>();
  /** Where bytes of a second copy took the place of others, without knowing yet which were right. */
  readonly #replaced: ByteRange[] = [];
  #comparison: Comparison | null = null;
  #comparisons = 0;
  #isRechecked = false;
  #closed = false;

  constructor(spec: ContentSpec, state: VerifiedState, deps: ContentJobDeps, events: VerificationEvents) {
    const { file, table, blocks } = state;
    this.#spec = spec;
    this.#state = state;
    this.#deps = deps;
    this.#events = events;
    const hasher = spec.size <= SMALL_CONTENT_BYTES ? smallHasher : deps.hasher;
    this.#hash = new RunningHash(hasher, spec, table, file.path);
    const onBad = (bad: ByteRanges, arrived: boolean) => this.#reopenUnproved(bad, arrived);
    this.#proofs = openProofs(spec, state, deps, onBad);
    this.#checks = new ChunkChecks({
      path: file.path,
      table,
      blocks,
      hasher,
      onHashed: (chunk, sha256) => this.#hashed(chunk, sha256),
      onDamaged: (chunk, ranges) => this.#foundDamage(chunk, ranges),
      onChange: events.onChange,
      onFailed: (error) => this.#fail(error),
    });
  }

  /** True while bytes are fetched again because they, or the file, were wrong. */
  get isRepairing(): boolean {
    return this.#comparison !== null || this.#damaged.size > 0;
  }

  /** Progress of the hash of the whole file, and its last result. */
  get fileHash(): Pick<RunningHash, 'hashedBytes' | 'found'> {
    return this.#hash;
  }

  /** Parts that the Hub's own hashes prove. */
  get proved(): ByteRanges {
    return this.#proofs.proved;
  }

  /** Parts of which a second copy is being fetched. */
  get comparedClaims(): Iterable<Claim> {
    return this.#comparison?.activeClaims ?? [];
  }

  /** Checks what is on disk before anything is written. Rejects when it is unreadable or `signal` is aborted. */
  async judgeHere(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    await this.#checks.checkUnfinished(onBytes, signal);
    if (this.#state.table.receivedBytes > 0) await this.#proofs.judgeHere(onBytes, signal);
  }

  /** Begins to hash what is on disk. Call once. */
  start(): void {
    this.#proofs.watch();
    this.#checks.checkAll();
    if (this.#spec.size === 0) void this.#advance();
  }

  /** Records that bytes of a chunk were written. */
  written(chunk: Chunk, range: ByteRange, isComplete: boolean): void {
    this.#proofs.received(range);
    if (isComplete) void this.#checks.check(chunk);
    else this.#checks.follow(chunk);
  }

  /** Checks the rest, so that the ledger can later show what changed on disk. The attempts must have ended. */
  async checkRest(): Promise<void> {
    await this.#checks.checkRest();
  }

  /** Ends the attempts of a comparison, and all other work. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hash.drop();
    this.#checks.close();
    await this.#comparison?.end();
    await this.#proofs.stop();
  }

  async #hashed(chunk: Chunk, sha256: string): Promise<void> {
    if (chunk.sha256 !== null && chunk.sha256 !== sha256) {
      this.#foundDamage(chunk, [chunk.range]);
      return;
    }
    const isNews = chunk.sha256 === null;
    chunk.sha256 = sha256;
    chunk.checked = true;
    const repairedBytes = this.#damaged.get(chunk);
    if (this.#damaged.delete(chunk)) this.#deps.onRepaired(chunk.index, repairedBytes ?? 0);
    if (isNews) this.#events.onChange(chunk);
    await this.#advance();
  }

  /** Feeds the file hash as far as possible. Never rejects. */
  async #advance(): Promise<void> {
    try {
      // What is being compared may change: the file is hashed again afterwards.
      if (this.#closed || this.#comparison) return;
      const digest = await this.#hash.advance();
      if (digest === null || this.#closed) return;
      if (digest === this.#spec.hash) this.#right();
      else await this.#explain();
    } catch (error) {
      this.#fail(error);
    }
  }

  #right(): void {
    this.#tellReplaced();
    this.#events.onRight();
  }

  async #explain(): Promise<void> {
    if (await this.#proofs.explain()) return;
    if (this.#closed) return;
    if (this.#isRechecked) await this.#compare();
    else this.#recheck();
  }

  /** The disk may have changed since the chunks were hashed. That is ruled out first, because it needs no network. */
  #recheck(): void {
    const { log, source } = this.#deps;
    this.#isRechecked = true;
    log('warn', `${this.#spec.path} doesn’t match its checksum; its chunks are read again.`);
    // The wrong bytes may be due to the transport in use.
    const suspected = source.distrust?.() ?? [];
    for (const chunk of this.#state.table.chunksAt(suspected)) chunk.suspect = true;
    this.#hash.restart();
    for (const chunk of this.#state.table.chunks) chunk.checked = false;
    this.#checks.checkAll();
  }

  /** Every chunk is as recorded and yet the file is wrong: something was damaged in transit. */
  async #compare(): Promise<void> {
    this.#comparisons += 1;
    if (this.#comparisons > MAX_COMPARISONS) throw wrongOnTheHub(this.#spec);
    const { hasher, source, transfer, claimRoom, onFetchedAgain, log } = this.#deps;
    const { table, blocks, file } = this.#state;
    const { copiesPath } = this.#spec;
    const work = { hasher, source, transfer, claimRoom, onFetchedAgain, log };
    const comparison = await Comparison.open(
      {
        content: this.#spec,
        partialPath: file.path,
        copiesPath,
        table,
        blocks,
        ...work,
        apply: (copies, areRight) => this.#apply(copies, areRight),
        onSuspect: (chunk) => {
          chunk.suspect = true;
          this.#events.onChange(chunk);
        },
      },
      this.#proofs.proved,
    );
    // It may have been closed in the meantime.
    if (this.#closed) return await comparison.end();
    this.#comparison = comparison;
    try {
      await comparison.run();
    } catch (error) {
      if (error instanceof AppError && error.code === 'HashMismatch') await comparison.discard();
      throw error;
    }
    await comparison.end();
    this.#comparison = null;
    if (this.#closed) return;
    this.#checks.checkAll();
    await this.#advance();
  }

  /** Replaces the bad bytes by those that the file hash chose, or that are tried instead. */
  async #apply(copies: readonly AppliedCopy[], areRight: boolean): Promise<void> {
    const { table, file, blocks } = this.#state;
    if (this.#closed) return;
    for (const { start, end, crc, bytes } of copies) {
      this.#replaced.push(...differences(await file.read(start, bytes.length), bytes, start));
      await file.write([bytes], start);
      // In one step: otherwise an attempt would take what was just written for missing.
      this.#reopen([{ start, end }]);
      blocks.add([{ start, end, crc }]);
      for (const chunk of table.chunksAt([{ start, end }])) {
        table.markReceived(chunk, { start, end });
        this.#damaged.set(chunk, (this.#damaged.get(chunk) ?? 0) + bytes.length);
      }
    }
    if (areRight) this.#tellReplaced();
    this.#hash.rewind();
  }

  /** What was replaced is known to have been wrong: whoever brought it is told. */
  #tellReplaced(): void {
    if (this.#replaced.length > 0) this.#deps.source.distrust?.(this.#replaced.splice(0));
  }

  /** Reopens bytes that are wrong by the Hub's hashes, received in this run if `arrived`; restarts the file hash. */
  #reopenUnproved(ranges: ByteRanges, arrived: boolean): void {
    if (this.#closed) return;
    this.#reopen(ranges);
    if (arrived) {
      this.#deps.source.distrust?.(ranges);
      this.#deps.onFetchedAgain(totalLength(ranges));
    }
    this.#hash.rewind();
    this.#deps.transfer.pump();
  }

  /** Reopens bytes that the disk changed. They are not in a file hash yet: chunks are fed to it after this check. */
  #foundDamage(chunk: Chunk, ranges: ByteRanges): void {
    const bytes = totalLength(ranges);
    const times = (this.#timesDamaged.get(chunk) ?? 0) + 1;
    if (times > MAX_TIMES_DAMAGED) throw unstableDisk(this.#spec, chunk.index);
    this.#timesDamaged.set(chunk, times);
    this.#damaged.set(chunk, (this.#damaged.get(chunk) ?? 0) + bytes);
    this.#deps.log(
      'warn',
      `Chunk ${chunk.index} of ${this.#spec.path} changed on the disk; ${bytes} bytes of it are downloaded again.`,
    );
    this.#reopen(ranges);
    this.#deps.onFetchedAgain(bytes);
    this.#deps.transfer.pump();
  }

  /** Marks wrong bytes as missing, and drops hashes that include them. */
  #reopen(ranges: ByteRanges): void {
    this.#proofs.forget(ranges);
    for (const chunk of this.#state.table.reopenRanges(ranges)) {
      this.#checks.forget(chunk, ranges);
      this.#events.onChange(chunk);
    }
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#events.onFailed(error);
  }
}
