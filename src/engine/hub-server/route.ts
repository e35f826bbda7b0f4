/** The target of a request. Names are as the client wrote them, decoded; they are looked up, never made into paths. */
export type Route =
  | { readonly kind: 'page' }
  | { readonly kind: 'health' }
  | { readonly kind: 'have' }
  | { readonly kind: 'blob'; readonly hash: string }
  | { readonly kind: 'model'; readonly repo: string; readonly revision: string }
  | { readonly kind: 'refs'; readonly repo: string }
  | { readonly kind: 'tree'; readonly repo: string; readonly revision: string; readonly folder: string }
  | { readonly kind: 'paths'; readonly repo: string; readonly revision: string }
  | { readonly kind: 'resolve'; readonly repo: string; readonly revision: string; readonly path: string };

/** Longer targets are rejected. */
const MAX_TARGET_LENGTH = 8192;

/** Segments that follow the name of a repository in the API. */
const API_WORDS: ReadonlySet<string> = new Set(['revision', 'tree', 'paths-info', 'refs']);

/**
 * Parses the target of a request; null for what this server does not have. A revision may be one segment
 * (`refs%2Fpr%2F1`, as Python sends it) or several (`refs/pr/1`, as JavaScript does).
 */
export function routeOf(target: string): Route | null {
  const [path = ''] = target.split(/[?#]/, 1);
  if (!path.startsWith('/') || target.length > MAX_TARGET_LENGTH) return null;
  const parts = decoded(path.slice(1).split('/'));
  if (parts === null) return null;
  const [first, second] = parts;
  if (parts.length === 1)
    return first === '' ? { kind: 'page' } : first === 'health' ? { kind: 'health' } : null;
  if (first !== 'api') return resolveRoute(parts);
  if (second === 'haulyard') return ownRoute(parts.slice(2));
  return second === 'models' ? modelRoute(parts.slice(2)) : null;
}

/** Returns null when a segment is not text: `%zz`, `%00`, half a character. */
function decoded(parts: readonly string[]): readonly string[] | null {
  try {
    const texts = parts.map(decodeURIComponent);
    return texts.some((text) => text.includes('\0')) ? null : texts;
  } catch {
    return null;
  }
}

function ownRoute([word, hash, ...rest]: readonly string[]): Route | null {
  if (rest.length > 0) return null;
  if (word === 'have' && hash === undefined) return { kind: 'have' };
  return word === 'blob' && hash !== undefined ? { kind: 'blob', hash: hash.toLowerCase() } : null;
}

/** `org/name` or, from before organizations, `name`, and what follows. */
function modelRoute(parts: readonly string[]): Route | null {
  const length = parts.length > 1 && !API_WORDS.has(parts[1] ?? '') ? 2 : 1;
  const repo = parts.slice(0, length).join('/');
  const [word, ...rest] = parts.slice(length);
  if (word === undefined) return { kind: 'model', repo, revision: 'main' };
  if (word === 'refs' && rest.length === 0) return { kind: 'refs', repo };
  if (word === 'revision') return { kind: 'model', repo, revision: rest.join('/') };
  if (word === 'paths-info') return { kind: 'paths', repo, revision: rest.join('/') };
  if (word !== 'tree') return null;
  const { revision, rest: folder } = splitRevision(rest);
  return { kind: 'tree', repo, revision, folder };
}

/** `org/name/resolve/REVISION/PATH`. */
function resolveRoute(parts: readonly string[]): Route | null {
  const at = parts[1] === 'resolve' ? 1 : 2;
  if (parts[at] !== 'resolve') return null;
  const { revision, rest: path } = splitRevision(parts.slice(at + 1));
  return path === '' ? null : { kind: 'resolve', repo: parts.slice(0, at).join('/'), revision, path };
}

/** A revision is one segment, except the Hub's own refs (`refs/pr/1`, `refs/convert/parquet`), which have three. */
function splitRevision(parts: readonly string[]): { readonly revision: string; readonly rest: string } {
  const [first = ''] = parts;
  const length = first === 'refs' ? 3 : 1;
  return { revision: parts.slice(0, length).join('/'), rest: parts.slice(length).join('/') };
}
