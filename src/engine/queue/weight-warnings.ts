import { open, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { boundedMap } from '../cache/bounded-map.ts';
import { snapshotFile } from '../cache/layout.ts';
import type { FileRow } from '../ledger/files.ts';

/**
 * First line of the text that replaces a file when git-lfs was not at work. Source: the git-lfs specification,
 * docs/spec.md.
 */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';
/** Longer than any pointer: the specification says that they are less than 1024 bytes. */
const MAX_POINTER_BYTES = 1024;
/** File names of weights. */
const WEIGHTS = /\.(?:safetensors|bin|gguf|ggml|pt|pth|ckpt|npz|onnx|h5|msgpack|nemo)$/i;
const INDEX = /\.(?:safetensors|bin)\.index\.json$/i;
/** Longest index that is read; those of the largest models have a few MB. */
const MAX_INDEX_BYTES = 16 << 20;
const PARALLEL_READS = 16;
const NAMES_SHOWN = 3;

/** A finished download, as far as its files are concerned. */
export interface FinishedFiles {
  readonly cacheDir: string;
  readonly repo: string;
  readonly commit: string;
  readonly files: readonly FileRow[];
  /** Whether the download would include a path if the repository had it. */
  readonly isWanted: (path: string) => boolean;
}

/**
 * Returns what makes a repository unloadable for every program, one sentence each: weights that are a git-lfs pointer
 * as text, and an index of weights that names a file the repository does not have. The files are as the Hub has them,
 * which is why they deserve a warning.
 */
export async function weightWarnings(finished: FinishedFiles): Promise<readonly string[]> {
  const { files } = finished;
  const pointers = files.filter(({ path, size }) => WEIGHTS.test(path) && size < MAX_POINTER_BYTES);
  const found = await Promise.all([
    boundedMap(pointers, PARALLEL_READS, (file) => pointerWarning(finished, file)),
    missingShards(finished).then((found) => found.map(indexWarning)),
  ]);
  return found.flat().filter((warning) => warning !== null);
}

/** An index of weights, and the selected files it names that were not listed. */
export interface MissingShards {
  readonly index: string;
  readonly names: readonly string[];
}

/** Returns the indexes that name more files than the list has. */
export async function missingShards(finished: FinishedFiles): Promise<readonly MissingShards[]> {
  const indexes = finished.files.filter(({ path, size }) => INDEX.test(path) && size <= MAX_INDEX_BYTES);
  const here = new Set(finished.files.map(({ path }) => path));
  const found = await boundedMap(indexes, PARALLEL_READS, async ({ path }) => {
    const text = await readFile(locationOf(finished, path), 'utf8').catch(() => '');
    const named = [...shardsOf(text)].map((name) => posix.join(posix.dirname(path), name));
    return { index: path, names: named.filter((name) => !here.has(name) && finished.isWanted(name)) };
  });
  return found.filter(({ names }) => names.length > 0);
}

async function pointerWarning(finished: FinishedFiles, { path, size }: FileRow): Promise<string | null> {
  const start = Buffer.alloc(LFS_POINTER.length);
  const file = await open(locationOf(finished, path), 'r').catch(() => null);
  if (file === null) return null; // It was removed in the meantime: nothing to warn about.
  try {
    await file.read(start, 0, start.length, 0);
  } finally {
    await file.close();
  }
  if (start.toString('latin1') !== LFS_POINTER) return null;
  return `${path} has no weights: the repository has a Git LFS pointer of ${size} bytes in their place.`;
}

function indexWarning({ index, names }: MissingShards): string {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  const shown = names.slice(0, NAMES_SHOWN).map((name) => JSON.stringify(name).slice(1, -1));
  return `${index} names files that the repository does not have: ${shown.join(', ')}${more}.`;
}

function shardsOf(text: string): ReadonlySet<string> {
  try {
    const map: unknown = (JSON.parse(text) as { weight_map?: unknown } | null)?.weight_map;
    const names = typeof map === 'object' && map !== null ? Object.values(map) : [];
    return new Set(names.filter((name) => typeof name === 'string'));
  } catch {
    return new Set(); // A file that is not an index names nothing.
  }
}

function locationOf({ cacheDir, repo, commit }: FinishedFiles, path: string): string {
  return snapshotFile(cacheDir, repo, commit, path);
}
