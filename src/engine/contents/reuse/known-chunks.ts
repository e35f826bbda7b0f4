import type { Term } from '../../sources/xet/protocol/reconstruction.ts';

/** Bytes of a file on this disk that are wanted elsewhere. */
export interface Copy {
  readonly path: string;
  /** Offset in that file. */
  readonly from: number;
  /** Offset in the wanted file. */
  readonly to: number;
  readonly bytes: number;
}

interface Place {
  readonly path: string;
  readonly start: number;
  readonly bytes: number;
}

/** Maps chunks of xorbs to their positions on this disk. */
export class KnownChunks {
  readonly #xorbs = new Map<string, Map<number, Place>>();

  /** Adds a term of a local file, with the length of each of its chunks. */
  add(path: string, { xorb, chunkStart, start }: Term, lengths: Iterable<number>): void {
    const places = this.#xorbs.get(xorb) ?? new Map<number, Place>();
    this.#xorbs.set(xorb, places);
    let index = chunkStart;
    let at = start;
    for (const bytes of lengths) {
      if (!places.has(index)) places.set(index, { path, start: at, bytes });
      index += 1;
      at += bytes;
    }
  }

  /**
   * Returns the copies that yield as much of a term as can be placed. Only lengths determine where a chunk is, so
   * chunks are taken from the front and from the end of the term, up to the first one that is not here. Returns none
   * when the lengths do not add up to the term's.
   */
  copiesFor({ xorb, chunkStart, chunkEnd, start, end }: Term): readonly Copy[] {
    const places = this.#xorbs.get(xorb);
    if (!places) return [];
    const front: Copy[] = [];
    let to = start;
    let index = chunkStart;
    for (let place = places.get(index); place && index < chunkEnd; place = places.get(++index)) {
      front.push({ path: place.path, from: place.start, to, bytes: place.bytes });
      to += place.bytes;
    }
    if (index === chunkEnd) return to === end ? joined(front) : [];
    const back: Copy[] = [];
    let before = end;
    for (let last = chunkEnd - 1; last > index; last -= 1) {
      const place = places.get(last);
      if (!place) break;
      before -= place.bytes;
      back.unshift({ path: place.path, from: place.start, to: before, bytes: place.bytes });
    }
    return before > to ? joined([...front, ...back]) : [];
  }
}

/** Merges copies that are adjacent in both files. */
function joined(copies: readonly Copy[]): readonly Copy[] {
  const result: Copy[] = [];
  for (const copy of copies) {
    const last = result.at(-1);
    const follows =
      last &&
      last.path === copy.path &&
      last.from + last.bytes === copy.from &&
      last.to + last.bytes === copy.to;
    if (follows) result[result.length - 1] = { ...last, bytes: last.bytes + copy.bytes };
    else result.push(copy);
  }
  return result;
}
