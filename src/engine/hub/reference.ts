import { AppError } from '../../shared/contract/errors.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { repositorySchema } from '../../shared/model/repository.ts';
import { redact } from '../errors/redact.ts';
import type { Endpoint } from './endpoint.ts';
import { legacyName } from './legacy-names.ts';
import { pastedCommand } from './pasted-command.ts';

/** What a user's input stands for: a catalog model, or a repository and possibly a place in it. */
export type Reference = { readonly kind: 'catalog'; readonly id: string } | RepositoryReference;

/** A repository, and the part of it that is meant. */
export interface RepositoryReference {
  readonly kind: 'repo';
  readonly repo: string;
  readonly revision?: string;
  /** A file or a folder. */
  readonly path?: string;
  /** Files by their paths. */
  readonly files?: readonly string[];
  /** Glob patterns as for `--include` and `--exclude`. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Hosts of the public Hub; their URLs are accepted with any endpoint. */
const HUB_HOSTS: ReadonlySet<string> = new Set([
  'huggingface.co',
  'www.huggingface.co',
  'hf.co',
  'www.hf.co',
]);
/** First URL segments of other kinds of repositories. */
const OTHER_KINDS: ReadonlySet<string> = new Set(['kernels', 'buckets']);
/** First URL segments that mark a repository as something other than a model. */
const KINDS: ReadonlySet<string> = new Set(['datasets', 'spaces']);
/** First URL segments that are pages of the Hub rather than organizations. */
const PAGES: ReadonlySet<string> = new Set(
  'api blog chat collections docs enterprise join learn login models new organizations papers posts pricing search settings tasks'.split(
    ' ',
  ),
);
/** Segments after `org/name` that are followed by a revision. */
const VIEWS: ReadonlySet<string> = new Set(
  'tree blob resolve raw commit commits blame revision edit upload delete'.split(' '),
);
/** Segments that are followed by the number of a discussion. */
const NUMBERED: ReadonlySet<string> = new Set(['discussions', 'pull']);
const MAX_SHOWN = 100;

/**
 * Parses a catalog id (`parakeet`), `org/name`, `hf://org/name[@revision][/path]`, or a URL of the endpoint or of
 * huggingface.co: `/org/name`, `/org/name/tree/REVISION[/folder]`, `/org/name/blob/REVISION/file`, pages of pull
 * requests and the like; `org/name@revision`, `org/name:Q4_K_M` (one quantization of a GGUF repository, as Ollama
 * writes it), the name of a cache folder, and commands copied from elsewhere (see `pastedCommand`). Quotes and brackets
 * around it are dropped.
 *
 * Throws `BadRequest` with what is wrong, and `PathUnsafe` for a path that must not be joined to a folder.
 */
export function parseReference(text: string, endpoint: Endpoint): Reference {
  const command = pastedCommand(unwrapped(text));
  if (command === null) return parsePlain(unwrapped(text), endpoint);
  const { reference: place, revision, files, include, exclude } = command;
  const reference = parsePlain(unwrapped(place), endpoint);
  if (reference.kind === 'catalog') throw notOnHub(place);
  for (const file of files) checkFilePath(file);
  return {
    ...reference,
    ...(revision === undefined ? {} : { revision }),
    ...(files.length === 0 ? {} : { files }),
    ...(include.length === 0 ? {} : { include: [...(reference.include ?? []), ...include] }),
    ...(exclude.length === 0 ? {} : { exclude }),
  };
}

/** Strips the quotes, backticks or angle brackets it was pasted with. */
function unwrapped(text: string): string {
  const trimmed = text.trim();
  const [, inner] = /^(?:<(.*)>|"([^"]*)"|'([^']*)'|`([^`]*)`|“(.*)”)$/s.exec(trimmed)?.filter(isText) ?? [];
  return (inner ?? trimmed).trim();
}

const isText = (part: string | undefined): part is string => part !== undefined;

function parsePlain(trimmed: string, endpoint: Endpoint): Reference {
  const moved = legacyName(trimmed);
  if (moved !== undefined) return { kind: 'repo', repo: moved };
  const cached = /^(model|dataset|space)s--([^/]+)--([^/]+)$/.exec(trimmed);
  if (cached) {
    const prefix = cached[1] === 'model' ? '' : `${cached[1]}s/`;
    return { kind: 'repo', repo: repository(`${prefix}${cached[2]}/${cached[3]}`) };
  }
  if (/^[a-z0-9][a-z0-9.-]*$/.test(trimmed)) return { kind: 'catalog', id: trimmed };
  if (/^hf:\/\//i.test(trimmed)) return fromHfUrl(trimmed.slice('hf://'.length));
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : withScheme(trimmed, endpoint);
  if (address !== null) return fromAddress(address, endpoint);
  const [, beforeAt = trimmed, revision] = /^([^@:]+)@(\S+)$/.exec(trimmed) ?? [];
  const parts = beforeAt.replace(/\/+$/, '').split('/');
  if (parts.length === 3 && parts[0] === 'models') parts.shift();
  refuseOtherKinds(parts[0]);
  if (parts.length !== (KINDS.has(parts[0] ?? '') ? 3 : 2)) throw notUnderstood(trimmed);
  return named(parts.join('/'), revision);
}

/** Parses `org/name` with the suffixes that people and tools add: `.git`, `:Q4_K_M`. */
function named(text: string, revision?: string): RepositoryReference {
  const [id = '', tag, ...more] = text.split(':');
  if (more.length > 0 || tag === '') throw notUnderstood(text);
  const repo = repository(id.replace(/\.git$/, ''));
  return {
    kind: 'repo',
    repo,
    ...(revision === undefined ? {} : { revision }),
    ...(tag === undefined || tag === 'latest' ? {} : { include: quantizationPatterns(tag) }),
  };
}

/**
 * Returns patterns for the files of one quantization, as GGUF repositories name them: `name-Q4_K_M.gguf`, its parts
 * `…-00001-of-00003.gguf`, or a folder of that name. A tag may also be the name of a file. Case does not matter, as for
 * Ollama.
 */
function quantizationPatterns(tag: string): readonly string[] {
  if (!/^[\w.-]{1,100}$/.test(tag))
    throw new AppError('BadRequest', 'After the colon comes a quantization, such as Q4_K_M.');
  const any = [...tag].map((letter) => {
    const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
    return lower === upper ? letter : `[${lower}${upper}]`;
  });
  const name = any.join('');
  if (/\.gguf$/i.test(tag)) return [name];
  const parts = `${name}-[0-9]*-of-[0-9]*.gguf`;
  return [`${name}.gguf`, `*[-._]${name}.gguf`, parts, `*[-._]${parts}`, `${name}/`, `*/${name}/`];
}

/**
 * Completes `huggingface.co/org/name`, copied from an address bar that hides the scheme; returns null for anything
 * else.
 */
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
      `${url.host} isn’t Hugging Face. Use an address of ${endpoint.host} or huggingface.co.`,
    );
  }
  return fromParts(partsOf(url, endpoint));
}

/** Returns the decoded segments of the path, without the endpoint's prefix, `/models` and `/api/models`. */
function partsOf(url: URL, endpoint: Endpoint): string[] {
  const prefix = new URL(endpoint.url).pathname;
  const isPrefixed = url.host === endpoint.host && prefix !== '/' && url.pathname.startsWith(`${prefix}/`);
  const path = isPrefixed ? url.pathname.slice(prefix.length) : url.pathname;
  const parts = path
    .replace(/^\/(?:api\/)?models(?=\/[^/]+\/[^/]+)|^\/api(?=\/(?:datasets|spaces)\/)/, '')
    .split('/');
  return parts.filter((part) => part !== '').map((part) => decoded(part));
}

function fromParts(all: readonly string[]): Reference {
  const [kind, parts] = kindOf(all);
  const [org, name, view, ...rest] = parts;
  refuseOtherKinds(org);
  if (org === undefined || name === undefined || PAGES.has(org)) {
    const moved = name === undefined && org !== undefined ? legacyName(org) : undefined;
    if (moved !== undefined) return { kind: 'repo', repo: moved };
    throw notAModelPage();
  }
  const reference = named(`${kind}${org}/${name}`);
  if (view === undefined || (rest.length === 0 && !NUMBERED.has(view))) return reference;
  if (NUMBERED.has(view)) return pullRequest(reference, rest);
  if (!VIEWS.has(view)) throw notAModelPage();
  const { revision, path } = splitRevision(rest);
  return { ...reference, ...place(reference.repo, revision, view.startsWith('commit') ? '' : path) };
}

/** Returns the kind of a repository, as a prefix of its name, and the segments after it. */
function kindOf(parts: readonly string[]): readonly [prefix: string, rest: readonly string[]] {
  const [first = ''] = parts;
  return KINDS.has(first) ? [`${first}/`, parts.slice(1)] : ['', parts];
}

/**
 * The page of a pull request stands for the revision it proposes. A page that is only a discussion has no such
 * revision, and the Hub reports that.
 */
function pullRequest(reference: RepositoryReference, [number]: readonly string[]): RepositoryReference {
  if (number === undefined || !/^\d{1,7}$/.test(number)) return reference;
  return { ...reference, revision: `refs/pr/${number}` };
}

function notAModelPage(): AppError {
  return new AppError(
    'BadRequest',
    'This isn’t the address of a model. Those look like https://huggingface.co/org/name.',
  );
}

/** Parses `org/name[@revision][/path]`, as written by the Hugging Face file system. */
function fromHfUrl(text: string): Reference {
  const parts = text.split('/').filter((part) => part !== '');
  const [kind, all] = kindOf(parts[0] === 'models' && parts.length > 2 ? parts.slice(1) : parts);
  const [org, name, ...rest] = all;
  refuseOtherKinds(org);
  if (org === undefined || name === undefined) throw notUnderstood(`hf://${text}`);
  const at = name.indexOf('@');
  if (at < 0) return place(repository(`${kind}${org}/${name}`), undefined, rest.map(decoded).join('/'));
  const { revision, path } = splitRevision([decoded(name.slice(at + 1)), ...rest.map(decoded)]);
  return place(repository(`${kind}${org}/${name.slice(0, at)}`), revision, path);
}

/** A revision is one segment, except `refs/pr/1` and `refs/convert/…`, which are often written without escapes. */
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
  throw new AppError('BadRequest', `Only models, datasets and Spaces can be downloaded, not ${first}.`);
}

function repository(text: string): string {
  const id = repositorySchema.safeParse(text);
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

function notOnHub(text: string): AppError {
  const shown = JSON.stringify(redact(text).slice(0, MAX_SHOWN));
  return new AppError('BadRequest', `${shown} isn’t a model on Hugging Face. Those are named org/name.`);
}

function notUnderstood(text: string): AppError {
  const shown = JSON.stringify(redact(text).slice(0, MAX_SHOWN));
  return new AppError(
    'BadRequest',
    `${shown} isn’t a catalog ID, org/name, or the address of a model on Hugging Face.`,
  );
}
