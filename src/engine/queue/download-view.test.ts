import { expect, it } from 'vitest';
import type { FileRow } from '../ledger/files.ts';
import { downloadView, type Viewed } from './download-view.ts';
import { TrackedFile } from './tracked-file.ts';

/** More than a function takes as arguments. */
const MANY = 200_000;

it('tells when the oldest check of very many files was made', () => {
  const hash = 'a'.repeat(64);
  const files = Array.from({ length: MANY }, (_, index) => {
    const row: FileRow = { path: `f${index}`, size: 1, hash, algorithm: 'sha256', installed: false };
    const none = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0, chunksTotal: 1 };
    const file = new TrackedFile(row, () => none);
    file.installed({ check: 'recorded', checkedAtMs: 1_000_000 + index });
    return file;
  });
  const viewed = { row: { state: 'ready', options: {} }, files, numbers: {}, stats: {} } as unknown as Viewed;
  const view = downloadView(viewed, '/snapshot');
  expect(view.recordedAt).toBe(new Date(1_000_000).toISOString());
  expect(view.files).toHaveLength(MANY);
});
