import { type Chunk, type ChunkTable, isWhole } from '../../transfer/chunk-table.ts';
import { unstableChunk, unstableDisk, wrongOnTheHub } from './mismatch-errors.ts';
import type { RunningHash } from './running-hash.ts';
import { compareCopies, Suspects } from './suspects.ts';

/** Copies of one chunk that may all differ before the line is given up on. */
const MAX_COPIES = 5;
/** So often a chunk may be other on the disk than what was written before the disk is given up on. */
const MAX_TIMES_DAMAGED = 5;

export interface IntegrityVerifierDeps {
  /** Path and hash of the content. */
  readonly content: { readonly path: string; readonly hash: string };
  readonly table: ChunkTable;
  readonly hash: RunningHash;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** The state of a chunk changed. */
  readonly onChange: (chunk: Chunk) => void;
  /** There is something to fetch again. */
  readonly onWork: () => void;
  /** Chunks that are not `checked` must be hashed again from the disk. */
  readonly onRecheck: () => void;
  /**
   * Asked once the file does not have its hash: resolves to true when somebody knows why and had bytes opened again.
   */
  readonly explain: () => Promise<boolean>;
  readonly onRepaired: (chunk: number, bytes: number) => void;
}

/**
 * Decides whether bytes on disk are right: a chunk against the hash that was recorded of it, the file against the hash
 * that the Hub announces, and, when the file is wrong although every chunk is as recorded, fresh copies of chunks against
 * those before. Of two copies that differ the new one is tried first: the file hash decides, and only if it is still wrong once
 * everything was compared, a third copy.
 */
export class IntegrityVerifier {
  readonly #deps: IntegrityVerifierDeps;
  readonly #suspects: Suspects;
  /** Bytes of chunks that are fetched again because they were not on the disk as they came. */
  readonly #damaged = new Map<Chunk, number>();
  /** How often that happened, by chunk. */
  readonly #timesDamaged = new Map<Chunk, number>();
  #isRechecked = false;

  constructor(deps: IntegrityVerifierDeps) {
    this.#deps = deps;
    this.#suspects = new Suspects(deps.table);
  }

  /** True while chunks are fetched again because they, or the file, were wrong. */
  get isRepairing(): boolean {
    return this.#suspects.isActive || this.#damaged.size > 0;
  }

  /** True when a suspected chunk waits to be fetched again. */
  hasNext(): boolean {
    return this.#suspects.hasNext();
  }

  /** Opens the next suspected chunk; false when there is none. */
  openNext(): boolean {
    const chunk = this.#suspects.openNext();
    if (chunk) this.#deps.onChange(chunk);
    return chunk !== null;
  }

  /** The bytes of a whole chunk have this SHA-256. Throws `HashMismatch` when no two copies of it agree. */
  onChunkHashed(chunk: Chunk, digest: string): void {
    if (chunk.sha256 !== null && chunk.sha256 !== digest) {
      this.#foundDamage(chunk);
      return;
    }
    if (chunk.sha256 === digest && chunk.refetch === null) {
      chunk.checked = true; // As recorded: the ledger has nothing to learn.
      return;
    }
    const verdict = chunk.refetch === null ? 'same' : compareCopies(chunk, digest);
    if (verdict !== 'undecided') this.#accept(chunk, digest, verdict === 'replaced');
    else if (chunk.earlierHashes.length === 1) this.#tryNewCopy(chunk, digest);
    else this.#fetchAnother(chunk, digest);
  }

  /** Blocks of a chunk, so many bytes, are not on the disk as they came. Throws `HashMismatch` when that has no end. */
  foundDamagedBlocks(chunk: Chunk, bytes: number): void {
    const { content, log } = this.#deps;
    const times = (this.#timesDamaged.get(chunk) ?? 0) + 1;
    if (times > MAX_TIMES_DAMAGED) throw unstableDisk(content, chunk.index);
    this.#timesDamaged.set(chunk, times);
    this.#damaged.set(chunk, (this.#damaged.get(chunk) ?? 0) + bytes);
    log(
      'warn',
      `Chunk ${chunk.index} of ${content.path} changed on the disk; ${bytes} bytes of it are fetched again.`,
    );
  }

  /** Feeds the file hash as far as it goes. True once the file is right; throws `HashMismatch` when it cannot become so. */
  async advance(): Promise<boolean> {
    // Chunks that wait to be compared may change: the file is hashed again after the round.
    if (this.#suspects.isActive) return false;
    const digest = await this.#deps.hash.advance();
    if (digest === null) return false;
    if (digest === this.#deps.content.hash) {
      for (const chunk of this.#suspects.disputed) this.#decided(chunk);
      return true;
    }
    if (await this.#deps.explain()) return false;
    if (this.#isRechecked) this.#doubt();
    else this.#recheck();
    return false;
  }

  /** The disk may have changed since the chunks were hashed. That is ruled out first: it needs no network. */
  #recheck(): void {
    const { content, table, hash, log, onRecheck } = this.#deps;
    this.#isRechecked = true;
    log('warn', `${content.path} does not have its hash; its chunks are read again.`);
    hash.restart();
    for (const chunk of table.chunks) chunk.checked = false;
    onRecheck();
  }

  /** The file hash proves the new copy right, so the earlier one was bad. */
  #decided(chunk: Chunk): void {
    chunk.suspect = false;
    this.#deps.onChange(chunk);
    this.#deps.onRepaired(chunk.index, chunk.range.end - chunk.range.start);
  }

  #tryNewCopy(chunk: Chunk, digest: string): void {
    chunk.sha256 = digest;
    chunk.checked = true;
    const wasActive = this.#suspects.isActive;
    this.#suspects.dispute(chunk);
    this.#deps.onChange(chunk);
    this.#endRound(wasActive);
  }

  #accept(chunk: Chunk, digest: string, replaced: boolean): void {
    const bytes = this.#damaged.get(chunk) ?? chunk.range.end - chunk.range.start;
    if (replaced || this.#damaged.delete(chunk)) this.#deps.onRepaired(chunk.index, bytes);
    this.#damaged.delete(chunk);
    // Two equal copies are the best evidence there is.
    if (chunk.earlierHashes.includes(digest)) chunk.suspect = false;
    chunk.sha256 = digest;
    chunk.checked = true;
    this.#deps.onChange(chunk);
    this.#settleDoubt(chunk, replaced);
  }

  #fetchAnother(chunk: Chunk, digest: string): void {
    const isHopeless = chunk.earlierHashes.length >= MAX_COPIES - 1;
    chunk.sha256 = isHopeless ? null : digest;
    this.#reopen(chunk, 'suspected');
    if (isHopeless) throw unstableChunk(this.#deps.content, chunk.index);
    this.#deps.onWork();
  }

  #foundDamage(chunk: Chunk): void {
    const { path } = this.#deps.content;
    this.#deps.log(
      'warn',
      `Chunk ${chunk.index} of ${path} no longer has its recorded hash; it is fetched again.`,
    );
    this.#damaged.set(chunk, chunk.range.end - chunk.range.start);
    this.#reopen(chunk, 'damaged');
    this.#deps.onWork();
  }

  #reopen(chunk: Chunk, reason: 'damaged' | 'suspected'): void {
    if (isWhole(chunk)) this.#deps.table.reopen(chunk, reason);
    this.#deps.onChange(chunk);
  }

  /** At the end of a round the file is hashed again if something was replaced, else the next chunks are doubted. */
  #settleDoubt(chunk: Chunk, replaced: boolean): void {
    const wasActive = this.#suspects.isActive;
    // Whichever copy won, it is another one than the file was hashed with.
    this.#suspects.settle(chunk, replaced || this.#suspects.isDisputed(chunk));
    this.#endRound(wasActive);
  }

  #endRound(wasActive: boolean): void {
    if (!wasActive || this.#suspects.isActive) return;
    if (this.#suspects.takeReplaced()) this.#deps.hash.restart();
    else this.#doubt();
  }

  /** Every chunk is as recorded and yet the file is wrong: something was damaged on its way here. */
  #doubt(): void {
    const { content, log, onWork } = this.#deps;
    if (!this.#suspects.begin()) throw wrongOnTheHub(content);
    log(
      'warn',
      `${content.path} does not have its hash; ${this.#suspects.count} chunks are compared with the Hub.`,
    );
    onWork();
  }
}
