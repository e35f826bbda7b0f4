import { AppError } from '../../shared/contract/errors.ts';
import { repositoryIdSchema } from '../../shared/model/catalog.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { redact } from '../errors/redact.ts';
import type { Endpoint } from './endpoint.ts';

/** What a user's words stand for: a catalog model, or a repository and perhaps a place in it. */
export type Reference =
  | { readonly kind: 'catalog'; readonly id: string }
  | { readonly kind: 'repo'; readonly repo: string; readonly revision?: string; readonly path?: string };

/** Hosts of the public Hub; their addresses are understood whatever the endpoint is. */
const HUB_HOSTS: ReadonlySet<string> = new Set([
  'huggingface.co',
  'www.huggingface.co',
  'hf.co',
  'www.hf.co',
]);
/** First parts of addresses that are other kinds of repositories. */
const OTHER_KINDS: ReadonlySet<string> = new Set(['datasets', 'spaces', 'kernels', 'buckets']);
/** First parts of addresses that are pages of the Hub and not organisations. */
const PAGES: ReadonlySet<string> = new Set(
  'api blog chat collections docs enterprise join learn login models new organizations papers posts pricing search settings tasks'.split(
    ' ',
  ),
);
/** Parts after `org/name` that are followed by a revision. */
const VIEWS: ReadonlySet<string> = new Set(['tree', 'blob', 'resolve', 'raw', 'commit', 'commits', 'blame']);
const MAX_SHOWN = 100;

/**
 * Reads a catalog id (`parakeet`), `org/name`, `hf://org/name[@revision][/path]`, or an address of the endpoint or of
 * huggingface.co: `/org/name`, `/org/name/tree/REVISION[/folder]`, `/org/name/blob/REVISION/file` and the like.
 *
 * Throws `BadRequest` with what is wrong, and `PathUnsafe` for a path that must not be joined to a folder.
 */
export function parseReference(text: string, endpoint: Endpoint): Reference {
  const trimmed = text.trim();
  if (/^[a-z0-9][a-z0-9.-]*$/.test(trimmed)) return { kind: 'catalog', id: trimmed };
  if (/^hf:\/\//i.test(trimmed)) return fromHfUrl(trimmed.slice('hf://'.length));
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : withScheme(trimmed, endpoint);
  if (address !== null) return fromAddress(address, endpoint);
  const parts = trimmed.split('/');
  refuseOtherKinds(parts[0]);
  if (parts.length !== 2) throw notUnderstood(trimmed);
  return { kind: 'repo', repo: repository(trimmed) };
}

/** `huggingface.co/org/name` as copied from an address bar that hides the scheme; null for anything else. */
function withScheme(text: string, endpoint: Endpoint): string | null {
  const host = text.slice(0, Math.max(text.indexOf('/'), 0)).toLowerCase();
  if (HUB_HOSTS.has(host)) return `https://${text}`;
  return host !== '' && host === endpoint.host ? `${new URL(endpoint.url).protocol}//${text}` : null;
}

function fromAddress(address: string, endpoint: Endpoint): Reference {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) throw notUnderstood(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new AppError('BadRequest', `An address must begin with https:// or hf://, not ${url.protocol}//.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('BadRequest', 'An address must not contain a user name or password.');
  }
  if (url.host !== endpoint.host && !HUB_HOSTS.has(url.host)) {
    throw new AppError(
      'BadRequest',
      `${url.host} is not the Hub. Addresses of ${endpoint.host} and huggingface.co are understood.`,
    );
  }
  return fromParts(partsOf(url, endpoint));
}

/** Decoded parts of the path, without the endpoint's prefix, `/models` and `/api/models`. */
function partsOf(url: URL, endpoint: Endpoint): string[] {
  const prefix = new URL(endpoint.url).pathname;
  const isPrefixed = url.host === endpoint.host && prefix !== '/' && url.pathname.startsWith(`${prefix}/`);
  const path = isPrefixed ? url.pathname.slice(prefix.length) : url.pathname;
  const parts = path.replace(/^\/(api\/)?models(?=\/[^/]+\/[^/]+)/, '').split('/');
  return parts.filter((part) => part !== '').map((part) => decoded(part));
}

function fromParts(parts: readonly string[]): Reference {
  const [org, name, view, ...rest] = parts;
  refuseOtherKinds(org);
  if (org === undefined || name === undefined || PAGES.has(org)) {
    throw new AppError(
      'BadRequest',
      'This address is not that of a model. It looks like https://huggingface.co/org/name.',
    );
  }
  const repo = repository(`${org}/${name}`);
  if (view === undefined || rest.length === 0 || !(VIEWS.has(view) || view === 'revision'))
    return { kind: 'repo', repo };
  const { revision, path } = splitRevision(rest);
  return place(repo, revision, view.startsWith('commit') ? '' : path);
}

/** `org/name[@revision][/path]`, as the Hugging Face file system writes it. */
function fromHfUrl(text: string): Reference {
  const [org, name, ...rest] = text.split('/').filter((part) => part !== '');
  refuseOtherKinds(org);
  if (org === undefined || name === undefined) throw notUnderstood(`hf://${text}`);
  const at = name.indexOf('@');
  if (at < 0) return place(repository(`${org}/${name}`), undefined, rest.map(decoded).join('/'));
  const { revision, path } = splitRevision([decoded(name.slice(at + 1)), ...rest.map(decoded)]);
  return place(repository(`${org}/${name.slice(0, at)}`), revision, path);
}

/** A revision is one part, but for `refs/pr/1` and `refs/convert/…`, which are often written without escapes. */
function splitRevision(parts: readonly string[]): { revision: string; path: string } {
  const length = parts[0] === 'refs' ? 3 : 1;
  return { revision: parts.slice(0, length).join('/'), path: parts.slice(length).join('/') };
}

function place(repo: string, revision: string | undefined, path: string): Reference {
  if (path !== '') checkFilePath(path);
  return {
    kind: 'repo',
    repo,
    ...(revision === undefined || revision === '' ? {} : { revision }),
    ...(path === '' ? {} : { path }),
  };
}

function refuseOtherKinds(first: string | undefined): void {
  if (first === undefined || !OTHER_KINDS.has(first)) return;
  throw new AppError('BadRequest', `Only model repositories are supported, not ${first}.`);
}

function repository(text: string): string {
  const id = repositoryIdSchema.safeParse(text);
  if (!id.success) throw notUnderstood(text);
  return id.data;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notUnderstood(text: string): AppError {
  const shown = JSON.stringify(redact(text).slice(0, MAX_SHOWN));
  return new AppError(
    'BadRequest',
    `${shown} is not a catalog id, org/name, or an address of a model on the Hub.`,
  );
}
