import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { isCommit, repositoryFolder } from './layout.ts';

/** A file as listed by the Hub, from a list that huggingface_hub left in the cache. */
export interface CachedFile {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** 100,000 files have about 30 MB. */
const MAX_BYTES = 64 << 20;

/** `trees/<commit>.json` of huggingface_hub 1.22 and later (its `_tree_cache.py`). */
const treeSchema = z.object({
  format_version: z.literal(1),
  files: z.record(
    z.string(),
    z.object({
      size: z.number().int().nonnegative(),
      blob_id: z.string().regex(/^[0-9a-f]{40}$/),
      lfs_sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullish(),
      lfs_size: z.number().int().nonnegative().nullish(),
    }),
  ),
});

/**
 * Returns the files of a commit as recorded by huggingface_hub in this cache; null when it did not, or when the record
 * cannot be trusted.
 */
export async function cachedTree(
  cacheDir: string,
  repo: string,
  commit: string,
): Promise<readonly CachedFile[] | null> {
  if (!isCommit(commit)) return null;
  const text = await boundedText(join(repositoryFolder(cacheDir, repo), 'trees', `${commit}.json`));
  const tree = text === null ? null : treeSchema.safeParse(parsed(text));
  if (!tree?.success) return null;
  const files = Object.entries(tree.data.files).map(([path, { size, blob_id, lfs_sha256, lfs_size }]) => {
    return lfs_sha256
      ? { path, size: lfs_size ?? size, hash: lfs_sha256, algorithm: 'sha256' as const }
      : { path, size, hash: blob_id, algorithm: 'git-sha1' as const };
  });
  return files.length > 0 && files.every(isSafe) ? files : null;
}

function isSafe({ path }: CachedFile): boolean {
  try {
    checkFilePath(path);
    return true;
  } catch {
    return false;
  }
}

async function boundedText(path: string): Promise<string | null> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    return size <= MAX_BYTES ? await file.readFile('utf8') : null;
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
