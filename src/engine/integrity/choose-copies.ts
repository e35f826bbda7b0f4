import { createHash, type Hash } from 'node:crypto';
import type { CopyChoice, FilePart } from './hash-protocol.ts';

/**
 * Finds the combination of copies that gives a file its hash: the first copies of all parts first, then the others, the
 * last part changing fastest. A state of the hash is kept at each part, so that a combination costs only what follows
 * the first part in which it differs from the previous one. Returns null when no combination is correct. `read` passes
 * on the bytes of a part of a file.
 */
export function chooseCopies(
  file: FilePart,
  { algorithm, prefix, expected, parts }: CopyChoice,
  read: (part: FilePart, take: (bytes: Buffer) => void) => void,
): number[] | null {
  const feed = (hash: Hash, part: FilePart) => read(part, (bytes) => hash.update(bytes));

  /** `hash` covers everything before `position`, which lies at or before the part at `index`. */
  const search = (hash: Hash, position: number, index: number): number[] | null => {
    const part = parts[index];
    feed(hash, { path: file.path, start: position, end: part?.start ?? file.end });
    if (!part) return hash.digest('hex') === expected ? [] : null;
    for (const [copy, bytes] of part.copies.entries()) {
      const branch = hash.copy();
      feed(branch, bytes);
      const rest = search(branch, part.end, index + 1);
      if (rest) return [copy, ...rest];
    }
    return null;
  };
  return search(createHash(algorithm).update(prefix), file.start, 0);
}
