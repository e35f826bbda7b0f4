import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, isAbsent } from '../errors/cache-error.ts';
import { boundedMap } from './bounded-map.ts';
import { INCOMPLETE_SUFFIX, isBlobHash, isCommit } from './layout.ts';
import { listRefs, type Ref } from './refs.ts';
import { listSnapshotEntries, type SnapshotEntry } from './snapshot-files.ts';

/** Concurrent file-system calls in one repository. */
const PARALLEL_CALLS = 16;

/** A file of a snapshot. */
export interface ScannedFile {
  /** Path in the repository, with `/`. */
  readonly path: string;
  /** Bytes; 0 when broken. */
  readonly size: number;
  /** Name of the blob, null for a file that is not a link to one. */
  readonly hash: string | null;
  /** True when its content does not exist. */
  readonly broken: boolean;
}

/** One snapshot of a model repository. */
export interface ScannedSnapshot {
  readonly repo: string;
  readonly commit: string;
  /** The snapshot folder. */
  readonly path: string;
  readonly files: readonly ScannedFile[];
  /** Sum of the sizes of the files. */
  readonly bytes: number;
  /** Branches and tags that point to it. */
  readonly refs: readonly string[];
  /** False when a link is broken or a partial of this repository, whose blob does not exist, is still on disk. */
  readonly complete: boolean;
}

/** A partial file, ours or another tool's. */
export interface ScannedPartial {
  readonly repo: string;
  readonly path: string;
  /** Bytes it occupies on disk. */
  readonly bytes: number;
}

interface Blobs {
  readonly partials: readonly ScannedPartial[];
  /** Names of finished blobs. */
  readonly finished: ReadonlySet<string>;
  /** True when a partial's content is not on disk in full. */
  readonly unfinished: boolean;
}

/** Receives a sentence about what was skipped or looks damaged. */
export type Warn = (sentence: string) => void;

/** Calls `work` and turns a failure into a warning and null; something that does not exist is just null. */
export async function readOrWarn<T>(
  path: string,
  warn: Warn,
  work: (path: string) => Promise<T>,
): Promise<T | null> {
  try {
    return await work(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOTDIR') warn(`${path} should be a folder and is not.`);
    else if (!isAbsent(cause)) warn(`${path} could not be read (${errnoOf(cause) || String(cause)}).`);
    return null;
  }
}

/** What one repository contains. */
export interface RepositoryScan {
  readonly snapshots: readonly ScannedSnapshot[];
  readonly partials: readonly ScannedPartial[];
}

/** Scans the folder of one repository. What cannot be read becomes a warning; it never fails. */
export async function scanRepository(repo: string, folder: string, warn: Warn): Promise<RepositoryScan> {
  const snapshotsFolder = join(folder, 'snapshots');
  const blobs = await scanBlobs(repo, join(folder, 'blobs'), warn);
  const refs = (await readOrWarn(join(folder, 'refs'), warn, (path) => listRefs(path, warn))) ?? [];
  const commits =
    (await readOrWarn(snapshotsFolder, warn, (path) => readdir(path, { withFileTypes: true }))) ?? [];
  const snapshots: ScannedSnapshot[] = [];
  const used = new Set<string>();
  for (const entry of commits.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!isSnapshot(entry, snapshotsFolder, warn)) continue;
    const path = join(snapshotsFolder, entry.name);
    const entries = await readOrWarn(path, warn, () => listSnapshotEntries(path, warn));
    if (entries === null) continue;
    for (const { hash } of entries) if (hash !== null) used.add(hash);
    snapshots.push(await scanSnapshot({ repo, commit: entry.name, path, entries, refs, blobs, warn }));
  }
  warnOfLeftovers(folder, refs, snapshots, blobs, used, warn);
  return { snapshots, partials: blobs.partials };
}

function isSnapshot(entry: Dirent, folder: string, warn: Warn): boolean {
  if (entry.isDirectory() && isCommit(entry.name)) return true;
  if (entry.name !== '.DS_Store') warn(`${join(folder, entry.name)} is not a snapshot.`);
  return false;
}

async function scanBlobs(repo: string, folder: string, warn: Warn): Promise<Blobs> {
  const names = (await readOrWarn(folder, warn, (path) => readdir(path))) ?? [];
  const finished = new Set(names.filter(isBlobHash));
  const incomplete = names.filter((name) => name.endsWith(INCOMPLETE_SUFFIX)).sort();
  const partials = await boundedMap(incomplete, PARALLEL_CALLS, async (name) => {
    const path = join(folder, name);
    const there = await readOrWarn(path, warn, (file) => lstat(file));
    return there?.isFile() === true ? { repo, path, bytes: there.blocks * 512 } : null;
  });
  return {
    partials: partials.filter((partial) => partial !== null),
    finished,
    unfinished: incomplete.some((name) => !finished.has(name.slice(0, name.indexOf('.')))),
  };
}

interface SnapshotInput {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
  readonly entries: readonly SnapshotEntry[];
  readonly refs: readonly Ref[];
  readonly blobs: Blobs;
  readonly warn: Warn;
}

async function scanSnapshot(input: SnapshotInput): Promise<ScannedSnapshot> {
  const { repo, commit, path, warn } = input;
  const files = await boundedMap(input.entries, PARALLEL_CALLS, (entry) => scanFile(entry, warn));
  return {
    repo,
    commit,
    path,
    files,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    refs: input.refs.filter((ref) => ref.commit === commit).map((ref) => ref.revision),
    complete: !input.blobs.unfinished && files.every((file) => !file.broken),
  };
}

async function scanFile(entry: SnapshotEntry, warn: Warn): Promise<ScannedFile> {
  const there = await readOrWarn(entry.location, warn, (path) => stat(path));
  const broken = there?.isFile() !== true;
  if (broken) warn(`${entry.location} leads to no file.`);
  return { path: entry.path, size: broken ? 0 : there.size, hash: entry.hash, broken };
}

function warnOfLeftovers(
  folder: string,
  refs: readonly Ref[],
  snapshots: readonly ScannedSnapshot[],
  blobs: Blobs,
  used: ReadonlySet<string>,
  warn: Warn,
): void {
  const commits = new Set(snapshots.map((snapshot) => snapshot.commit));
  for (const ref of refs) {
    if (!commits.has(ref.commit)) warn(`${ref.path} points to a snapshot that is not there.`);
  }
  const unused = [...blobs.finished].filter((hash) => !used.has(hash)).length;
  if (unused > 0) warn(`${folder} holds ${unused} finished files that no snapshot uses.`);
}
