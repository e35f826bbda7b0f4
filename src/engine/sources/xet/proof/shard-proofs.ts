import { addRange, type ByteRanges } from '../../../../shared/model/byte-range.ts';
import { sameHash } from '../format/hash-text.ts';
import type { KeyedHash } from '../format/keyed-hash.ts';
import type { Shard, ShardChunk } from '../format/shard.ts';
import { type HashedSpan, totalLength } from '../format/tree.ts';
import { MAX_CHUNK_BYTES } from '../kernel/limits.ts';
import type { Term } from '../protocol/reconstruction.ts';
import type { XetClient } from '../protocol/xet-client.ts';
import { type LocalBytes, spansOf } from './local-bytes.ts';

/** Maximum number of chunks that are queried; one is enough where the storage returns all xorbs of an upload. */
const MAX_QUESTIONS = 16;

/** About one chunk in 1,024 can be queried. Source: huggingface/hub-docs, docs/xet/deduplication.md. */
const isEligible = ({ hash }: HashedSpan): boolean => hash[24] === 0 && ((hash[25] ?? 0) & 3) === 0;

/** The chunks of xorbs as listed in shards of the global deduplication. */
export class ShardProofs {
  readonly #client: XetClient;
  readonly #keyed: KeyedHash;
  readonly #known = new Map<
    string,
    { readonly key: Uint8Array | null; readonly chunks: readonly ShardChunk[] }
  >();
  #questions = 0;

  constructor(client: XetClient, keyed: KeyedHash) {
    this.#client = client;
    this.#keyed = keyed;
  }

  has(term: Term): boolean {
    return this.#known.has(term.xorb);
  }

  /** Queries the chunks of a term that can be queried; `isFirst` when it begins the file. */
  async ask(term: Term, chunks: readonly HashedSpan[], isFirst: boolean, signal: AbortSignal): Promise<void> {
    const candidates = chunks.filter((chunk, index) => (isFirst && index === 0) || isEligible(chunk));
    for (const { hash } of candidates) {
      if (this.has(term) || this.#questions >= MAX_QUESTIONS) return;
      this.#questions += 1;
      const shard = await this.#client.shardAround(hash, signal);
      if (shard !== null) this.#add(shard);
    }
  }

  /**
   * Compares a term chunk by chunk at its true boundaries; returns null when its xorb is unknown, or does not match the
   * term.
   */
  async compare(
    { xorb, chunkStart, chunkEnd, start, end }: Term,
    local: LocalBytes,
  ): Promise<{ proved: ByteRanges; failed: ByteRanges } | null> {
    const known = this.#known.get(xorb);
    const told = known?.chunks.slice(chunkStart, chunkEnd) ?? [];
    const spans = told.map(({ keyedHash, length }) => ({ hash: keyedHash, length }));
    const isWhole = told.length === chunkEnd - chunkStart && totalLength(spans) === end - start;
    if (!known || !isWhole || told.some(({ length }) => length > MAX_CHUNK_BYTES || length === 0))
      return null;
    let at = start;
    const borders = told.map(({ length }) => {
      at += length;
      return at;
    });
    const here = spansOf(await local.cut({ start, end }, { rule: null, borders }));
    let proved: ByteRanges = [];
    let failed: ByteRanges = [];
    for (const [index, { hash, length }] of here.entries()) {
      const to = borders[index] ?? end;
      const keyedHash = known.key === null ? hash : this.#keyed(known.key, hash);
      const fits = sameHash(keyedHash, told[index]?.keyedHash ?? new Uint8Array());
      const range = { start: to - length, end: to };
      if (fits) proved = addRange(proved, range);
      else failed = addRange(failed, range);
    }
    return { proved, failed };
  }

  #add({ key, xorbs }: Shard): void {
    for (const [xorb, chunks] of xorbs) this.#known.set(xorb, { key, chunks });
  }
}
