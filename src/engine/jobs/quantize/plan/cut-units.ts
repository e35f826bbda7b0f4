import { MAX_SOURCE_BYTES } from '../arithmetic/kernel.ts';
import type { Piece, Unit } from './unit.ts';

/** Smaller tensors are gathered: a row in the ledger and a message to a thread for each norm would cost more than the norm. */
const SMALL_BYTES = 1024 * 1024;

/** Units of one file: a large piece is a unit, small ones are gathered into units of at most 8 MiB at the end. */
export function cutUnits(file: number, firstIndex: number, pieces: readonly Piece[]): Unit[] {
  const isSmall = ({ isWhole, sourceBytes }: Piece) => isWhole && sourceBytes < SMALL_BYTES;
  const large = pieces.filter((piece) => !isSmall(piece)).map((piece) => [piece]);
  const gathered: Piece[][] = [];
  let room = 0;
  for (const piece of pieces.filter(isSmall)) {
    if (piece.sourceBytes > room) {
      gathered.push([]);
      room = MAX_SOURCE_BYTES;
    }
    gathered.at(-1)?.push(piece);
    room -= piece.sourceBytes;
  }
  return [...large, ...gathered].map((group, index) => ({
    index: firstIndex + index,
    file,
    pieces: group,
    sourceBytes: sum(group.map(({ sourceBytes }) => sourceBytes)),
    targetBytes: sum(group.flatMap(({ targets }) => targets.map(({ bytes }) => bytes))),
  }));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
