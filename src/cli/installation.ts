import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../shared/contract/errors.ts';

/** Where this program is on disk and which version it is. */
export interface Installation {
  readonly version: string;
  /** The catalog that comes with the program. */
  readonly catalogFile: string;
  /** Module of the hashing threads, next to the bundle or among the sources. */
  readonly hashWorkerUrl: URL;
  /** Module of the threads that produce units of a build. */
  readonly unitWorkerUrl: URL;
  /** Module of the thread that reads long file lists. */
  readonly listingWorkerUrl: URL;
}

const PACKAGE = 'haulyard';

async function readPackage(folder: string): Promise<{ name?: unknown; version?: unknown } | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}

/** Finds the program's own folder from `moduleUrl` upward. Throws Internal when the installation is incomplete. */
export async function findInstallation(moduleUrl: string): Promise<Installation> {
  let folder = dirname(fileURLToPath(moduleUrl));
  for (;;) {
    const found = await readPackage(folder);
    if (found?.name === PACKAGE && typeof found.version === 'string') {
      return {
        version: found.version,
        catalogFile: join(folder, 'resources', 'catalog.json'),
        hashWorkerUrl: workerUrl(moduleUrl, 'integrity/hash-worker'),
        unitWorkerUrl: workerUrl(moduleUrl, 'jobs/quantize/threads/unit-worker'),
        listingWorkerUrl: workerUrl(moduleUrl, 'hub/listing-worker'),
      };
    }
    const parent = dirname(folder);
    if (parent === folder) {
      throw new AppError(
        'Internal',
        'The installation of haulyard is not whole: its package.json is missing. Install it again.',
      );
    }
    folder = parent;
  }
}

/** Bundles of threads are next to each other, their sources in the folders of the engine. */
function workerUrl(moduleUrl: string, source: string): URL {
  const path = moduleUrl.endsWith('.ts')
    ? `../engine/${source}.ts`
    : `../engine/${source.slice(source.lastIndexOf('/') + 1)}.js`;
  return new URL(path, moduleUrl);
}
