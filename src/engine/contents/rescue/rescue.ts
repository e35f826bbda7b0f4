import { lstat } from 'node:fs/promises';
import type { RescueSource } from '../../../shared/model/download.ts';
import { adoptBlob } from '../../cache/adopt.ts';
import { copyPrefix } from '../../cache/copy-prefix.ts';
import { findBlob, findElsewhere } from '../../cache/find-blob.ts';
import { foreignPartials } from '../../cache/foreign-partials.ts';
import { blobPath, partialPath, repositoryFolder } from '../../cache/layout.ts';
import { findInTools } from '../../cache/tool-models.ts';
import type { ContentTask, ContentTaskEvents } from '../content-task.ts';
import type { DownloadContext } from '../context.ts';
import { checkDeps } from '../verification/check-deps.ts';
import { checkFile, type PassedCheck } from '../verification/check-file.ts';

/** The state of our partial before a transfer begins. */
export interface Rescued {
  readonly source: RescueSource;
  /** True when the partial may hold bytes that are not in the ledger. */
  readonly hasUnknownBytes: boolean;
  /** Another tool's partial, to be merged into ours. */
  readonly merge: string | null;
}

/**
 * Adopts a finished copy from another repository or cache; returns null when there is none. The copy is hashed before
 * it is trusted, unless a record shows that it was. What is copied byte by byte is hashed again at its destination: a
 * copy is a different file.
 */
export async function adoptElsewhere(
  task: ContentTask,
  context: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<PassedCheck | null> {
  const { cacheDir, repo, files } = task;
  const [file] = files;
  const { hash, size, path } = file;
  if (size === 0) return null;
  const cacheDirs = [cacheDir, ...context.knownCacheDirs];
  const deps = checkDeps(task, context, events);
  const target = blobPath(cacheDir, repo, hash);
  const cached = await findElsewhere({ cacheDirs, hash, size, except: { cacheDir, repo }, signal });
  const paths = files.map((each) => each.path);
  const ofTools = await findInTools(context.toolFolders, { repo, paths, hash, size });
  for (const source of [...cached, ...ofTools]) {
    const right = await checkFile(source, file, deps, signal);
    if (!right) {
      context.log('warn', `${source} doesn’t match its checksum; it wasn’t used or changed.`);
      continue;
    }
    const method = await adoptBlob(source, target, signal);
    // Another tool may have written to its file since it was hashed.
    const isSame = method !== 'copy' && !ofTools.includes(source);
    const passed = isSame ? right : await checkFile(target, file, deps, signal);
    if (!passed) continue;
    events.onRescued(path, size, Math.ceil(size / task.chunkBytes), 'cache');
    return passed;
  }
  return null;
}

/**
 * Prepares our partial: existing bytes come first, and a partial named by the user is merged into it. Otherwise the
 * best partial of another tool is copied to the path of ours. For a repair, the damaged content itself is used.
 */
export async function rescuePartial(
  task: ContentTask,
  context: DownloadContext,
  signal: AbortSignal,
): Promise<Rescued> {
  const { cacheDir, repo, files } = task;
  const [{ hash, size }] = files;
  const row = context.ledger.blobs.find(repositoryFolder(cacheDir, repo), hash);
  const isKnown = row !== null && row.size === size;
  const hasChunks = isKnown && context.ledger.chunks.list(row.id).length > 0;
  // Where the ledger has the content, bytes it does not list were never durable.
  const here = { source: 'ledger', hasUnknownBytes: !isKnown } as const;
  const isBegun = hasChunks || (!isKnown && (await hasContent(partialPath(cacheDir, repo, hash))));
  const foreign = async () => task.from ?? (hasChunks ? null : await bestForeign(task));
  if (!task.repair && isBegun) return { ...here, merge: await foreign() };
  const source = task.repair ? await damagedContent(task) : await foreign();
  if (source === null) return { ...here, merge: null };
  await copyPrefix({ source, target: partialPath(cacheDir, repo, hash), fileSize: size, signal });
  return { source: task.repair ? 'ledger' : 'partial', hasUnknownBytes: true, merge: null };
}

async function hasContent(path: string): Promise<boolean> {
  return ((await lstat(path).catch(() => null))?.size ?? 0) > 0;
}

/** Returns the content to repair; null when an earlier repair was interrupted and is resumed. */
async function damagedContent({
  cacheDir,
  repo,
  commit,
  files: [{ hash, size, path }],
}: ContentTask): Promise<string | null> {
  const interrupted = await lstat(partialPath(cacheDir, repo, hash)).catch(() => null);
  return interrupted ? null : findBlob({ cacheDir, repo, hash, size, snapshot: { commit, path } });
}

async function bestForeign({ cacheDir, repo, files }: ContentTask): Promise<string | null> {
  const [{ hash, size }] = files;
  const paths = files.map(({ path }) => path);
  const { usable } = await foreignPartials({ cacheDir, repo, hash, size, paths });
  const content = ({ bytes, allocatedBytes }: (typeof usable)[number]) => Math.min(bytes, allocatedBytes);
  return [...usable].sort((a, b) => content(b) - content(a))[0]?.path ?? null;
}
