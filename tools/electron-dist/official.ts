import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { distIn, type ElectronDist } from './dist.ts';

/** What came of an attempt to download: the dist, or why there is none. */
export type Attempt = { readonly dist: ElectronDist } | { readonly dist: null; readonly reason: string };

/** How long the place of the download may take to answer. */
const PROBE_TIMEOUT_MS = 5000;
/** How long 120 MB may take before another way is tried. */
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/** The official binary that an earlier download left in `node_modules/electron/dist`, if it is of the right version. */
export async function installedDist(): Promise<ElectronDist | null> {
  const dist = await distIn(join(packageFolder(), 'dist'), 'installed');
  return dist !== null && dist.version === (await packageVersion()) ? dist : null;
}

/** Lets the package `electron` download its binary, unless its place does not answer within seconds. */
export async function downloadedDist(): Promise<Attempt> {
  const address = downloadAddress(await packageVersion(), process.env);
  const refusal = await probe(address);
  if (refusal !== null) return { dist: null, reason: refusal };
  const failure = await runInstaller();
  if (failure !== null) return { dist: null, reason: failure };
  const dist = await distIn(join(packageFolder(), 'dist'), 'downloaded');
  return dist === null ? { dist, reason: 'the official download left no program behind' } : { dist };
}

/**
 * What is asked to see whether a download would succeed: the archive itself, or the host of a mirror, where archives may have
 * other names. Sources of the names: `artifact-utils.js` of the package `@electron/get`.
 */
export function downloadAddress(version: string, environment: NodeJS.ProcessEnv): string {
  const mirror = environment.ELECTRON_MIRROR || environment.npm_config_electron_mirror;
  if (mirror !== undefined && mirror !== '') return new URL(mirror).origin;
  const base = `https://github.com/electron/electron/releases/download/v${version}`;
  return `${base}/electron-v${version}-${process.platform}-${process.arch}.zip`;
}

/** Null when the address answers, whatever the mirror's first page says; else the reason in words. */
async function probe(address: string): Promise<string | null> {
  const { host, pathname } = new URL(address);
  try {
    const dispatcher = new EnvHttpProxyAgent();
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const { ok, status } = await fetch(address, { method: 'HEAD', dispatcher, signal });
    if (ok || pathname === '/') return null;
    return `${host} refuses the official download (HTTP ${status})`;
  } catch {
    return `${host} cannot be reached`;
  }
}

function runInstaller(): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageFolder(), 'install.js')], {
      env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
      // Nothing but the folder may come on stdout.
      stdio: ['ignore', 2, 2],
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
    child.on('error', (error) => resolve(`the official download did not start (${error.message})`));
    child.on('exit', (code, signal) =>
      resolve(code === 0 ? null : `the official download failed (${signal ?? `exit code ${code}`})`),
    );
  });
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
}

async function packageVersion(): Promise<string> {
  const manifest = await readFile(join(packageFolder(), 'package.json'), 'utf8');
  return String((JSON.parse(manifest) as { version?: unknown }).version);
}
