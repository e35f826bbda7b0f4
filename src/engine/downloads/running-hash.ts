import type { HashAlgorithm } from '../../shared/model/download.ts';
import type { HashPool, HashStream } from '../integrity/hash-pool.ts';
import type { ChunkTable } from '../transfer/chunk-table.ts';

/**
 * The hash of the whole file, made while it is still being downloaded: each chunk is fed as soon as it and all before it
 * are on disk and checked, so that at the last byte only the tail is left.
 */
export class RunningHash {
  readonly #pool: HashPool;
  readonly #content: { readonly algorithm: HashAlgorithm; readonly size: number };
  readonly #table: ChunkTable;
  readonly #path: string;
  #stream: HashStream | null = null;
  #next = 0;
  #feeding = false;
  #ended = false;
  #found: string | null = null;

  constructor(
    pool: HashPool,
    content: { readonly algorithm: HashAlgorithm; readonly size: number },
    table: ChunkTable,
    path: string,
  ) {
    this.#pool = pool;
    this.#content = content;
    this.#table = table;
    this.#path = path;
  }

  /** Bytes that are in the hash. */
  get hashedBytes(): number {
    return this.#table.chunks[this.#next - 1]?.range.end ?? 0;
  }

  /** What the whole file hashed to the last time; null before that. */
  get found(): string | null {
    return this.#found;
  }

  /** Feeds what can be fed. Resolves to the digest once the last chunk is in, else to null. */
  async advance(): Promise<string | null> {
    if (this.#feeding || this.#ended) return null;
    this.#feeding = true;
    try {
      for (;;) {
        const chunk = this.#table.chunks[this.#next];
        if (!chunk) return await this.#digest();
        if (!chunk.checked) return null;
        this.#stream ??= this.#pool.openStream(this.#content.algorithm, this.#content.size);
        await this.#stream.feed({ path: this.#path, ...chunk.range });
        this.#next += 1;
      }
    } finally {
      this.#feeding = false;
    }
  }

  /** Begins again at the first byte, after {@link advance} gave a digest. */
  restart(): void {
    this.#next = 0;
    this.#ended = false;
  }

  /** Gives the state up. */
  drop(): void {
    this.#stream?.drop();
    this.#stream = null;
  }

  async #digest(): Promise<string> {
    const stream = this.#stream ?? this.#pool.openStream(this.#content.algorithm, this.#content.size);
    this.#stream = null;
    this.#ended = true;
    this.#found = await stream.digest();
    return this.#found;
  }
}
