import { queryOf } from './http/exchange.ts';
import type { RequestRecord } from './http/request-log.ts';
import type { Target } from './routes/target.ts';

/** What the official clients send to a route. Their files and versions are in docs/hub-requests.md. */
export interface OfficialRequests {
  readonly methods: readonly string[];
  /** Names of the query; null where the address was given out by the Hub and is not looked into. */
  readonly query: readonly string[] | null;
  /** Methods that come with a `Range`, if only for some clients. */
  readonly ranged: readonly string[];
}

/** What a request is about: a route of the Hub, or the content behind a signed URL. */
type Subject = Exclude<Target['route'], 'none'> | 'content';

const JSON_ONLY = { ranged: [] };
const MODEL_FILTERS = [
  ...['filter', 'author', 'apps', 'gated', 'inference', 'inference_provider', 'pipeline_tag'],
  ...['num_parameters', 'search', 'sort', 'limit', 'full', 'config', 'cardData', 'expand', 'cursor'],
];
const LISTED: Readonly<Record<Subject, OfficialRequests>> = {
  models: { methods: ['GET'], query: MODEL_FILTERS, ...JSON_ONLY },
  info: { methods: ['GET'], query: ['blobs', 'expand', 'expand[]', 'securityStatus'], ...JSON_ONLY },
  tree: { methods: ['GET'], query: ['recursive', 'expand', 'limit', 'cursor'], ...JSON_ONLY },
  'paths-info': { methods: ['POST'], query: [], ...JSON_ONLY },
  refs: { methods: ['GET'], query: ['include_prs', 'include_pull_requests'], ...JSON_ONLY },
  whoami: { methods: ['GET'], query: [], ...JSON_ONLY },
  'xet-read-token': { methods: ['GET'], query: [], ...JSON_ONLY },
  'lfs-batch': { methods: ['POST'], query: [], ...JSON_ONLY },
  'auth-check': { methods: ['GET'], query: [], ...JSON_ONLY },
  raw: { methods: ['GET'], query: [], ranged: ['GET'] },
  resolve: { methods: ['HEAD', 'GET'], query: ['download', 'noContentDisposition'], ranged: ['GET'] },
  'resolve-cache': { methods: ['HEAD', 'GET'], query: null, ranged: ['GET'] },
  content: { methods: ['GET'], query: null, ranged: ['GET'] },
};

/**
 * @huggingface/hub requests one byte of resolve, but indicates with it that it wants no bytes
 * (lib/file-download-info.ts).
 */
const FILE_INFO = 'application/vnd.xet-fileinfo+json';

/** Why no official client sends this request, or null when one does. */
export function unofficial(target: Target, record: RequestRecord): string | null {
  const subject = record.origin === 'cdn' ? 'content' : target.route;
  if (subject === 'none') return null; // The Hub answers 404 to everybody.
  const { methods, query, ranged } = LISTED[subject];
  const { method, headers } = record;
  if (!methods.includes(method)) return `${method} of ${subject}`;
  if (headers.range !== undefined && !ranged.includes(method)) return `${method} of ${subject} with a Range`;
  if (subject === 'resolve' && headers.range === 'bytes=0-0' && !headers.accept?.includes(FILE_INFO)) {
    return 'a question for one byte of resolve, whose answer is good for that byte alone';
  }
  const names = [...queryOf(record.url).keys()];
  const unknown = query === null ? undefined : names.find((name) => !query.includes(name));
  if (unknown !== undefined) return `${subject} with the query ${unknown}`;
  const { authorization } = headers;
  return authorization === undefined || /^Bearer \S+$/.test(authorization)
    ? null
    : 'an Authorization that is no Bearer token';
}
