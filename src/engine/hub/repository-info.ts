import { z } from 'zod';
import { AppError } from '../../shared/contract/errors.ts';
import { checkFilePaths } from '../../shared/model/file-path.ts';
import { describedFile } from './described-file.ts';
import type { Endpoint } from './endpoint.ts';
import { isGitSha1 } from './etag.ts';
import { disabledError } from './hub-error.ts';
import { failureOf, type HubSession, notAHub, readJson, sendFollowing } from './hub-request.ts';
import type { RemoteFile, RepositoryInfo } from './remote-file.ts';
import { listTree } from './tree.ts';

/** A repository of 100,000 files has about 30 MB of metadata. */
const MAX_BYTES = 64 << 20;
/** How many times the longest silence a whole answer may take: weak lines need time for long lists. */
const TOTAL_TIMEOUTS = 10;

/** Protocol notes A.2. Unknown keys are ignored. */
const modelSchema = z.object({
  sha: z.string().refine(isGitSha1),
  gated: z.unknown().optional(),
  disabled: z.boolean().nullish(),
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: z.number().nullish(),
        blobId: z.string().nullish(),
        lfs: z.object({ sha256: z.string().nullish(), size: z.number().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

type Model = z.infer<typeof modelSchema>;

/**
 * Resolves a revision to a commit and its files. A mirror that gives no sizes or hashes is asked for the file tree. All names are
 * checked before they are returned.
 *
 * Throws `NotFound`, `Gated`, `AuthRequired`, `PathUnsafe`, `ChangedUpstream` when another commit came back than was
 * asked for, `BadRequest` when the server is no Hub, and what requests throw.
 */
export async function repositoryInfo(
  session: HubSession,
  repo: string,
  revision: string,
  signal: AbortSignal,
): Promise<RepositoryInfo> {
  const { endpoint } = session;
  const response = await sendFollowing(session, {
    url: new URL(`${endpoint.url}/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`),
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: session.timeoutMs * TOTAL_TIMEOUTS,
    signal,
  });
  if (response.status !== 200) throw await failureOf(session, response, { repo, revision });
  const { value } = await readJson(session, response, MAX_BYTES);
  const model = parsed(endpoint, value);
  const commit = model.sha.toLowerCase();
  checkCommit(commit, revision, endpoint);
  if (model.disabled === true) throw disabledError(repo, endpoint);
  const files = describedFiles(endpoint, model) ?? (await listTree(session, repo, commit, signal));
  checkFilePaths(
    files.map((file) => file.path),
    { caseInsensitive: false },
  );
  return { repo, commit, gated: model.gated === true || typeof model.gated === 'string', files };
}

function parsed(endpoint: Endpoint, value: unknown): Model {
  const model = modelSchema.safeParse(value);
  if (!model.success) throw notAHub(endpoint, 'shape');
  return model.data;
}

function checkCommit(commit: string, revision: string, endpoint: Endpoint): void {
  if (!isGitSha1(revision) || revision.toLowerCase() === commit) return;
  throw new AppError(
    'ChangedUpstream',
    `${endpoint.host} was asked for commit ${revision} but answered with ${commit}.`,
    {
      details: { host: endpoint.host, asked: revision, answered: commit },
    },
  );
}

/** Null when a size or a hash is missing, as some mirrors leave them out. */
function describedFiles(endpoint: Endpoint, model: Model): RemoteFile[] | null {
  if (model.siblings === undefined || model.siblings === null) return null;
  const files: RemoteFile[] = [];
  for (const { rfilename, size, blobId, lfs } of model.siblings) {
    const file = describedFile(endpoint, {
      path: rfilename,
      size,
      gitSha1: blobId,
      sha256: lfs?.sha256,
      lfsSize: lfs?.size,
      isLfs: Boolean(lfs),
    });
    if (file === null) return null;
    files.push(file);
  }
  return files;
}
