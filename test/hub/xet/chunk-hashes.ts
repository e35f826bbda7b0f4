import { hashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import type { KeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import {
  type HashedSpan,
  totalLength,
  verificationHash,
} from '../../../src/engine/sources/xet/format/tree.ts';
import { makeSubtree } from './make-subtree.ts';
import type { XetFile } from './xet-file.ts';

/** A window ends behind two untouched chunks in a row of such lengths. Source: xet-core, chunk_window_builder.rs. */
const isSettled = ({ length }: HashedSpan): boolean => length >= 16_384 && length < 122_880;

/** Ranges of `X-Range-Dirty` (ends inclusive); null when the header is missing or malformed. */
export function dirtyRanges(header: string | undefined): Array<[number, number]> | null {
  const match = /^bytes=(\d+-\d+(?:,\s*\d+-\d+)*)$/.exec(header?.trim() ?? '');
  if (match === null) return null;
  return (match[1] ?? '')
    .split(',')
    .map((range): [number, number] => {
      const [start = 0, end = 0] = range.trim().split('-').map(Number);
      return [start, end];
    })
    .sort((a, b) => a[0] - b[0]);
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** The answer about a file's chunk hashes outside of windows around the dirty ranges; null when none lies in the file. */
export function chunkHashes(
  file: XetFile,
  dirty: ReadonlyArray<readonly [number, number]>,
  keyed: KeyedHash,
) {
  const inside = dirty.filter(([start, end]) => start < file.size && end >= start);
  if (inside.length === 0) return null;
  const starts = [0];
  for (const { length } of file.chunks) starts.push((starts.at(-1) ?? 0) + length);
  const at = (index: number) => starts[index] ?? file.size;
  const windows = windowsOf(file.chunks, at, inside);
  const gaps = [...windows, { from: file.chunks.length, to: file.chunks.length }].map(({ from }, index) => {
    const begin = windows[index - 1]?.to ?? 0;
    return makeSubtree(file.chunks.slice(begin, from), index === 0, index === windows.length, keyed);
  });
  const isTouched = (start: number, end: number) =>
    windows.some(({ from, to }) => start < at(to) && at(from) < end);
  let offset = 0;
  const gapVerification = file.terms.flatMap((term) => {
    const chunks = term.xorb.chunks.slice(term.start, term.end);
    const start = offset;
    offset += totalLength(chunks);
    return isTouched(start, offset) ? [] : [hashText(verificationHash(chunks, keyed))];
  });
  return {
    totalChunks: file.chunks.length,
    fileSize: file.size,
    windows: windows.map(({ from, to }) => ({ dirtyByteRange: [at(from), at(to)] })),
    hashRanges: gaps,
    gapVerification,
  };
}

function windowsOf(
  chunks: readonly HashedSpan[],
  at: (index: number) => number,
  dirty: ReadonlyArray<readonly [number, number]>,
): Window[] {
  const touched = chunks.map((_, index) =>
    dirty.some(([start, end]) => start < at(index + 1) && end >= at(index)),
  );
  const windows: Window[] = [];
  for (let from = touched.indexOf(true); from >= 0; ) {
    let to = from;
    for (let calm = 0; to < chunks.length && calm < 2; to += 1) {
      const chunk = chunks[to];
      calm = !touched[to] && chunk !== undefined && isSettled(chunk) ? calm + 1 : 0;
    }
    windows.push({ from, to });
    from = touched.indexOf(true, to);
  }
  return windows;
}
