import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { boundedMap } from '../../cache/bounded-map.ts';
import type { ToolFolders } from '../../cache/tool-folders.ts';

/**
 * Folders are walked no deeper than this: a repository's own folders have 64 levels at most, other tools' have four.
 */
const MAX_DEPTH = 70;
/** Maximum number of names examined: an endless folder is not a folder of models. */
const MAX_NAMES = 1_000_000;
const PARALLEL_CALLS = 16;

/** Real file → the links that point to it. */
export type Links = ReadonlyMap<string, readonly string[]>;

/**
 * Returns every link below the snapshots of the caches and below the folders of other tools, whoever created it. Links
 * are read and never followed; a folder that cannot be read has none.
 */
export async function linksInto(cacheDirs: readonly string[], tools: ToolFolders): Promise<Links> {
  const links = new Map<string, string[]>();
  const budget = { left: MAX_NAMES };
  const add = async (location: string) => {
    const real = await realpath(location).catch(() => null);
    if (real !== null) links.set(real, [...(links.get(real) ?? []), location]);
  };
  // One cache may be named twice, through a link.
  const caches = new Set(await Promise.all(cacheDirs.map((folder) => realpath(folder).catch(() => folder))));
  for (const cacheDir of caches) {
    for (const { name } of await entriesOf(cacheDir)) {
      if (name.includes('--')) await walk(join(cacheDir, name, 'snapshots'), 0, budget, add);
    }
  }
  for (const folder of [...tools.lmStudio, ...tools.ollama]) await walk(folder, 0, budget, add);
  return links;
}

async function walk(
  folder: string,
  depth: number,
  budget: { left: number },
  add: (location: string) => Promise<void>,
): Promise<void> {
  if (depth > MAX_DEPTH) return;
  const entries = await entriesOf(folder);
  budget.left -= entries.length;
  if (budget.left < 0) return;
  await boundedMap(
    entries.filter((entry) => entry.isSymbolicLink()),
    PARALLEL_CALLS,
    ({ name }) => add(join(folder, name)),
  );
  for (const entry of entries) {
    if (entry.isDirectory()) await walk(join(folder, entry.name), depth + 1, budget, add);
  }
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
