import { BLOCK_BYTES, type BlockCheck } from '../../../../shared/model/block.ts';
import { blockChecksOf, combineCrcs } from '../../../integrity/block-crc.ts';
import type { Unit } from '../plan/unit.ts';
import { checksOfUnit } from '../plan/unit-checks.ts';
import type { MakeDeps } from './make-units.ts';

/** What is on disk. */
export interface ReadBack {
  /** SHA-256 of each file, in hex. */
  readonly hashes: readonly string[];
  /** True when every byte is as it was written. */
  readonly isIntact: boolean;
  /** Indices of the units in blocks that are not. */
  readonly changed: ReadonlySet<number>;
}

/** Bytes that are read between two looks at the clock; whole blocks. */
const STEP_BYTES = 16 * BLOCK_BYTES;

/**
 * Reads the files that were made, each once and in order: every block is compared with what was written into it, and the same bytes
 * go into the SHA-256.
 */
export async function readBack(
  deps: MakeDeps,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ReadBack> {
  const hashes: string[] = [];
  const wrong: ExpectedBlock[] = [];
  for (const [index, { plan }] of deps.plan.files.entries()) {
    const { head, fileBytes } = plan.layout;
    const units = deps.plan.units.filter(({ file }) => file === index);
    const blocks = expectedBlocks(units, head, deps.done);
    const stream = deps.hasher.openPart();
    try {
      for (let start = 0; start < fileBytes; start += STEP_BYTES) {
        signal.throwIfAborted();
        const end = Math.min(fileBytes, start + STEP_BYTES);
        const found = await stream.feed({ path: deps.targets[index] ?? '', start, end });
        const expected = blocks.slice(start / BLOCK_BYTES, Math.ceil(end / BLOCK_BYTES));
        wrong.push(...expected.filter(({ crc }, place) => crc !== found[place]));
        deps.counters.readBytes += end - start;
        onBytes(end - start);
      }
    } catch (error) {
      stream.drop();
      throw error;
    }
    hashes.push(await stream.digest());
  }
  const changed = new Set(wrong.flatMap(({ units }) => [...units]));
  return { hashes, isIntact: wrong.length === 0, changed };
}

/** What a block of a file must hold, and the units that wrote into it. */
interface ExpectedBlock {
  crc: number;
  readonly units: Set<number>;
}

/** Header and units fill a file without holes: the checks of what they wrote, put together in its order, are those of its blocks. */
function expectedBlocks(
  units: readonly Unit[],
  head: Uint8Array,
  done: ReadonlyMap<number, string>,
): ExpectedBlock[] {
  const blocks: ExpectedBlock[] = [];
  const add = ({ start, end, crc }: BlockCheck, unit: number | null) => {
    const index = Math.floor(start / BLOCK_BYTES);
    blocks[index] ??= { crc: 0, units: new Set() };
    const block = blocks[index];
    block.crc = combineCrcs(block.crc, crc, end - start);
    if (unit !== null) block.units.add(unit);
  };
  for (const check of blockChecksOf([Buffer.from(head.buffer, head.byteOffset, head.length)], 0))
    add(check, null);
  const written = units.flatMap((unit) =>
    checksOfUnit(unit, done.get(unit.index) ?? '').map((check) => ({ check, unit: unit.index })),
  );
  for (const { check, unit } of written.sort((a, b) => a.check.start - b.check.start)) add(check, unit);
  return blocks;
}
