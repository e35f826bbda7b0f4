import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where the Python programs are, or why they are not. */
export type Environment =
  | { readonly bin: string; readonly reason: null }
  | { readonly bin: null; readonly reason: string };

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
/** pip fetches about 25 MB. */
const INSTALL_TIMEOUT_MS = 300_000;
/** Another run may be making the same environment. */
const LOCK_TIMEOUT_MS = INSTALL_TIMEOUT_MS + 30_000;
/** pip's message when a package is not the pinned one: a fault of ours, or worse. */
const NOT_AS_PINNED = /do not match the hashes|hashes are required|Invalid requirement/i;

/** pip's message for a connection that was not made. */
const NO_REGISTRY = /connection broken|NewConnectionError|ConnectTimeout|Max retries exceeded/i;

const run = promisify(execFile);

/**
 * The Python environment of the judges: made once for each state of its requirements and each Python, outside of the
 * repository, in the user's cache folder. Throws when a package is not the pinned one; everything else that is missing
 * is a reason to skip.
 */
export async function judgesEnvironment(requirements = REQUIREMENTS): Promise<Environment> {
  const python = await pythonVersion();
  if (python === null) return { bin: null, reason: 'there is no python3 on this machine' };
  const folder = join(cacheFolder(), 'haulyard-judges', await keyOf(requirements, python));
  await mkdir(join(folder, '..'), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    const bin = join(folder, platform() === 'win32' ? 'Scripts' : 'bin');
    if (await exists(join(folder, 'complete'))) return { bin, reason: null };
    return await make(folder, bin, requirements);
  } finally {
    await unlock();
  }
}

async function make(folder: string, bin: string, requirements: string): Promise<Environment> {
  await rm(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS });
    await run(join(bin, 'python'), pipArguments(requirements), { timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    await rm(folder, { recursive: true, force: true });
    if (NOT_AS_PINNED.test(stderr)) throw new Error(`The Python packages are not as pinned:\n${stderr}`);
    if (NO_REGISTRY.test(stderr))
      return { bin: null, reason: 'the registry of Python packages cannot be reached' };
    return { bin: null, reason: `the Python environment could not be made (${lastLine(stderr || stdout)})` };
  }
  await writeFile(join(folder, 'complete'), '');
  return { bin, reason: null };
}

function pipArguments(requirements: string): readonly string[] {
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  return [
    ...['-m', 'pip', 'install'],
    ...quiet,
    '--retries',
    '2',
    '--timeout',
    '20',
    '--no-deps',
    '-r',
    requirements,
  ];
}

async function pythonVersion(): Promise<string | null> {
  try {
    return (await run('python3', ['-VV'])).stdout.trim();
  } catch {
    return null;
  }
}

async function keyOf(requirements: string, python: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(requirements));
  return hash.update(`${python} ${process.platform} ${process.arch}`).digest('hex').slice(0, 16);
}

function cacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  return platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}

/** A folder is made by one process alone, on every file system. One that a dead process left is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  const owner = join(path, 'pid');
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      await mkdir(path);
      await writeFile(owner, String(process.pid));
      return () => rm(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = await readFile(owner, 'utf8').catch(() => '');
    if (Date.now() > deadline || (pid !== '' && !isAlive(Number(pid)))) {
      await rm(path, { recursive: true, force: true });
    } else {
      await wait(500);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? 'no word of why' : line.slice(0, 200);
}
