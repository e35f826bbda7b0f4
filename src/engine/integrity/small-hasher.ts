import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { BlockCrcs } from './block-crc.ts';
import { type Hasher, type HashStream, prefixOf, readError } from './hash-pool.ts';
import type { DigestAlgorithm, FilePart } from './hash-protocol.ts';

/** Longest content that is hashed on the event loop: a quarter of a millisecond. */
export const SMALL_CONTENT_BYTES = 256 * 1024;

/**
 * Hashes contents up to {@link SMALL_CONTENT_BYTES} on the calling thread: passing so little to another thread costs
 * more than the hash, and a download of small files needs no threads at all. Rejects as `HashPool` does.
 */
export const smallHasher: Hasher = {
  hash: async (part, algorithm) =>
    createHash(algorithm)
      .update(await readPart(part))
      .digest('hex'),
  openStream: (algorithm: HashAlgorithm, size) =>
    openStream(algorithm === 'sha256' ? 'sha256' : 'sha1', prefixOf(algorithm, size)),
  openPart: () => {
    const hash = createHash('sha256');
    return {
      feed: async (part) => {
        const bytes = await readPart(part);
        hash.update(bytes);
        return crcsOf(bytes, part.start);
      },
      digest: async () => hash.digest('hex'),
      drop: () => undefined,
    };
  },
  blockCrcs: async (part) => crcsOf(await readPart(part), part.start),
};

function crcsOf(bytes: Buffer, start: number): Uint32Array {
  const crcs = new BlockCrcs(start);
  crcs.add(bytes);
  return crcs.crcs;
}

function openStream(algorithm: DigestAlgorithm, prefix: string): HashStream {
  const hash = createHash(algorithm).update(prefix);
  return {
    feed: async (part) => void hash.update(await readPart(part)),
    digest: async () => hash.digest('hex'),
    drop: () => undefined,
  };
}

async function readPart({ path, start, end }: FilePart): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(end - start);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0)
          throw Object.assign(new Error('the file ends before the part does'), { code: 'EOF' });
        at += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw readError({ message, code: code ?? null }, path);
  }
}
