import { crc32 } from 'node:zlib';
import { cutAtBlocks } from '../../../shared/model/block.ts';
import { type ByteRange, type ByteRanges, missingRanges } from '../../../shared/model/byte-range.ts';
import type { HashAlgorithm } from '../../../shared/model/download.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { ContentSource } from '../../sources/source.ts';
import type { Chunk, ChunkTable, Claim } from '../../transfer/chunk-table.ts';
import type { TransferItem } from '../../transfer/transfer-item.ts';
import type { BlockChecks } from '../verification/block-checks.ts';
import { unstableChunk, wrongOnTheHub } from '../verification/mismatch-errors.ts';
import { CopiesFile, type Copy } from './copies-file.ts';
import { SecondCopy } from './second-copy.ts';
import { agreed, likeliest, newest, type SeenBlock } from './seen-block.ts';

/** The file is hashed as soon as a block differs, up to this many times; after that, everything is compared first. */
const MAX_SHORT_ROUNDS = 3;
/**
 * For up to this many blocks, all combinations of old and new copies are tried: at most 16 times the hash of what
 * follows the first block.
 */
const MAX_COMBINED = 4;
/** Copies of one block, the first included, that may all differ before the network path is given up on. */
const MAX_COPIES = 5;
/**
 * Bytes of second copies that are kept next to the old ones. A content that differs in more is a different one
 * altogether, or the network damages everything: then the newer copies replace the older ones, and the file hash
 * decides afterwards.
 */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** A copy with its bytes. */
export interface AppliedCopy extends ByteRange {
  readonly crc: number;
  readonly bytes: Buffer;
}

/** Dependencies of a comparison. */
export interface ComparisonDeps {
  readonly content: {
    readonly path: string;
    readonly hash: string;
    readonly algorithm: HashAlgorithm;
    readonly size: number;
  };
  /** Path of our complete partial. */
  readonly partialPath: string;
  /** Path of the second copies. */
  readonly copiesPath: string;
  readonly table: ChunkTable;
  /** Block checks of the partial. */
  readonly blocks: BlockChecks;
  readonly source: ContentSource;
  readonly hasher: Pick<HashPool, 'chooseCopies'>;
  /** The scheduler. */
  readonly transfer: {
    add(item: TransferItem): void;
    remove(item: TransferItem): Promise<void>;
    pump(): void;
  };
  /**
   * Claims space on the volume for the number of bytes the function returns; resolves to a function that releases the
   * claim.
   */
  readonly claimRoom: (remainingBytes: () => number) => Promise<() => void>;
  /** Puts copies into the partial; `areRight` when the file hash has chosen them. */
  readonly apply: (copies: readonly AppliedCopy[], areRight: boolean) => Promise<void>;
  /** Called when no two copies of this chunk agreed. */
  readonly onSuspect: (chunk: Chunk) => void;
  readonly onFetchedAgain: (bytes: number) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/**
 * Downloads a wrong content once more and compares it block by block with the partial, when every chunk is as it was
 * recorded and the error cannot be located. The file hash decides between copies that differ; until then nothing is
 * overwritten.
 */
export class Comparison {
  readonly #deps: ComparisonDeps;
  readonly #kept: CopiesFile;
  readonly #second: SecondCopy;
  readonly #giveBackRoom: () => void;
  #hasEnded = false;
  /** Parts that are compared in this run; all others are proved. */
  readonly #parts: ByteRanges;
  /** Number of blocks that differed when the file was last hashed. */
  #tried = 0;
  /** Offsets of blocks that were replaced without knowing which copy is correct. */
  readonly #replaced = new Set<number>();
  /** How many copies of a part are wanted, including the one in the partial. */
  #wantedCopies = 2;
  /** Called when a chunk was compared, or when nothing is left to compare. */
  #onProgress: () => void = () => undefined;

  private constructor(deps: ComparisonDeps, kept: CopiesFile, parts: ByteRanges, giveBackRoom: () => void) {
    const { content, table, source, onFetchedAgain } = deps;
    this.#deps = deps;
    this.#kept = kept;
    this.#parts = parts;
    this.#giveBackRoom = giveBackRoom;
    this.#second = new SecondCopy({
      path: content.path,
      plan: table.plan,
      source,
      isWanted: (part) => this.#isWanted(part),
      onBlock: (part, bytes) => this.#compare(part, bytes),
      onProgress: () => this.#onProgress(),
      onFetched: onFetchedAgain,
    });
  }

  /**
   * Opens what an earlier run left. Parts that are `proved` are not compared, unless that is everything. Throws
   * `DiskFull` when there is no space for second copies, or another disk error.
   */
  static async open(deps: ComparisonDeps, proved: ByteRanges): Promise<Comparison> {
    const { copiesPath, claimRoom, content, table } = deps;
    const all = table.chunks.flatMap(({ range }) => cutAtBlocks(range));
    const unproved = all.filter((part) => missingRanges(proved, part).length > 0);
    const kept = await CopiesFile.open(copiesPath);
    try {
      const most = Math.min(content.size, MAX_KEPT_BYTES);
      const giveBack = await claimRoom(() => most - kept.storedBytes);
      return new Comparison(deps, kept, unproved.length > 0 ? unproved : all, giveBack);
    } catch (error) {
      await kept.close();
      throw error;
    }
  }

  /**
   * Finds copies that make the file correct, or may do so, and writes them into the partial. Rejects with
   * `HashMismatch` when none can, or with a disk error. Never settles after {@link end}.
   */
  async run(): Promise<void> {
    const { content, transfer, log } = this.#deps;
    log('warn', `${content.path} doesn’t match its checksum; it is compared with the server.`);
    transfer.add(this.#second);
    for (let shortRounds = 0; ; ) {
      const tried = this.#tried;
      const isOver = await this.#fetch(shortRounds < MAX_SHORT_ROUNDS);
      const differing = this.#differing();
      const hasNews = differing.length > tried;
      if (hasNews) shortRounds += 1;
      if (this.#isFull || this.#replaced.size > 0) await this.#replaceAll();
      else if ((hasNews || isOver) && (await this.#tryNew(differing, isOver))) return;
      if (!isOver) continue;
      if (this.#replaced.size > 0) return;
      if (differing.length === 0) throw wrongOnTheHub(content);
      return await this.#fetchMoreCopies();
    }
  }

  /** Claims of the attempts that fetch the second copy. */
  get activeClaims(): Iterable<Claim> {
    return this.#second.table.activeClaims;
  }

  /** Ends the attempts and keeps what was compared. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#giveBackRoom();
    await this.#deps.transfer.remove(this.#second);
    await this.#kept.close();
  }

  /** Ends the attempts and deletes what was compared. */
  async discard(): Promise<void> {
    await this.end();
    await this.#kept.remove();
  }

  /** Fetches more copies of only what differs, until the file hash or two equal copies decide. */
  async #fetchMoreCopies(): Promise<void> {
    const { content } = this.#deps;
    while (this.#wantedCopies < MAX_COPIES) {
      this.#wantedCopies += 1;
      await this.#fetch(false);
      const differing = this.#differing();
      if (await this.#applyRight(differing.map((block) => ({ ...block, copies: [likeliest(block)] }))))
        return;
      if (differing.every((block) => agreed(block) !== null)) throw wrongOnTheHub(content);
    }
    const unstable = this.#differing().filter((block) => agreed(block) === null);
    const chunks = this.#deps.table.chunksAt(unstable);
    for (const chunk of chunks) this.#deps.onSuspect(chunk);
    throw unstableChunk(content, chunks[0]?.index ?? 0);
  }

  /** Tries new copies first; once everything was compared, also every other combination of a few. */
  #tryNew(differing: readonly SeenBlock[], isOver: boolean): Promise<boolean> {
    const combines = isOver && differing.length <= MAX_COMBINED;
    return this.#applyRight(
      differing.map((block) => ({ ...block, copies: combines ? [newest(block), null] : [newest(block)] })),
    );
  }

  /**
   * Writes the copies that make the file correct into the partial; returns false when none do. `null` stands for the
   * copy already there.
   */
  async #applyRight(
    choice: ReadonlyArray<ByteRange & { readonly copies: ReadonlyArray<Copy | null> }>,
  ): Promise<boolean> {
    if (choice.length === 0) return false;
    await this.#kept.written();
    const { content, partialPath, hasher } = this.#deps;
    const parts = choice.map(({ start, end, copies }) => ({
      start,
      end,
      copies: copies.map((copy) => copy?.at ?? { path: partialPath, start, end }),
    }));
    const file = { path: partialPath, start: 0, end: content.size };
    const found = await hasher.chooseCopies(file, content.hash, content.algorithm, parts);
    if (found === null) return false;
    await this.#apply(
      choice.map(({ copies }, index) => copies[found[index] ?? 0] ?? null),
      true,
    );
    return true;
  }

  /**
   * Too much differs to be kept: the new copies replace the old ones, whichever are correct. If the file is wrong then,
   * the next comparison fetches a third copy of these blocks.
   */
  async #replaceAll(): Promise<void> {
    const differing = this.#differing();
    for (const { start } of differing) this.#replaced.add(start);
    await this.#apply(differing.map(newest), false);
    this.#kept.dropCopies();
  }

  get #isFull(): boolean {
    return this.#kept.storedBytes > MAX_KEPT_BYTES;
  }

  async #apply(copies: ReadonlyArray<Copy | null>, areRight: boolean): Promise<void> {
    const withBytes: AppliedCopy[] = [];
    for (const copy of copies) {
      const bytes = copy && (await this.#kept.bytesOf(copy));
      if (bytes) withBytes.push({ start: copy.start, end: copy.end, crc: copy.crc, bytes });
    }
    await this.#deps.apply(withBytes, areRight);
  }

  /**
   * Fetches the wanted parts of the suspects, or of all chunks when no suspect is left. With `isShort`, stops once
   * something differs that was not tried. Resolves to true when nothing wanted is left.
   */
  async #fetch(isShort: boolean): Promise<boolean> {
    const tried = isShort ? this.#tried : Number.POSITIVE_INFINITY;
    const hasNews = () => this.#isFull || this.#differing().length > tried;
    const { chunks } = this.#deps.table;
    if (!hasNews()) {
      const suspects = this.#second.request(chunks.filter(({ suspect }) => suspect));
      if (suspects === 0) this.#second.request(chunks);
      this.#deps.transfer.pump();
      while (this.#second.hasWork() && !hasNews()) {
        await new Promise<void>((resolve) => {
          this.#onProgress = resolve;
        });
      }
    }
    this.#second.dropWaiting();
    this.#tried = this.#differing().length;
    return !this.#parts.some((part) => this.#isWanted(part));
  }

  async #compare(part: ByteRange, bytes: Buffer): Promise<void> {
    const oldCrc = this.#oldCrc(part);
    if (oldCrc !== null) await this.#kept.add({ ...part, oldCrc, newCrc: crc32(bytes) }, bytes);
  }

  #differing(): SeenBlock[] {
    return this.#parts.flatMap((part) => {
      const oldCrc = this.#oldCrc(part);
      if (oldCrc === null) return [];
      const copies = this.#kept.copies(part, oldCrc);
      return copies.length === 0 ? [] : [{ ...part, oldCrc, copies, seen: this.#kept.seen(part, oldCrc) }];
    });
  }

  #isWanted(part: ByteRange): boolean {
    const oldCrc = this.#oldCrc(part);
    if (oldCrc === null || this.#replaced.has(part.start)) return false;
    const seen = this.#kept.seen(part, oldCrc);
    // Where nothing differed, two copies are enough.
    return seen.length + 1 < (seen.some((crc) => crc !== oldCrc) ? this.#wantedCopies : 2);
  }

  /**
   * CRC-32 of the copy in the partial. Every chunk was read, so there is one, unless a block was just found damaged on
   * the disk.
   */
  #oldCrc(part: ByteRange): number | null {
    return this.#deps.blocks.crcOf(part);
  }
}
