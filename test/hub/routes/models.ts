import { jsonReply, type Reply } from '../http/reply.ts';
import { findCommit, type Repository } from '../repositories/repository.ts';
import { type Caller, callerOf, maySee } from './access.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { invalidToken } from './errors.ts';
import { EXPANDABLE, expansion, modelFacts, picked } from './model-facts.ts';
import { fits } from './model-filters.ts';

/** Names that the Hub leaves out unless `full=true`, `cardData=true` or `config=true` asks for them. */
const BRIEF = [
  ...[
    'modelId',
    'likes',
    'trendingScore',
    'private',
    'downloads',
    'tags',
    'pipeline_tag',
    'library_name',
    'createdAt',
  ],
];
const FULL = [...BRIEF, 'author', 'sha', 'lastModified', 'gated', 'disabled', 'siblings'];

/** Orders of the Hub; numbers and times fall, as the official clients rely on without saying `direction`. */
const SORTS = ['downloads', 'likes', 'lastModified', 'createdAt', 'trendingScore'];

/** Models of one page, at most and by default, as on the Hub. */
const PAGE_SIZE = 1000;

/** `GET /api/models`: the models that the caller may see and that fit, in pages. */
export function models(request: RouteRequest, context: RouteContext): Reply {
  const { query } = request;
  const { names, unknown } = expansion(query);
  if (unknown !== undefined) return badRequest(`"expand" must be one of [${[...EXPANDABLE].join(', ')}]`);
  const sort = query.get('sort') ?? 'trendingScore';
  if (!SORTS.includes(sort)) return badRequest(`"sort" must be one of [${SORTS.join(', ')}]`);
  const limit = Number(query.get('limit') ?? PAGE_SIZE);
  if (!Number.isInteger(limit) || limit < 1) return badRequest('"limit" must be a positive number');
  const caller = callerOf(request, context);
  if (caller.kind === 'invalid') return invalidToken();
  const found = search(query, caller, context).sort((a, b) => compare(a[sort], b[sort]));
  const kept = names.length > 0 ? names : shown(query);
  const size = Math.min(limit, PAGE_SIZE);
  const start = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString()) || 0;
  const page = found.slice(start, start + size).map((facts) => picked(facts, kept));
  const more = start + size < found.length ? nextLink(query, context, start + size) : {};
  return jsonReply(200, page, more);
}

function search(query: URLSearchParams, caller: Caller, { store }: RouteContext) {
  return store
    .all()
    .filter((repository) => maySee(repository, caller))
    .map(facts)
    .filter((known) => fits(known, query));
}

function facts(repository: Repository): Readonly<Record<string, unknown>> {
  const head = findCommit(repository, 'main') ?? [...repository.commits.values()].at(-1);
  return head === undefined ? {} : modelFacts(repository, head);
}

function shown(query: URLSearchParams): readonly string[] {
  const isOn = (name: string) => ['true', '1', 'True'].includes(query.get(name) ?? '');
  return [
    ...(isOn('full') ? FULL : BRIEF),
    ...(isOn('cardData') ? ['cardData'] : []),
    ...(isOn('config') ? ['config'] : []),
  ];
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return String(b ?? '').localeCompare(String(a ?? ''));
}

/** An absolute URL, as the Hub gives it: the JavaScript client ignores relative ones. */
function nextLink(query: URLSearchParams, { hubUrl }: RouteContext, start: number) {
  const next = new URLSearchParams(query);
  next.set('cursor', Buffer.from(String(start)).toString('base64url'));
  return { link: `<${hubUrl}/api/models?${next}>; rel="next"` };
}

function badRequest(error: string): Reply {
  return jsonReply(400, { error }, { 'x-error-message': error });
}
