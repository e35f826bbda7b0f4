import { describe, expect, it } from 'vitest';
import type { BlobRow } from '../ledger/blobs.ts';
import type { ChunkRow } from '../ledger/chunks.ts';
import { fileView, ledgerProgress, wholeOrNothing } from './file-progress.ts';

const SHA = 'a'.repeat(64);
const file = { hash: SHA, size: 25 };
const blob: BlobRow = {
  id: 7,
  folder: '/f',
  hash: SHA,
  algorithm: 'sha256',
  size: 25,
  chunkBytes: 10,
};
const chunk = (index: number, start: number, end: number, sha256: string | null): ChunkRow => ({
  index,
  received: [{ start, end }],
  sha256,
  suspect: false,
});

/** Returns the progress for a ledger with this blob and these chunks. */
function progressOf(row: BlobRow | null, chunks: readonly ChunkRow[]) {
  const tables = {
    blobs: { find: (folder: string, hash: string) => (folder === '/f' && hash === SHA ? row : null) },
    chunks: { list: (id: number) => (id === 7 ? chunks : []) },
  };
  return ledgerProgress(tables as unknown as Parameters<typeof ledgerProgress>[0], '/f', file, 5);
}

describe('wholeOrNothing', () => {
  it('counts everything of a whole file and nothing of another', () => {
    expect(wholeOrNothing(25, 10, true)).toEqual({
      receivedBytes: 25,
      verifiedBytes: 25,
      chunksDone: 3,
      chunksTotal: 3,
    });
    expect(wholeOrNothing(25, 10, false)).toEqual({
      receivedBytes: 0,
      verifiedBytes: 0,
      chunksDone: 0,
      chunksTotal: 3,
    });
  });

  it('has no chunks for an empty file', () => {
    expect(wholeOrNothing(0, 10, true)).toMatchObject({ receivedBytes: 0, chunksTotal: 0 });
  });
});

describe('ledgerProgress', () => {
  it('counts chunks with a hash as verified, others as received, in the chunk size of the ledger', () => {
    const chunks = [chunk(0, 0, 10, SHA), chunk(1, 10, 14, null), chunk(2, 20, 25, SHA)];
    expect(progressOf(blob, chunks)).toEqual({
      receivedBytes: 19,
      verifiedBytes: 15,
      chunksDone: 2,
      chunksTotal: 3,
    });
  });

  it('treats an incomplete chunk as unverified, whatever hash is recorded', () => {
    expect(progressOf(blob, [chunk(0, 0, 9, SHA)])).toMatchObject({
      receivedBytes: 9,
      verifiedBytes: 0,
      chunksDone: 0,
    });
  });

  it('counts nothing beyond the end of the file', () => {
    expect(progressOf(blob, [chunk(2, 20, 30, SHA)])).toMatchObject({ receivedBytes: 5, verifiedBytes: 5 });
  });

  it('counts nothing outside the chunk of a row', () => {
    expect(progressOf(blob, [chunk(0, 5, 20, SHA)])).toMatchObject({ receivedBytes: 5, verifiedBytes: 0 });
    expect(progressOf(blob, [chunk(7, 0, 10, SHA)])).toMatchObject({ receivedBytes: 0, chunksDone: 0 });
  });

  it('counts nothing where the ledger has another size, or no such content', () => {
    const nothing = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0, chunksTotal: 5 };
    expect(progressOf({ ...blob, size: 26 }, [chunk(0, 0, 10, SHA)])).toEqual(nothing);
    expect(progressOf(null, [])).toEqual(nothing);
  });
});

describe('fileView', () => {
  it('joins what a file is and how far it is', () => {
    const row = { path: 'x', size: 25, hash: SHA, algorithm: 'sha256', installed: false } as const;
    const progress = { receivedBytes: 1, verifiedBytes: 0, chunksDone: 0, chunksTotal: 3 };
    expect(fileView(row, progress)).toEqual({ ...row, ...progress });
  });
});
