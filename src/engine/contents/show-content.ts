import { rm } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { identifyFile } from '../cache/file-identity.ts';
import { copiesPath, partialPath } from '../cache/layout.ts';
import { type LinkOptions, linkSnapshot, replaceCopy } from '../cache/link-snapshot.ts';
import { localFolderOf } from '../cache/local-folder.ts';
import { writeLocalNote } from '../cache/local-notes.ts';
import type { ContentTask, ContentTaskEvents } from './content-task.ts';
import type { DownloadContext } from './context.ts';
import { checkDeps } from './verification/check-deps.ts';
import { checkFile, type PassedCheck } from './verification/check-file.ts';

/**
 * Links the content at `content`, which has passed a check, under every path of the task, and records in the ledger
 * that these files are correct. Where links are not supported some of them may be copies: those are hashed, and
 * replaced when they are wrong.
 */
export async function showContent(
  task: ContentTask,
  content: string,
  passed: PassedCheck,
  context: DownloadContext,
  events: ContentTaskEvents,
  signal: AbortSignal,
): Promise<void> {
  const { cacheDir, repo, commit, files, symlinks } = task;
  const local = localFolderOf(cacheDir);
  const deps = checkDeps(task, context, events);
  const inode = (await identifyFile(content))?.inode;
  const checks: PassedCheck[] = [];
  let source = content;
  for (const [index, { path, hash }] of files.entries()) {
    const keepBlob = index < files.length - 1;
    const link = { cacheDir, repo, commit, path, hash, symlinks, keepBlob, signal };
    const shown = await linkSnapshot({ ...link, source });
    const file = await identifyFile(shown);
    if (file && file.inode === inode) {
      const check = { identity: file.identity, hash, checkedAt: passed.checkedAtMs, ok: true };
      context.ledger.checks.save(file.path, check);
      checks.push(passed);
    } else {
      const isRight = () => checkFile(shown, task.files[0], deps, signal);
      checks.push((await isRight()) ?? (await replaceWrong(link, source, shown, isRight)));
    }
    if (!symlinks) source = shown;
    if (local !== null) await writeLocalNote(local, { path, commit, hash }, context.clock.now());
  }
  // Once the content exists, an older partial of ours is useless.
  await rm(partialPath(cacheDir, repo, files[0].hash), { force: true });
  await rm(copiesPath(cacheDir, repo, files[0].hash), { force: true });
  events.onInstalled(files, checks);
}

async function replaceWrong(
  link: LinkOptions,
  content: string,
  path: string,
  isRight: () => Promise<PassedCheck | null>,
): Promise<PassedCheck> {
  await replaceCopy(link, content);
  const passed = await isRight();
  if (passed) return passed;
  throw new AppError(
    'HashMismatch',
    `${path} was copied from a good file and came out wrong twice. The disk may be failing.`,
    { retryable: true, details: { path } },
  );
}
