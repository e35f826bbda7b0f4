import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** An app folder that was made. */
export interface PackagedApp {
  /** The program, or on macOS the bundle. */
  readonly program: string;
  /** Folder of `app.asar`. */
  readonly resources: string;
}

/** What must lie beside the archive, because the engine process runs it or reads it. */
const UNPACKED = [
  'out/package.json',
  'out/engine/entry.js',
  'out/engine/hash-worker.js',
  'out/engine/listing-worker.js',
  'resources/catalog.json',
  'node_modules/better-sqlite3/lib/index.js',
];
const IN_ARCHIVE = [
  '/package.json',
  '/out/main/index.cjs',
  '/out/preload/index.cjs',
  '/out/renderer/index.html',
];
/** Sources, tests, other platforms' binaries, and other programs of this repository. */
const UNWANTED = [
  /\.map$/,
  /\.test\./,
  /\.tsx?$/,
  /^\/(src|test|tools|docs)\//,
  /^\/out\/cli\//,
  /\/deps\/sqlite3\//,
];

const FUSES: Readonly<Record<string, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  GrantFileProtocolExtraPrivileges: false,
};

/** How a fuse is written in the program: the characters `1` and `0`. Any other is a fuse that is there no more. */
const FUSE_STATES: ReadonlyMap<number, boolean> = new Map([
  [0x31, true],
  [0x30, false],
]);

/** Sentences about what is not as it must be; none when the package may go out. */
export async function faultsOf(app: PackagedApp): Promise<readonly string[]> {
  return [...(await contentFaults(app.resources)), ...(await fuseFaults(app.program))];
}

async function contentFaults(resources: string): Promise<readonly string[]> {
  const names = listPackage(join(resources, 'app.asar'), { isPack: false }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const missing = IN_ARCHIVE.filter((name) => !names.includes(name));
  const loose = await Promise.all(
    UNPACKED.map(async (name) => {
      const there = await access(join(resources, 'app.asar.unpacked', name)).then(
        () => true,
        () => false,
      );
      return there ? [] : [name];
    }),
  );
  const hasNotices = await access(join(resources, 'THIRD_PARTY_NOTICES.txt')).then(
    () => true,
    () => false,
  );
  const binaries = names.filter((name) => name.endsWith('.node'));
  return [
    ...missing.map((name) => `${name} is not in the archive`),
    ...(hasNotices ? [] : ['the licenses of its packages are missing']),
    ...loose.flat().map((name) => `${name} is not beside the archive`),
    ...names
      .filter((name) => UNWANTED.some((pattern) => pattern.test(name)))
      .map((name) => `${name} is in it`),
    ...(binaries.length === 1 ? [] : [`there are ${binaries.length} native modules and not 1`]),
  ];
}

async function fuseFaults(program: string): Promise<readonly string[]> {
  const wire: Partial<Record<FuseV1Options, number>> = await getCurrentFuseWire(program);
  return Object.entries(FUSES).flatMap(([name, isOn]) => {
    // A fuse that this Electron does not have yet cannot be set.
    const state = FUSE_STATES.get(wire[FuseV1Options[name as keyof typeof FuseV1Options]] ?? -1);
    return state === undefined || state === isOn ? [] : [`the fuse ${name} is not ${isOn ? 'on' : 'off'}`];
  });
}
