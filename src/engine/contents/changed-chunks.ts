import type { BlockCheck } from '../../shared/model/block.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import { type Chunk, isWhole } from '../transfer/chunk-table.ts';

/** Chunks whose current state is not in the ledger yet. */
export class ChangedChunks {
  readonly #rowOf: (chunk: Chunk) => CheckedChunkRow;
  #changed = new Set<Chunk>();
  /** Taken by the running checkpoint. */
  #taken = new Set<Chunk>();

  constructor(row: (chunk: Chunk) => CheckedChunkRow) {
    this.#rowOf = row;
  }

  add(chunk: Chunk): void {
    chunk.committed = false;
    this.#changed.add(chunk);
  }

  /** Returns the rows to commit, as of now. */
  take(): readonly CheckedChunkRow[] {
    this.#taken = this.#changed;
    this.#changed = new Set();
    return [...this.#taken].map(this.#rowOf);
  }

  /** The rows taken last are in the ledger, or must be taken again. A chunk that changed since is not up to date. */
  settle(ok: boolean): void {
    for (const chunk of this.#taken) {
      if (!ok) this.#changed.add(chunk);
      else if (!this.#changed.has(chunk)) chunk.committed = true;
    }
    this.#taken = new Set();
  }
}

/** Returns the ledger row of a chunk. */
export function rowOf(chunk: Chunk, checks: readonly BlockCheck[]): CheckedChunkRow {
  const { index, received, sha256, suspect } = chunk;
  return { index, received, sha256: isWhole(chunk) ? sha256 : null, suspect, checks };
}
