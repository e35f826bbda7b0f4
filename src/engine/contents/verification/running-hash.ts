import type { HashAlgorithm } from '../../../shared/model/download.ts';
import type { Hasher, HashStream } from '../../integrity/hash-pool.ts';
import type { ChunkTable } from '../../transfer/chunk-table.ts';

/** Ready chunks are fed together up to this size: small ones would cost a message each. */
const FEED_BYTES = 64 * 1024 * 1024;

/**
 * The hash of the whole file, computed while it is still being downloaded: each chunk is fed as soon as it and all
 * before it are on disk and checked, so that at the last byte only the tail is left.
 */
export class RunningHash {
  readonly #pool: Hasher;
  readonly #content: { readonly algorithm: HashAlgorithm; readonly size: number };
  readonly #table: ChunkTable;
  readonly #path: string;
  #stream: HashStream | null = null;
  #next = 0;
  #feeding = false;
  #ended = false;
  /** Counts the rewinds: a digest of what was fed before one is void. */
  #generation = 0;
  #found: string | null = null;

  constructor(
    pool: Hasher,
    content: { readonly algorithm: HashAlgorithm; readonly size: number },
    table: ChunkTable,
    path: string,
  ) {
    this.#pool = pool;
    this.#content = content;
    this.#table = table;
    this.#path = path;
  }

  /** Bytes fed to the hash. */
  get hashedBytes(): number {
    return this.#table.chunks[this.#next - 1]?.range.end ?? 0;
  }

  /** The last digest of the whole file; null before that. */
  get found(): string | null {
    return this.#found;
  }

  /** Feeds what can be fed. Resolves to the digest once the last chunk is in, else to null. */
  async advance(): Promise<string | null> {
    if (this.#feeding || this.#ended) return null;
    this.#feeding = true;
    try {
      const known = this.#knownDigest();
      if (known !== null) return known;
      for (;;) {
        const { chunks } = this.#table;
        const first = chunks[this.#next];
        if (!first) return await this.#digest();
        const next = this.#endOfReady(first.range.start + FEED_BYTES);
        const last = chunks[next - 1];
        if (next === this.#next || !last) return null;
        this.#stream ??= this.#pool.openStream(this.#content.algorithm, this.#content.size);
        const stream = this.#stream;
        await stream.feed({ path: this.#path, start: first.range.start, end: last.range.end });
        if (this.#stream === stream) this.#next = next; // Otherwise it was rewound in the meantime.
      }
    } finally {
      this.#feeding = false;
    }
  }

  /** Starts over at the first byte, after {@link advance} returned a digest. */
  restart(): void {
    this.#next = 0;
    this.#ended = false;
  }

  /** Starts over at the first byte, at any time: bytes that were fed are about to be replaced. */
  rewind(): void {
    this.drop();
    this.#generation += 1;
    this.restart();
  }

  /** Drops the state. */
  drop(): void {
    this.#stream?.drop();
    this.#stream = null;
  }

  /** A content of one chunk has the hash of that chunk, if both are SHA-256 and the chunk was just read. */
  #knownDigest(): string | null {
    const [chunk, second] = this.#table.chunks;
    if (!chunk?.checked || second || this.#content.algorithm !== 'sha256') return null;
    this.#next = 1;
    this.#ended = true;
    this.#found = chunk.sha256;
    return this.#found;
  }

  /** Returns the index after the consecutive checked chunks, up to `limit` in the file but at least one of them. */
  #endOfReady(limit: number): number {
    const { chunks } = this.#table;
    let next = this.#next;
    while (chunks[next]?.checked && (next === this.#next || (chunks[next]?.range.end ?? 0) <= limit))
      next += 1;
    return next;
  }

  async #digest(): Promise<string | null> {
    const stream = this.#stream ?? this.#pool.openStream(this.#content.algorithm, this.#content.size);
    this.#stream = null;
    this.#ended = true;
    const generation = this.#generation;
    const digest = await stream.digest();
    if (generation !== this.#generation) return null;
    this.#found = digest;
    return digest;
  }
}
