import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { REPO, type RightFile, sha256 } from './content.ts';
import type { ForeignSpec } from './scenario.ts';

/** The folder of the repository in the cache. */
export const REPO_FOLDER = `models--${REPO.replace('/', '--')}`;

/** Path inside the cache → what is there: kind, mode, time of change and content of a file, target of a link. */
export type Tree = ReadonlyMap<string, string>;

const OTHER_COMMIT = 'a'.repeat(40);

/**
 * Files of other programs, in the repository's own folder too. Returns the path of the partial, if one was requested.
 */
export async function placeForeignFiles(
  cacheDir: string,
  foreign: ForeignSpec | null,
  files: readonly RightFile[],
): Promise<void> {
  const other = 'models--somebody--else';
  const ours = join(cacheDir, REPO_FOLDER);
  await put(join(cacheDir, 'version.txt'), '1');
  await put(join(cacheDir, '.locks', REPO_FOLDER, `${'b'.repeat(40)}.lock`), '');
  await put(join(cacheDir, other, 'blobs', 'c'.repeat(64)), 'weights of another model');
  await put(
    join(cacheDir, other, 'blobs', `${'d'.repeat(64)}.haulyard.incomplete`),
    'ours, of another model',
  );
  await put(join(cacheDir, other, 'refs', 'main'), OTHER_COMMIT);
  await put(join(ours, 'blobs', 'e'.repeat(64)), 'an older version of a file');
  await put(join(ours, 'blobs', `${'f'.repeat(64)}.incomplete`), 'what another tool has begun');
  await put(join(ours, 'refs', 'v1'), OTHER_COMMIT);
  await mkdir(join(ours, 'snapshots', OTHER_COMMIT), { recursive: true });
  await symlink(`../../blobs/${'e'.repeat(64)}`, join(ours, 'snapshots', OTHER_COMMIT, 'model.bin'));
  if (foreign === null) return;
  const file = files[foreign.file % files.length];
  if (!file) return;
  const prefix = Buffer.from(file.bytes.subarray(0, Math.floor(foreign.share * file.bytes.length)));
  if (!foreign.right && prefix.length > 0) prefix[prefix.length >> 1]! ^= 0xff;
  await put(join(ours, 'blobs', `${file.hash}.incomplete`), prefix);
}

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Everything below a folder. Folders are listed without their times, which change with what is in them. */
export async function treeOf(folder: string): Promise<Tree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = await Promise.all(
    entries.map(async (entry): Promise<[string, string]> => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), await describe(path)];
    }),
  );
  return new Map(lines.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function describe(path: string): Promise<string> {
  const stat = await lstat(path);
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return `link to ${await readlink(path)}`;
  return `file ${stat.mode.toString(8)} ${stat.mtimeMs} ${sha256(await readFile(path))}`;
}

/** What is wrong with a cache after a download: foreign entries that changed, and new ones that are not ours. */
export function wrongEntries(
  before: Tree,
  after: Tree,
  commit: string,
  files: readonly RightFile[],
): readonly string[] {
  const changed = [...before]
    .filter(([path, what]) => after.get(path) !== what)
    .map(([path]) => `${path} changed`);
  const expected = expectedEntries(commit, files);
  const unexpected = [...after.keys()].filter((path) => !before.has(path) && !expected.has(path));
  const missing = [...expected].filter((path) => !after.has(path));
  return [
    ...changed,
    ...unexpected.map((path) => `${path} should not be there`),
    ...missing.map((path) => `${path} is missing`),
  ];
}

function expectedEntries(commit: string, files: readonly RightFile[]): ReadonlySet<string> {
  const paths = ['blobs', 'refs', 'refs/main', 'snapshots', `snapshots/${commit}`];
  for (const { path, hash } of files) {
    paths.push(`blobs/${hash}`, `snapshots/${commit}/${path}`);
    if (dirname(path) !== '.') paths.push(`snapshots/${commit}/${dirname(path)}`);
  }
  return new Set([REPO_FOLDER, ...paths.map((path) => `${REPO_FOLDER}/${path}`)]);
}
