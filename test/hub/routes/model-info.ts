import { jsonReply, type Reply } from '../http/reply.ts';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Commit, Repository } from '../repositories/repository.ts';
import { announcedFacts, type RouteRequest } from './context.ts';
import { COMMIT_DATE } from './entries.ts';

/** Names that `expand` accepts. */
const EXPANDABLE = new Set(
  (
    'author baseModels cardData config createdAt disabled downloads downloadsAllTime evalResults gated inference ' +
    'inferenceProviderMapping lastModified library_name likes mask_token model-index pipeline_tag private ' +
    'safetensors sha siblings spaces tags transformersInfo trendingScore widgetData gguf resourceGroup ' +
    'xetEnabled childrenModelCount usedStorage'
  ).split(' '),
);

/** `GET /api/models/{repo}[/revision/{rev}]`, with `blobs=true` and `expand=`. */
export async function modelInfo(
  repository: Repository,
  commit: Commit,
  request: RouteRequest,
): Promise<Reply> {
  const expand = [...request.query.getAll('expand'), ...request.query.getAll('expand[]')];
  const unknown = expand.find((name) => !EXPANDABLE.has(name));
  if (unknown !== undefined)
    return jsonReply(400, { error: `"expand" must be one of [${[...EXPANDABLE].join(', ')}]` });
  const blobs = ['true', '1'].includes(request.query.get('blobs') ?? '');
  const info = await fullInfo(repository, commit, blobs, request);
  if (expand.length === 0) return jsonReply(200, info);
  const kept = Object.entries(info).filter(
    ([name]) => name === '_id' || name === 'id' || expand.includes(name),
  );
  return jsonReply(200, Object.fromEntries(kept));
}

async function fullInfo(repository: Repository, commit: Commit, blobs: boolean, request: RouteRequest) {
  const files = [...commit.files.values()];
  return {
    _id: repository.internalId,
    id: repository.id,
    modelId: repository.id,
    author: repository.id.split('/')[0],
    sha: commit.id,
    lastModified: COMMIT_DATE,
    createdAt: COMMIT_DATE,
    private: repository.private,
    gated: repository.gated,
    disabled: repository.disabled,
    tags: ['safetensors', 'region:us'],
    downloads: 0,
    likes: 0,
    cardData: {},
    config: {},
    spaces: [],
    usedStorage: files.reduce((sum, file) => sum + file.content.size, 0),
    siblings: await Promise.all(
      files.map((file) => (blobs ? sibling(file, request) : { rfilename: file.path })),
    ),
  };
}

async function sibling(file: HubFile, request: RouteRequest) {
  const { size, blobId, lfs } = await announcedFacts(file, request);
  const plain = { rfilename: file.path, size, blobId };
  return lfs === null ? plain : { ...plain, lfs };
}
