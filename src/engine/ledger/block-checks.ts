import { BLOCK_BYTES, type BlockCheck, checksOf, cutAtBlocks } from '../../shared/model/block.ts';
import type { ByteRange } from '../../shared/model/byte-range.ts';

/** Bytes per stored offset: enough for 256 TiB. */
const OFFSET_BYTES = 6;
const HEAD_BYTES = 2 * OFFSET_BYTES;
const CRC_BYTES = 4;

/**
 * Encodes checks for storage: for each run without a gap its start and end in the file, then one CRC for each block it
 * touches, all big-endian. 212 bytes for a chunk of 50 MiB. Null when there are none.
 */
export function encodeChecks(checks: readonly BlockCheck[]): Buffer | null {
  if (checks.length === 0) return null;
  return Buffer.concat(
    runsOf(checks).map((run) => {
      const bytes = Buffer.alloc(HEAD_BYTES + run.length * CRC_BYTES);
      bytes.writeUIntBE(run[0]?.start ?? 0, 0, OFFSET_BYTES);
      bytes.writeUIntBE(run.at(-1)?.end ?? 0, OFFSET_BYTES, OFFSET_BYTES);
      run.forEach(({ crc }, index) => {
        bytes.writeUInt32BE(crc, HEAD_BYTES + index * CRC_BYTES);
      });
      return bytes;
    }),
  );
}

/**
 * Decodes what {@link encodeChecks} produced. Anything else is ignored: without checks the bytes are verified by other
 * hashes.
 */
export function decodeChecks(bytes: Buffer | null): BlockCheck[] {
  const checks: BlockCheck[] = [];
  for (let at = 0; bytes !== null && at < bytes.length; ) {
    if (bytes.length - at < HEAD_BYTES) return [];
    const range: ByteRange = {
      start: bytes.readUIntBE(at, OFFSET_BYTES),
      end: bytes.readUIntBE(at + OFFSET_BYTES, OFFSET_BYTES),
    };
    const room = Math.floor((bytes.length - at - HEAD_BYTES) / CRC_BYTES);
    if (range.start < (checks.at(-1)?.end ?? 0) || !isPlausible(range, room)) return [];
    const count = cutAtBlocks(range).length;
    const crcs = Array.from({ length: count }, (_, index) =>
      bytes.readUInt32BE(at + HEAD_BYTES + index * CRC_BYTES),
    );
    checks.push(...checksOf(range, crcs));
    at += HEAD_BYTES + count * CRC_BYTES;
  }
  return checks;
}

/** Checked before the range is divided: a damaged end could be anywhere. */
function isPlausible({ start, end }: ByteRange, crcs: number): boolean {
  if (end <= start || end - start > crcs * BLOCK_BYTES) return false;
  return cutAtBlocks({ start, end }).length <= crcs;
}

/** Groups checks that are adjacent at block boundaries. Two of one block are two runs: nobody has read them as one. */
function runsOf(checks: readonly BlockCheck[]): BlockCheck[][] {
  const runs: BlockCheck[][] = [];
  for (const check of checks) {
    const last = runs.at(-1)?.at(-1);
    if (last && last.end === check.start && isBorder(check.start)) runs.at(-1)?.push(check);
    else runs.push([check]);
  }
  return runs;
}

const isBorder = (offset: number): boolean => offset % BLOCK_BYTES === 0;
