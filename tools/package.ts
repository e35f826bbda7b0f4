import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AfterPackContext, build, type Configuration } from 'electron-builder';
import { electronDist } from './electron-dist.ts';
import { faultsOf, type PackagedApp } from './package/inspect.ts';
import { packagePlan } from './package/plan.ts';

/**
 * Packages what is built, for the current platform, into `dist/`: `npm run package [-- --dir]`. With `--dir` only the folder with the app is
 * made, which works without a network; the Electron in it is the one that `electron-dist.ts` finds.
 */
const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const args = process.argv.slice(2);
try {
  await makePackage(args.includes('--dir'));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function makePackage(dirOnly: boolean): Promise<void> {
  const plan = packagePlan({
    dirOnly,
    platform: process.platform,
    environment: process.env,
    dist: await electronDist(),
    wantedVersion: wantedVersion(),
  });
  for (const warning of plan.warnings) say(warning);
  const apps: PackagedApp[] = [];
  const config: Configuration = {
    ...plan.config,
    afterExtract: async (context: AfterPackContext) => {
      await removeStandInApp(context);
      const fuses = context.packager.config.electronFuses;
      for (const name of plan.unknownFuses) Reflect.deleteProperty(fuses ?? {}, name);
    },
    afterPack: async (context: AfterPackContext) => void apps.push(packagedApp(context)),
  };
  const made = await build({ projectDir: PROJECT, config, dir: dirOnly, publish: 'never' });
  const faults = (await Promise.all(apps.map(faultsOf))).flat();
  if (faults.length > 0) throw new Error(`The package is not as it must be: ${faults.join('; ')}.`);
  for (const file of [...apps.map(({ program }) => program), ...made]) say(file);
  for (const warning of plan.warnings) say(warning);
}

/** A folder with an Electron in it has a small app that loads others; in a package it has no place. */
async function removeStandInApp({ appOutDir, packager }: AfterPackContext): Promise<void> {
  const resources = packager.getResourcesDir(appOutDir);
  for (const name of ['app', 'default_app.asar'])
    await rm(join(resources, name), { recursive: true, force: true });
  await rm(join(appOutDir, 'version'), { force: true });
}

/** Checked at the very end, because fuses are set after packing. */
function packagedApp({ appOutDir, packager }: AfterPackContext): PackagedApp {
  const name = packager.appInfo.productFilename;
  const programs: Partial<Record<NodeJS.Platform, string>> = { darwin: `${name}.app`, win32: `${name}.exe` };
  const program = join(appOutDir, programs[process.platform] ?? 'haulyard');
  return { program, resources: packager.getResourcesDir(appOutDir) };
}

function wantedVersion(): string {
  const manifest: { version?: unknown } = createRequire(import.meta.url)('electron/package.json');
  return String(manifest.version);
}

function say(line: string): void {
  process.stderr.write(`package: ${line}\n`);
}
