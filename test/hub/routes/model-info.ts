import { jsonReply, type Reply } from '../http/reply.ts';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Commit, Repository } from '../repositories/repository.ts';
import { announcedFacts, type RouteRequest } from './context.ts';
import { EXPANDABLE, expansion, modelFacts, picked } from './model-facts.ts';

/** Fields that only `expand` returns. */
const ON_REQUEST = ['downloadsAllTime', 'baseModels', 'childrenModelCount', 'trendingScore'];

/** `GET /api/models/{repo}[/revision/{rev}]`, with `blobs=true` and `expand=`. */
export async function modelInfo(
  repository: Repository,
  commit: Commit,
  request: RouteRequest,
): Promise<Reply> {
  const { names, unknown } = expansion(request.query);
  if (unknown !== undefined)
    return jsonReply(400, { error: `"expand" must be one of [${[...EXPANDABLE].join(', ')}]` });
  const facts = modelFacts(repository, commit);
  if (names.length > 0) return jsonReply(200, picked(facts, names));
  const usual = Object.entries(facts).filter(([name]) => !ON_REQUEST.includes(name));
  const blobs = ['true', '1'].includes(request.query.get('blobs') ?? '');
  const siblings = blobs ? { siblings: await describedSiblings(commit, request) } : {};
  return jsonReply(200, { ...Object.fromEntries(usual), ...siblings });
}

function describedSiblings(commit: Commit, request: RouteRequest) {
  return Promise.all([...commit.files.values()].map((file) => sibling(file, request)));
}

async function sibling(file: HubFile, request: RouteRequest) {
  const { size, blobId, lfs } = await announcedFacts(file, request);
  const plain = { rfilename: file.path, size, blobId };
  return lfs === null ? plain : { ...plain, lfs };
}
