import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Dependencies of {@link faultOfUnpacked}. */
export interface UnpackedCheck {
  /** `app.asar.unpacked`. */
  readonly folder: string;
  /** Expected SHA-256 of each file; see `unpackedHashes`. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly platform: NodeJS.Platform;
}

/**
 * Checks the files next to the archive, which Electron does not check although the engine consists of them. Returns a
 * path and what is wrong with it, or null when all are as they were packed and there is no other. Cannot detect a
 * change between the check and the start of the engine.
 */
export async function faultOfUnpacked({ folder, hashes, platform }: UnpackedCheck): Promise<string | null> {
  const found = await filesBelow(folder);
  const foreign = found.find((path) => !hashes.has(path));
  if (foreign !== undefined) return `${foreign} does not belong there`;
  for (const [path, hash] of hashes) {
    if (!found.includes(path)) return `${path} is missing`;
    // Signing an app changes its native modules after they were packed; macOS checks their signature when they are
    // loaded.
    if (platform === 'darwin' && path.endsWith('.node')) continue;
    if ((await hashOf(join(folder, path))) !== hash) return `${path} was changed`;
  }
  return null;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      relative(folder, join(parentOf(entry), entry.name))
        .split(sep)
        .join('/'),
    );
}

/** `parentPath` is newer than the oldest Node that this runs on, which calls it `path`. */
function parentOf(entry: { readonly parentPath?: string; readonly path?: string }): string {
  return entry.parentPath ?? entry.path ?? '';
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
