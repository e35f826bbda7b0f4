import { link, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../shared/contract/errors.ts';
import { cloneFile, copyWhole } from '../../../cache/copy-bytes.ts';
import { discard } from '../../../cache/durable.ts';
import { onDisk } from '../../../errors/cache-error.ts';
import type { HashPool } from '../../../integrity/hash-pool.ts';
import type { SourceFile } from '../source/read-source.ts';
import { makeParent } from './made-folder.ts';
import type { Provenance } from './provenance.ts';

/** Places the files that belong next to the weights without using disk space twice where the system allows it. */
export async function placeCompanions(
  folder: string,
  companions: readonly SourceFile[],
  from: string,
  hasher: Pick<HashPool, 'hash'>,
  signal: AbortSignal,
): Promise<Provenance['companions']> {
  const placed: Provenance['companions'] = [];
  for (const { path, realPath, size, sha256 } of companions) {
    signal.throwIfAborted();
    const target = join(folder, ...path.split('/'));
    await onDisk('writing', target, async () => {
      await makeParent(target);
      await discard(target); // Of an earlier attempt.
      await place(realPath, target, signal);
    });
    const bytes = (await onDisk('reading', target, () => stat(target))).size;
    const found = await hasher.hash({ path: target, start: 0, end: bytes }, 'sha256');
    if (bytes !== size || (sha256 !== null && found !== sha256)) throw damaged(path);
    placed.push({ path, size, sha256: found, from });
  }
  return placed;
}

/** A clone shares its blocks until one of the two is changed; a hard link is the same file; a copy works everywhere. */
async function place(source: string, target: string, signal: AbortSignal): Promise<void> {
  if (await cloneFile(source, target)) return;
  try {
    await link(source, target);
  } catch {
    await copyWhole(source, target, signal);
  }
}

function damaged(path: string): AppError {
  return new AppError('HashMismatch', `${path} on this disk is damaged. Nothing was installed.`, {
    details: { path, source: true, remedy: 'repair' },
  });
}
