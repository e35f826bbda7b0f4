import { jsonReply, type Reply } from '../http/reply.ts';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Repository } from '../repositories/repository.ts';
import type { RouteContext, RouteRequest } from './context.ts';

interface WantedObject {
  readonly oid: string;
  readonly size: number;
}

const MEDIA_TYPE = 'application/vnd.git-lfs+json';
/** As long as the signed URL lives. */
const EXPIRES_SECONDS = 3600;

/**
 * `POST /{repo}.git/info/lfs/objects/batch`: where git-lfs finds its objects, for downloads only
 * (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md).
 */
export async function lfsBatch(
  repository: Repository,
  request: RouteRequest,
  context: RouteContext,
): Promise<Reply> {
  const wanted = parsed(request.text);
  if (wanted === null) return lfsReply(422, { message: 'This Hub takes batches of downloads alone.' });
  const files = await filesBySha256(repository);
  const objects = wanted.map(async ({ oid, size }) => {
    const file = files.get(oid);
    if (file === undefined) return { oid, size, error: { code: 404, message: 'Object does not exist' } };
    const href = await context.signedUrls.sign(repository, file, undefined);
    return { oid, size, authenticated: true, actions: { download: { href, expires_in: EXPIRES_SECONDS } } };
  });
  return lfsReply(200, { transfer: 'basic', objects: await Promise.all(objects), hash_algo: 'sha256' });
}

function parsed(text: string): readonly WantedObject[] | null {
  try {
    const { operation, objects } = JSON.parse(text) as { operation?: string; objects?: WantedObject[] };
    return operation === 'download' && Array.isArray(objects) ? objects : null;
  } catch {
    return null;
  }
}

async function filesBySha256(repository: Repository): Promise<ReadonlyMap<string, HubFile>> {
  const files = [...repository.commits.values()].flatMap((commit) => [...commit.files.values()]);
  const entries = files.map(async (file) => [(await file.facts()).lfs?.sha256 ?? '', file] as const);
  return new Map(await Promise.all(entries));
}

function lfsReply(status: number, value: unknown): Reply {
  return jsonReply(status, value, { 'content-type': MEDIA_TYPE });
}
