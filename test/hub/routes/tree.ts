import { jsonReply, type Reply } from '../http/reply.ts';
import type { Commit } from '../repositories/repository.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { entriesOf, entryJson } from './entries.ts';
import { entryNotFound } from './errors.ts';

/** The Hub gives fewer entries at once when it has to look up the commit of each. */
const EXPANDED_PAGE_SIZE = 50;

/** `GET /api/models/{repo}/tree/{rev}[/{path}]`, in pages. */
export async function tree(
  commit: Commit,
  folder: string,
  request: RouteRequest,
  context: RouteContext,
): Promise<Reply> {
  const recursive = isOn(request.query.get('recursive'));
  const expand = isOn(request.query.get('expand'));
  const entries = entriesOf(commit, folder, recursive);
  if (entries.length === 0 && folder !== '') return entryNotFound(commit.id);
  const limit = pageSize(request, context, expand);
  const start = Number(Buffer.from(request.query.get('cursor') ?? '', 'base64url').toString()) || 0;
  const page = entries.slice(start, start + limit);
  const json = await Promise.all(page.map((entry) => entryJson(entry, commit, expand, request, context)));
  const next = start + limit < entries.length ? nextLink(request, context, limit, start + limit) : {};
  return jsonReply(200, json, next);
}

function isOn(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function pageSize(request: RouteRequest, context: RouteContext, expand: boolean): number {
  const most = expand ? Math.min(EXPANDED_PAGE_SIZE, context.pageSize) : context.pageSize;
  const asked = Number(request.query.get('limit'));
  return asked > 0 ? Math.min(Math.floor(asked), most) : most;
}

/** The Link header is an absolute URL: the JavaScript client ignores relative ones. */
function nextLink(request: RouteRequest, context: RouteContext, limit: number, start: number) {
  const query = new URLSearchParams(request.query);
  query.set('limit', String(limit));
  query.set('cursor', Buffer.from(String(start)).toString('base64url'));
  return { link: `<${context.hubUrl}${request.path}?${query}>; rel="next"` };
}
