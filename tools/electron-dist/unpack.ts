import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { extract } from '@electron-internal/extract-zip';
import type { StandIn } from './stand-ins.ts';

const run = promisify(execFile);
const DEFAULT_APP = fileURLToPath(new URL('default-app/', import.meta.url));

/** Unpacks the product inside the package below `scratch`. Resolves to the folder with its program. */
export async function unpack(
  { archive, folder }: Pick<StandIn, 'archive' | 'folder'>,
  tarball: string,
  scratch: string,
): Promise<string> {
  await run('tar', ['-xzf', tarball, '-C', scratch, archive.path]);
  const inner = join(scratch, archive.path);
  const fresh = join(scratch, 'unpacked');
  await mkdir(fresh);
  if (archive.kind === 'zip') await extract(inner, { dir: fresh });
  else await run('tar', ['-xzf', inner, '-C', fresh, '--no-same-owner']);
  return join(fresh, folder);
}

/** Takes the other product's code out. `version` is written last: without it the folder does not count as a dist. */
export async function makeElectronOf(standIn: StandIn, folder: string): Promise<void> {
  const program = join(folder, 'electron');
  await rename(join(folder, standIn.program), program);
  await chmod(program, 0o755);
  for (const name of standIn.unwanted) await rm(join(folder, name), { recursive: true, force: true });
  if (standIn.needsFuses) await setFuses(program);
  await writeDefaultApp(folder);
  await writeFile(join(folder, 'version'), `v${standIn.version}\n`);
}

/** Playwright starts an Electron with `--inspect`; a heap snapshot of another product would run that product's code. */
async function setFuses(program: string): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/** Packaged Electrons lack the small app that makes `electron path/to/app` work: this is ours. */
export async function writeDefaultApp(folder: string): Promise<void> {
  const app = join(folder, 'resources', 'app');
  await mkdir(app, { recursive: true });
  for (const name of ['package.json', 'main.cjs']) {
    const temporary = join(app, `${name}.${process.pid}`);
    await copyFile(join(DEFAULT_APP, name), temporary);
    await rename(temporary, join(app, name));
  }
}
