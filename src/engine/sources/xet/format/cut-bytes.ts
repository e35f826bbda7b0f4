import type { PieceKernel } from '../kernel/kernel.ts';
import type { CutRule } from '../kernel/limits.ts';
import { DATA_KEY } from './keys.ts';
import type { HashedSpan } from './tree.ts';

/** Returns the chunks of a content that fits into the kernel's input, with their hashes. */
export function cutBytes(kernel: PieceKernel, bytes: Uint8Array, rule: CutRule): HashedSpan[] {
  kernel.input.set(bytes);
  const chunks: HashedSpan[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = kernel.cut(at, bytes.length, rule);
    chunks.push({ hash: kernel.hash(at, at + length, DATA_KEY), length });
    at += length;
  }
  return chunks;
}
