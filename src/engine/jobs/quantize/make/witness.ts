import type { Piece, Unit } from '../plan/unit.ts';

/** Bytes of the source in one part; whole groups and whole words of everything that is made. */
const PART_BYTES = 64 * 1024;

/** The golden ratio: its multiples are spread evenly between whole numbers, however many there are. */
const GOLDEN = 0.618_033_988_749_895;

/**
 * The part of a unit that the second kernel makes again: of each piece its end, where the loop of a kernel ends, and a stretch that
 * lies elsewhere in each unit. So no tensor and no unit goes unseen, and 64 units or more show every place of a unit. A piece
 * that is not longer than that is made again whole.
 */
export function witnessOf(unit: Unit): Unit {
  const pieces = unit.pieces.flatMap((piece) => partsOf(piece, unit.index));
  return { ...unit, pieces };
}

function partsOf(piece: Piece, index: number): Piece[] {
  if (piece.sourceBytes <= 2 * PART_BYTES) return [piece];
  const parts = Math.floor(piece.sourceBytes / PART_BYTES);
  const moving = Math.floor(((index * GOLDEN) % 1) * (parts - 1)) * PART_BYTES;
  const last = (parts - 1) * PART_BYTES;
  return [cut(piece, moving, PART_BYTES), cut(piece, last, piece.sourceBytes - last)];
}

/** A stretch of a piece, and where its results lie. */
function cut(piece: Piece, offset: number, bytes: number): Piece {
  const { sourceStart, sourceBytes, targets } = piece;
  const made = (range: number, part: number) => (range / sourceBytes) * part;
  return {
    ...piece,
    isWhole: false,
    sourceStart: sourceStart + offset,
    sourceBytes: bytes,
    targets: targets.map(({ start, bytes: all }) => ({
      start: start + made(all, offset),
      bytes: made(all, bytes),
    })),
  };
}
