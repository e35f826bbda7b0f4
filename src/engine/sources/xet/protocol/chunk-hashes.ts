import { z } from 'zod';
import { XetFormatError } from '../format/format-error.ts';
import { parseHashText } from '../format/hash-text.ts';
import { type PlacedNode, placeNodes } from '../format/subtree.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.number().int().nonnegative();
const count = z.number().int().nonnegative().max(1_000_000);
const subtree = z.object({
  nodes: z.array(z.object({ hash, size: z.number().int().positive() })),
  levels: z.array(z.tuple([count, count])),
});
const answer = z.object({
  fileSize: size,
  windows: z.array(z.object({ dirtyByteRange: z.tuple([size, size]) })),
  hashRanges: z.array(subtree.nullable()),
  gapVerification: z.array(hash),
});

/** Bytes whose chunks a response leaves out. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** The storage's hashes of the chunks of a file outside some windows. */
export interface ChunkHashes {
  readonly windows: readonly Window[];
  /** Nodes between the windows in file order, with their byte ranges. */
  readonly nodes: readonly PlacedNode[];
  /** Verification hashes of the terms that touch no window, in file order. */
  readonly verification: readonly Uint8Array[];
}

/**
 * Parses a response of `/v2/file-chunk-hashes`. Throws `XetFormatError` when it is about a file of another size, when
 * windows are out of order, or when a subtree does not fill its gap.
 */
export function readChunkHashes(value: unknown, fileSize: number): ChunkHashes {
  const parsed = answer.safeParse(value);
  if (!parsed.success)
    throw new XetFormatError(`chunk hashes: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
  const { data } = parsed;
  if (data.fileSize !== fileSize) throw new XetFormatError('chunk hashes of another file');
  const windows = data.windows.map(({ dirtyByteRange: [start, end] }) => ({ start, end }));
  if (data.hashRanges.length !== windows.length + 1)
    throw new XetFormatError('chunk hashes: gaps are missing');
  const nodes = data.hashRanges.flatMap((gap, index) => {
    const start = windows[index - 1]?.end ?? 0;
    const end = windows[index]?.start ?? fileSize;
    if (end < start) throw new XetFormatError('chunk hashes: windows out of order');
    const placed = gap === null ? (start === end ? [] : null) : placeNodes(treeOf(gap), start, end);
    if (placed === null) throw new XetFormatError('chunk hashes: a subtree that does not fill its gap');
    return placed;
  });
  return { windows, nodes, verification: data.gapVerification.map(rawHash) };
}

const treeOf = ({ nodes, levels }: z.infer<typeof subtree>) => ({
  nodes: nodes.map((node) => ({ hash: rawHash(node.hash), length: node.size })),
  levels,
});

function rawHash(text: string): Uint8Array {
  const raw = parseHashText(text);
  if (raw === null) throw new XetFormatError('a hash in the wrong form');
  return raw;
}
