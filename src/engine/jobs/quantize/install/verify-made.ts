import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifiedFile, VerifyReport } from '../../../../shared/model/library.ts';
import type { BuildContext } from '../context.ts';
import { hashFile } from '../make/source-hash.ts';
import { filesNotFromSource } from './against-source.ts';
import { madeFiles, readProvenance } from './provenance.ts';

/** How to check a built model. */
export interface VerifyMadeOptions {
  readonly folder: string;
  readonly cacheDir: string;
  /** Sizes only. */
  readonly quick: boolean;
  /** Rebuild everything in memory and compare. */
  readonly againstSource: boolean;
  readonly onProgress: (path: string, hashedBytes: number, totalBytes: number) => void;
}

type CheckContext = Pick<BuildContext, 'hasher' | 'clock' | 'startWorkers' | 'defaultWorkers' | 'hashOf'>;

/**
 * Checks the files of a built model against `haulyard.json`. With `againstSource` the units are computed again by the
 * second kernel and compared with what is on disk; throws `NotFound` when the source is not on this computer.
 */
export async function verifyMade(
  options: VerifyMadeOptions,
  context: CheckContext,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const provenance = await readProvenance(options.folder);
  const files: VerifiedFile[] = [];
  for (const file of madeFiles(provenance)) files.push(await verifyFile(file, options, context, signal));
  const isRight = files.every(({ ok }) => ok);
  if (isRight && options.againstSource) {
    const wrong = await filesNotFromSource(provenance, options, context, signal);
    for (const [index, file] of files.entries()) {
      if (wrong.has(file.path)) files[index] = { ...file, ok: false, actual: 'not what its source gives' };
    }
  }
  return { files, ok: files.every(({ ok }) => ok) };
}

async function verifyFile(
  { path, size, sha256 }: { readonly path: string; readonly size: number; readonly sha256: string },
  { folder, quick, onProgress }: VerifyMadeOptions,
  { hasher, clock }: CheckContext,
  signal: AbortSignal,
): Promise<VerifiedFile> {
  const onDisk = join(folder, path);
  const there = await stat(onDisk).catch(() => null);
  const result = (expected: string, actual: string): VerifiedFile => {
    const checkedAt = new Date(clock.now()).toISOString();
    return { path, ok: expected === actual, expected, actual, badChunks: [], checkedAt };
  };
  if (!there?.isFile()) return result(quick ? `size ${size}` : sha256, 'missing');
  if (quick || there.size !== size) return result(`size ${size}`, `size ${there.size}`);
  let hashed = 0;
  const onBytes = (bytes: number) => {
    hashed += bytes;
    onProgress(path, hashed, size);
  };
  return result(sha256, await hashFile(onDisk, size, hasher, onBytes, signal));
}
