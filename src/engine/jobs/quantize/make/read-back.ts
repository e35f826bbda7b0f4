import { BlockCrcs } from '../../../integrity/block-crc.ts';
import { checksText, HEADER, rangesInOrder } from '../plan/unit-checks.ts';
import type { MakeDeps } from './make-units.ts';

/** What is on disk. */
export interface ReadBack {
  /** SHA-256 of each file, in hex. */
  readonly hashes: readonly string[];
  /** Indices of units that are not as they were written; {@link HEADER} for the start of a file. */
  readonly changed: ReadonlySet<number>;
}

/** Reads the files that were made, each once and in order, and compares every range with what was written. */
export async function readBack(
  deps: MakeDeps,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ReadBack> {
  const hashes: string[] = [];
  const changed = new Set<number>();
  for (const file of deps.plan.files.keys()) {
    const found = await readFile(file, deps, onBytes, signal);
    hashes.push(found.hash);
    for (const unit of found.changed) changed.add(unit);
  }
  return { hashes, changed };
}

async function readFile(
  file: number,
  { plan, targets, hasher, done, counters }: MakeDeps,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ readonly hash: string; readonly changed: readonly number[] }> {
  const path = targets[file] ?? '';
  const head = plan.files[file]?.plan.layout.head ?? Buffer.alloc(0);
  const units = plan.units.filter((unit) => unit.file === file);
  const crcs = new Map<number, Uint32Array[]>();
  const stream = hasher.openPart();
  try {
    for (const { unit, place, start, bytes } of rangesInOrder(units, head.length)) {
      signal.throwIfAborted();
      const ofUnit = crcs.get(unit) ?? [];
      crcs.set(unit, ofUnit);
      ofUnit[place] = await stream.feed({ path, start, end: start + bytes });
      counters.readBytes += bytes;
      onBytes(bytes);
    }
  } catch (error) {
    stream.drop();
    throw error;
  }
  const written = (unit: number) => (unit === HEADER ? checksOf(head) : done.get(unit));
  const changed = [...crcs].filter(([unit, found]) => checksText(found) !== written(unit));
  return { hash: await stream.digest(), changed: changed.map(([unit]) => unit) };
}

function checksOf(head: Uint8Array): string {
  const crcs = new BlockCrcs(0);
  crcs.add(Buffer.from(head.buffer, head.byteOffset, head.length));
  return checksText([crcs.crcs]);
}
