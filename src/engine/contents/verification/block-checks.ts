import { type BlockCheck, inOneBlock } from '../../../shared/model/block.ts';
import {
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
} from '../../../shared/model/byte-range.ts';
import { combineCrcs } from '../../integrity/block-crc.ts';
import { type ChunkPlan, chunkRange } from '../../transfer/chunk-plan.ts';
import type { Chunk } from '../../transfer/chunk-table.ts';

/**
 * The recorded checks of a content's blocks: CRC-32 of what was received of each, from the socket or read back. At most
 * one check per block and run of bytes: adjacent ones are merged.
 */
export class BlockChecks {
  readonly #plan: ChunkPlan;
  /** Keyed by chunk index, in order of offsets. */
  readonly #checks = new Map<number, BlockCheck[]>();

  constructor(plan: ChunkPlan) {
    this.#plan = plan;
  }

  /** Restores the checks of a chunk from the ledger. Those outside the chunk are ignored. */
  restore(index: number, checks: readonly BlockCheck[]): void {
    const inside = clipRanges(checks, chunkRange(this.#plan, index));
    if (index < this.#plan.count && inside.length === checks.length) this.#checks.set(index, [...checks]);
  }

  /** Returns the checks of everything received of a chunk. */
  of({ index, received }: Pick<Chunk, 'index' | 'received'>): BlockCheck[] {
    const checks = this.#checks.get(index) ?? [];
    return checks.filter((check) => missingRanges(received, check).length === 0);
  }

  /** Returns the parts of a chunk that were received but not checked. */
  unchecked(chunk: Pick<Chunk, 'index' | 'received'>): ByteRanges {
    const checks = this.of(chunk);
    return chunk.received.flatMap((range) => missingRanges(checks, range));
  }

  /** Adds checks; they replace earlier ones of the same parts. */
  add(added: readonly BlockCheck[]): void {
    for (const check of added) {
      const checks = this.#checksAt(check.start);
      const from = firstBehind(checks, check.start);
      const count = checks.slice(from).findIndex(({ start }) => start >= check.end);
      checks.splice(from, count < 0 ? checks.length - from : count, check);
      joinAround(checks, from);
    }
  }

  /** Returns the CRC-32 of exactly this part; null when it is not known. */
  crcOf(part: ByteRange): number | null {
    return this.#find(part)?.crc ?? null;
  }

  /** Returns those of `found` whose bytes differ from the record. Only whole parts can be compared. */
  differing(found: readonly BlockCheck[]): BlockCheck[] {
    return found.filter((check) => {
      const known = this.#find(check);
      return known !== undefined && known.crc !== check.crc;
    });
  }

  /** True when each of these checks is recorded. */
  hasAll(found: readonly BlockCheck[]): boolean {
    return found.every((check) => this.#find(check)?.crc === check.crc);
  }

  /** Drops the checks of a discarded range. A check that also covers other bytes becomes void. */
  forget(range: ByteRange): void {
    const last = Math.floor((range.end - 1) / this.#plan.chunkBytes);
    for (let index = Math.floor(range.start / this.#plan.chunkBytes); index <= last; index += 1) {
      const left = (this.#checks.get(index) ?? []).filter((check) => clipRanges([check], range).length === 0);
      this.#checks.set(index, left);
    }
  }

  #find({ start, end }: ByteRange): BlockCheck | undefined {
    return this.#checksAt(start).find((check) => check.start === start && check.end === end);
  }

  #checksAt(offset: number): BlockCheck[] {
    const index = Math.floor(offset / this.#plan.chunkBytes);
    const checks = this.#checks.get(index) ?? [];
    this.#checks.set(index, checks);
    return checks;
  }
}

/** Returns the index of the first check that ends after an offset. */
function firstBehind(checks: readonly BlockCheck[], offset: number): number {
  const index = checks.findIndex(({ end }) => end > offset);
  return index < 0 ? checks.length : index;
}

/** Merges a check with its neighbors where no byte and no boundary lies between them. */
function joinAround(checks: BlockCheck[], index: number): void {
  for (const at of [index, index - 1]) {
    const [first, second] = [checks[at], checks[at + 1]];
    if (!first || !second || first.end !== second.start || !inOneBlock(first, second)) continue;
    const crc = combineCrcs(first.crc, second.crc, second.end - second.start);
    checks.splice(at, 2, { start: first.start, end: second.end, crc });
  }
}
