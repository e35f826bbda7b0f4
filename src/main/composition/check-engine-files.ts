import { promises as originalFs } from 'original-fs';
import type { Machine } from '../foundation/machine.ts';
import { unpackedHashes } from '../security/asar-header.ts';
import { faultOfUnpacked } from '../security/unpacked-files.ts';

/**
 * Throws when the engine's files next to the archive of a packaged app are not those that were packed. In development
 * there is no archive, and nothing to compare with.
 */
export async function checkEngineFiles({
  isPackaged,
  appPath,
  platform,
}: Pick<Machine, 'isPackaged' | 'appPath' | 'platform'>): Promise<void> {
  if (!isPackaged) return;
  const file = await originalFs.open(appPath);
  try {
    const hashes = await unpackedHashes(file);
    const fault = await faultOfUnpacked({ folder: `${appPath}.unpacked`, hashes, platform });
    if (fault === null) return;
    throw new Error(
      `Haulyard’s own files were changed: ${fault}. Download Haulyard again and replace this copy. Your downloads are safe.`,
    );
  } finally {
    await file.close();
  }
}
