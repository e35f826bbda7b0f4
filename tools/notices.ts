import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIST_NAME } from './notices/bundled-packages.ts';
import { noticeOf, noticesText } from './notices/notice.ts';

/**
 * Writes `out/THIRD_PARTY_NOTICES.txt`, the licenses of all packages that the bundles are made of, and of those that are shipped beside
 * them. The last step of `npm run build`.
 */
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(PROJECT, 'out');
/** Folders in `out` into which a build of its own writes. */
const BUNDLES = ['', 'main', 'preload', 'renderer'];

const folders = new Set<string>();
for (const bundle of BUNDLES) {
  const list = join(OUT, bundle, LIST_NAME);
  for (const folder of JSON.parse(await readFile(list, 'utf8')) as string[]) folders.add(folder);
  await rm(list);
}
const manifest = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
for (const name of Object.keys(manifest.dependencies)) folders.add(join(PROJECT, 'node_modules', name));
const notices = await Promise.all([...folders].map(noticeOf));
await writeFile(join(OUT, 'THIRD_PARTY_NOTICES.txt'), noticesText(notices));
