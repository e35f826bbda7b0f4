import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { Download } from './download.ts';
import type { FileSelection } from './file-selection.ts';
import { chosenFiles, pinFiles } from './resolve-files.ts';
import { type FinishedFiles, missingShards } from './weight-warnings.ts';

/**
 * Checks the list against the index of weights: an index that names more files than the list has is a reason to doubt
 * the list, so the tree is requested. Returns true when the download has more files now, which must be downloaded.
 * Without an answer the download stays as it is and gets a warning.
 */
export async function completeList(
  download: Download,
  wish: FileSelection,
  finished: FinishedFiles,
  { hub, ledger, log }: DownloadContext,
  signal: AbortSignal,
): Promise<boolean> {
  const missing = (await missingShards(finished)).flatMap(({ names }) => names);
  if (missing.length === 0) return false;
  const { repo, commit } = finished;
  try {
    const tree = (await hub.tree(repo, commit, signal)) ?? [];
    const there = new Set(tree.map(({ path }) => path));
    if (!missing.some((name) => there.has(name))) return false;
    await pinFiles(download, { commit, files: chosenFiles(tree, wish) }, ledger);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    log('warn', `The tree of files could not be asked: ${classify(error).message}`);
    return false;
  }
}
