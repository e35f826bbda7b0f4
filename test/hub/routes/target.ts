import { findCommit, type Repository } from '../repositories/repository.ts';

/** What a URL of the Hub is about. */
export interface Target {
  readonly route:
    | 'models'
    | 'info'
    | 'tree'
    | 'paths-info'
    | 'refs'
    | 'auth-check'
    | 'raw'
    | 'resolve'
    | 'resolve-cache'
    | 'xet-read-token'
    | 'lfs-batch'
    | 'whoami'
    | 'none';
  readonly repoId: string | null;
  /** Decoded segments after the repository and the keyword: revision and path. */
  readonly rest: readonly string[];
}

const API_ROUTES: Readonly<Record<string, Target['route']>> = {
  revision: 'info',
  tree: 'tree',
  'paths-info': 'paths-info',
  refs: 'refs',
  'xet-read-token': 'xet-read-token',
  'auth-check': 'auth-check',
};
const NOTHING: Target = { route: 'none', repoId: null, rest: [] };

/** Reads the path of a URL. A path with malformed percent-encoding is about nothing. */
export function targetOf(path: string): Target {
  const segments = decodeSegments(path);
  if (segments === undefined) return NOTHING;
  const [first, second] = segments;
  if (path === '/api/models') return { ...NOTHING, route: 'models' };
  if (first === 'api' && second === 'models') return apiTarget(segments.slice(2));
  if (isOtherKind(first)) return withKind(first, targetOf(`/${path.split('/').slice(2).join('/')}`));
  if (first === 'api' && isOtherKind(second)) {
    return withKind(second, targetOf(`/api/models/${path.split('/').slice(3).join('/')}`));
  }
  if (first === 'api' && second === 'resolve-cache' && isOtherKind(segments[2])) {
    return withKind(segments[2], targetOf(`/api/resolve-cache/models/${path.split('/').slice(4).join('/')}`));
  }
  if (first === 'api' && second === 'resolve-cache' && segments[2] === 'models') {
    return { route: 'resolve-cache', repoId: segments.slice(3, 5).join('/'), rest: segments.slice(5) };
  }
  if (segments.slice(2).join('/') === 'info/lfs/objects/batch') {
    return {
      route: 'lfs-batch',
      repoId: segments
        .slice(0, 2)
        .join('/')
        .replace(/\.git$/, ''),
      rest: [],
    };
  }
  if (first === 'api' && second === 'whoami-v2') return { ...NOTHING, route: 'whoami' };
  return resolveTarget(segments);
}

/** Datasets and Spaces have the routes of models, under a name of their own. */
function isOtherKind(segment: string | undefined): segment is string {
  return segment === 'datasets' || segment === 'spaces';
}

function withKind(kind: string, target: Target): Target {
  return target.repoId === null ? target : { ...target, repoId: `${kind}/${target.repoId}` };
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** `{ns}/{name}` or a legacy single name, then perhaps a keyword. */
function apiTarget(segments: readonly string[]): Target {
  const words = segments[1] !== undefined && Object.hasOwn(API_ROUTES, segments[1]) ? 1 : 2;
  const repoId = segments.slice(0, words).join('/');
  const keyword = segments[words];
  if (repoId === '') return NOTHING;
  if (keyword === undefined) return { route: 'info', repoId, rest: [] };
  const route = Object.hasOwn(API_ROUTES, keyword) ? API_ROUTES[keyword] : undefined;
  return route === undefined ? NOTHING : { route, repoId, rest: segments.slice(words + 1) };
}

function resolveTarget(segments: readonly string[]): Target {
  const at = segments.findIndex(
    (segment, index) => index > 0 && (segment === 'resolve' || segment === 'raw'),
  );
  if (at !== 1 && at !== 2) return NOTHING;
  const route = segments[at] === 'raw' ? 'raw' : 'resolve';
  return { route, repoId: segments.slice(0, at).join('/'), rest: segments.slice(at + 1) };
}

/** A revision and a path inside the repository. */
export interface RevisionPath {
  readonly revision: string;
  readonly path: string;
}

/**
 * Splits revision and path. Clients send `refs%2Fpr%2F1` or `refs/pr/1`; the longest known revision wins, so that
 * branch names with a slash work in both forms.
 */
export function splitRevision(repository: Repository, rest: readonly string[]): RevisionPath {
  for (let length = rest.length; length > 1; length -= 1) {
    const revision = rest.slice(0, length).join('/');
    if (findCommit(repository, revision)) return { revision, path: rest.slice(length).join('/') };
  }
  return { revision: rest[0] ?? 'main', path: rest.slice(1).join('/') };
}
