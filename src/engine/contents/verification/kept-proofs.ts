import { checksOf } from '../../../shared/model/block.ts';
import {
  addRange,
  type ByteRange,
  type ByteRanges,
  missingRanges,
} from '../../../shared/model/byte-range.ts';
import { identifyFile } from '../../cache/file-identity.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { PieceProofsTable, ProofRow } from '../../ledger/piece-proofs.ts';
import type { TermVerdict } from '../../sources/xet/proof/verdict.ts';
import type { ChunkTable } from '../../transfer/chunk-table.ts';
import type { BlockChecks } from './block-checks.ts';

/** What {@link KeptProofs} works with. */
export interface KeptProofsDeps {
  readonly blobId: number;
  /** The file with the bytes. */
  readonly file: string;
  readonly table: ChunkTable;
  readonly blocks: BlockChecks;
  readonly hasher: Pick<HashPool, 'blockCrcs'>;
  readonly records: PieceProofsTable;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/**
 * The pieces of a partial that the Hub's hashes proved, as the ledger keeps them: each at once, so that a killed process loses none.
 * What was proved is not judged again while the file has not changed since. A file that did (a killed process had written more of it)
 * is compared with the checks of its blocks, which costs a quarter of judging it; only pieces that differ are judged again. A ledger
 * that cannot be written changes nothing but that.
 */
export class KeptProofs {
  readonly #deps: KeptProofsDeps;

  constructor(deps: KeptProofsDeps) {
    this.#deps = deps;
  }

  /**
   * The pieces that still hold, of those that are all here. `onBytes` is told how many bytes were read. Rejects when they cannot be read,
   * and with the reason of `signal`.
   */
  async restore(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<readonly ProofRow[]> {
    const { records, blobId, file } = this.#deps;
    const rows = records.list(blobId).filter((row) => row.bad.length === 0 && this.#isHere(row));
    if (rows.length === 0) return [];
    const now = await identifyFile(file);
    const sure = rows.filter(({ identity }) => identity === now?.identity);
    const changed = await this.#changedParts(
      rows.filter((row) => !sure.includes(row)),
      onBytes,
      signal,
    );
    return rows.filter((row) => sure.includes(row) || !overlapsAny(row, changed));
  }

  /** Keeps what was proved. */
  async save(verdicts: readonly TermVerdict[]): Promise<void> {
    const { records, blobId, file } = this.#deps;
    const identity = (await identifyFile(file))?.identity;
    const rows = identity === undefined ? [] : provedRows(verdicts, identity);
    if (rows.length > 0) this.#write(() => records.save(blobId, rows));
  }

  /** These bytes are given up: nothing of them is proved. */
  forget(ranges: ByteRanges): void {
    this.#write(() => this.#deps.records.removeRanges(this.#deps.blobId, ranges));
  }

  /** Nothing is written to the file any more: what was proved of it holds while it stays as it is. */
  async seal(): Promise<void> {
    const { records, blobId, file } = this.#deps;
    const identity = (await identifyFile(file))?.identity;
    if (identity !== undefined) this.#write(() => records.renew(blobId, identity));
  }

  #isHere({ start, end }: ByteRange): boolean {
    return this.#chunksOf({ start, end }).every(({ received, range }) => {
      const part = { start: Math.max(start, range.start), end: Math.min(end, range.end) };
      return missingRanges(received, part).length === 0;
    });
  }

  /** Parts of some pieces that are not as they were checked, or that nobody checked. */
  async #changedParts(
    rows: readonly ProofRow[],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<ByteRanges> {
    const { blocks, hasher, file, table } = this.#deps;
    let changed: ByteRanges = [];
    let readBytes = 0;
    for (const chunk of table.chunks) {
      const wanted = rows.flatMap((row) => clipped(row, chunk.range));
      if (wanted.length === 0) continue;
      const checks = blocks.of(chunk).filter((check) => overlapsAny(check, wanted));
      const checked = checks.reduce<ByteRanges>(addRange, []);
      for (const gap of wanted.flatMap((part) => missingRanges(checked, part)))
        changed = addRange(changed, gap);
      for (const part of checked) {
        signal.throwIfAborted();
        const found = checksOf(part, await hasher.blockCrcs({ path: file, ...part }));
        for (const check of found) if (!blocks.hasAll([check])) changed = addRange(changed, check);
        readBytes += part.end - part.start;
        onBytes(readBytes);
      }
    }
    return changed;
  }

  #chunksOf({ start, end }: ByteRange) {
    const { chunks, plan } = this.#deps.table;
    if (end > plan.size) return [{ received: [], range: { start, end } }];
    return chunks.slice(Math.floor(start / plan.chunkBytes), Math.ceil(end / plan.chunkBytes));
  }

  #write(work: () => void): void {
    try {
      work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#deps.log('info', `Proofs of pieces are not kept: ${reason}`);
    }
  }
}

function provedRows(verdicts: readonly TermVerdict[], identity: string): ProofRow[] {
  return verdicts.flatMap(({ state, method, start, end }) =>
    state === 'proved' && method !== null ? [{ start, end, identity, method, bad: [] }] : [],
  );
}

function clipped(range: ByteRange, within: ByteRange): ByteRange[] {
  const start = Math.max(range.start, within.start);
  const end = Math.min(range.end, within.end);
  return start < end ? [{ start, end }] : [];
}

const overlapsAny = (range: ByteRange, others: ByteRanges): boolean =>
  others.some(({ start, end }) => start < range.end && range.start < end);
