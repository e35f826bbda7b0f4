import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MadeModel } from '../../../../shared/model/build.ts';
import { madeId } from './made-folder.ts';
import { madeFiles, type Provenance, readProvenance } from './provenance.ts';

/** Maximum number of folders examined in one root; more are not a library. */
const MAX_FOLDERS = 2000;

/** A built model without its name in the catalog. */
export type FoundModel = Omit<MadeModel, 'model'>;

/** Returns every finished model below a root: `root/name` and `root/org/name`. What cannot be read is skipped. */
export async function scanMade(root: string, signal: AbortSignal): Promise<readonly FoundModel[]> {
  const found: FoundModel[] = [];
  const tops = (await foldersIn(root)).slice(0, MAX_FOLDERS);
  const below = await Promise.all(tops.map((folder) => foldersIn(folder)));
  for (const folder of [...tops, ...below.flat().slice(0, MAX_FOLDERS)]) {
    signal.throwIfAborted();
    const model = await readMade(folder).catch(() => null);
    if (model) found.push(model);
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The model in a folder. Throws as {@link readProvenance} does. */
export async function readMade(folder: string): Promise<FoundModel> {
  const provenance = await readProvenance(folder);
  const { source, variant, madeAt, recipe, output } = provenance;
  const files = madeFiles(provenance);
  return {
    id: madeId(source.repo, variant),
    variant,
    from: { repo: source.repo, commit: source.commit, sha256: source.sha256 },
    path: folder,
    file: join(folder, output.path),
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    files: files.length,
    madeAt,
    recipe: recipe.id,
    rule: recipe.rule,
    bits: recipe.bits,
    paths: files.map(({ path }) => path),
    complete: await isComplete(folder, provenance),
  };
}

async function isComplete(folder: string, provenance: Provenance): Promise<boolean> {
  const sizes = await Promise.all(
    madeFiles(provenance).map(
      async ({ path, size }) => (await stat(join(folder, path)).catch(() => null))?.size === size,
    ),
  );
  return sizes.every((isRight) => isRight);
}

/** Folders, no links, and none with a dot in front: those are not finished. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name));
}
