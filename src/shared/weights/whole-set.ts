import { type SizedFile, sortFiles } from './weight-sets.ts';

const SHARD = /[-_.](\d{5})-of-(\d{5})(?=\.)/;

/** Returns whether one of the sets of weights among these files has all of its shards. */
export function hasWholeSet(files: readonly SizedFile[]): boolean {
  return sortFiles(files).sets.some(({ paths }) => hasAllShards(paths));
}

function hasAllShards(paths: readonly string[]): boolean {
  const shards = paths.map((path) => SHARD.exec(path)).filter((found) => found !== null);
  const folders = new Map<string, Set<string>>();
  for (const { input, index, 1: number = '', 2: count = '' } of shards) {
    const name = `${input.slice(0, index)} ${count}`;
    folders.set(name, (folders.get(name) ?? new Set()).add(number));
  }
  return [...folders].every(([name, numbers]) => numbers.size >= Number(name.slice(-5)));
}
