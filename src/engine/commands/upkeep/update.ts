import { type AddDownload, addDownloadSchema, type CommandArgs } from '../../../shared/contract/commands.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { boundedMap } from '../../cache/bounded-map.ts';
import type { CallScope, EngineParts } from '../../engine-parts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Followed, wantedFiles } from '../../library/upkeep/update-check.ts';
import type { DownloadTarget } from '../../queue/download-target.ts';
import type { DownloadQueue } from '../../queue/queue.ts';
import { literalPattern } from '../../queue/selection.ts';
import { followedModels, PARALLEL_QUESTIONS, variantFinder } from './outdated.ts';

/**
 * Downloads what a branch has by now: runs the downloads of the installed revision once more, or one for the files that
 * another program downloaded. Contents on disk cost nothing. Throws `NotFound` for what is not installed, and
 * `BadRequest` for a revision that no branch names.
 */
export async function update(
  { references, acceptChanged }: CommandArgs<'library.update'>,
  parts: EngineParts & CallScope,
  ledger: Ledger,
  downloads: DownloadQueue,
): Promise<{ readonly ids: readonly string[] }> {
  const followed = await followedModels(references, parts, ledger);
  if (followed.length === 0) {
    const named = references.join(', ').slice(0, 300);
    throw new AppError('BadRequest', `No branch or tag names the installed version of ${named}.`);
  }
  const wishes = await boundedMap(followed, PARALLEL_QUESTIONS, (each) => wishesFor(each, parts));
  const ids = wishes
    .flat()
    .map(({ target, wish }) => downloads.add(target, { ...wish, acceptChanged }, parts.run));
  return { ids: [...new Set(ids)] };
}

interface Wish {
  readonly target: DownloadTarget;
  readonly wish: AddDownload;
}

async function wishesFor(followed: Followed, parts: EngineParts): Promise<readonly Wish[]> {
  const { snapshot, revision, downloads } = followed;
  const { repo } = snapshot;
  if (downloads.length > 0) {
    return downloads.map(({ model, variant, options }) => ({
      target: { repo, revision, model, variant },
      wish: { ...options, from: {} },
    }));
  }
  const { files } = await parts.hub.repositoryInfo(repo, revision, parts.signal);
  const wanted = wantedFiles(followed, files, await variantFinder(parts));
  const include = wanted.length === files.length ? [] : wanted.map(({ path }) => literalPattern(path));
  return [
    {
      target: { repo, revision, model: null, variant: null },
      wish: addDownloadSchema.parse({ reference: repo, include }),
    },
  ];
}
