import { AppError } from '../../shared/contract/errors.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { headerValue } from '../http/header.ts';
import { pathsInfo } from './describe-files.ts';
import { failureOf, readBody, send } from './hub-request.ts';
import { locate } from './locate.ts';
import type { ContentLocation, FileAtCommit, RemoteFile, RepositoryInfo } from './remote-file.ts';
import { type ListingSession, repositoryInfo } from './repository-info.ts';
import { listTree } from './tree.ts';
import { type XetToken, xetToken } from './xet-token.ts';

/** Enough to see that a part arrives, little enough for a weak network. */
export const PART_BYTES = 65_536;
const MAX_RECONSTRUCTION_BYTES = 16 << 20;

/** The result of a successful request: a sentence, and what later requests need. */
export interface Outcome<T> {
  readonly value: T;
  readonly message: string;
}

/** The request that a download begins with. */
export async function listing(
  session: ListingSession,
  repo: string,
  revision: string,
  signal: AbortSignal,
): Promise<Outcome<RepositoryInfo>> {
  const started = session.clock.now();
  const info = await repositoryInfo(session, repo, revision, signal);
  const ms = Math.round(session.clock.now() - started);
  const message = `${info.files.length} files at ${info.commit.slice(0, 12)}, in ${ms} ms`;
  return { value: info, message };
}

/** The paged list, which must name the same files. */
export async function tree(
  session: ListingSession,
  info: RepositoryInfo,
  signal: AbortSignal,
): Promise<Outcome<null>> {
  const { endpoint, listingWorkerUrl } = session;
  const files = await listTree(session, info.repo, info.commit, { endpoint, listingWorkerUrl, signal });
  if (files.length === info.files.length) return { value: null, message: 'The same files' };
  throw new AppError('ServerError', `It has ${files.length} files, the list ${info.files.length}.`);
}

/** The request about one file that replaces the tree where a server has none. */
export async function byName(
  session: ListingSession,
  { repo, commit, files: [first] }: RepositoryInfo,
  signal: AbortSignal,
): Promise<Outcome<null>> {
  const { endpoint, listingWorkerUrl } = session;
  const named = { repo, commit, paths: first ? [first.path] : [] };
  const [found] = (await pathsInfo(session, named, { endpoint, listingWorkerUrl, signal })) ?? [];
  if (found && found.hash === first?.hash) return { value: null, message: 'The same file' };
  throw new AppError('ServerError', `${endpoint.host} does not tell what is behind a name.`);
}

/** A whole git file, from the Hub itself. */
export async function smallFile(
  session: ListingSession,
  { repo, commit }: RepositoryInfo,
  { path, size }: RemoteFile,
  signal: AbortSignal,
): Promise<Outcome<null>> {
  const location = await locate(session, { repo, commit, path }, signal);
  const response = await send(session, {
    url: new URL(location.url),
    headers: { 'accept-encoding': 'identity' },
    totalMs: session.timeoutMs,
    signal,
  });
  if (response.status !== 200) throw await failureOf(session, response, { repo, revision: commit, path });
  const { length } = await readBody(session, response, Math.max(size, 1));
  if (length === size) return { value: null, message: `${path}, ${formatBytes(size)}` };
  throw new AppError('ServerError', `${path} came with ${length} bytes; the list says ${size}.`);
}

/** The location of a large file, without a range. */
export async function address(
  session: ListingSession,
  at: FileAtCommit,
  { path, size }: RemoteFile,
  signal: AbortSignal,
): Promise<Outcome<ContentLocation>> {
  const location = await locate(session, at, signal);
  if (location.size !== null && location.size !== size) {
    throw new AppError('ServerError', `${path} has ${location.size} bytes here; the list says ${size}.`);
  }
  const { host } = new URL(location.url);
  const where = host === session.endpoint.host ? 'on the same host' : `on ${host}`;
  return { value: location, message: `${path} is ${where}${lifeOf(location, session.clock.now())}` };
}

function lifeOf({ expiresAtMs }: ContentLocation, nowMs: number): string {
  return expiresAtMs === null
    ? ''
    : `, at this address for ${Math.round((expiresAtMs - nowMs) / 60_000)} min`;
}

/** The parts that begin at these offsets, all at once, each with the right headers and length. */
export async function part(
  session: ListingSession,
  { url }: ContentLocation,
  { size }: RemoteFile,
  starts: readonly number[],
  signal: AbortSignal,
): Promise<Outcome<null>> {
  await Promise.all(starts.map((start) => onePart(session, new URL(url), start, size, signal)));
  const each = formatBytes(Math.min(PART_BYTES, size));
  return { value: null, message: starts.length === 1 ? each : `${starts.length} times ${each}` };
}

async function onePart(
  session: ListingSession,
  url: URL,
  start: number,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  const last = Math.min(size, start + PART_BYTES) - 1;
  const headers = { range: `bytes=${start}-${last}`, 'accept-encoding': 'identity' };
  const response = await send(session, { url, headers, totalMs: session.timeoutMs, signal });
  if (response.status === 200) {
    response.body.destroy();
    throw new AppError('RangeUnsupported', `${url.host} sends the whole file where a part is asked for.`);
  }
  if (response.status !== 206) throw await failureOf(session, response, { repo: '', revision: '' });
  const { length } = await readBody(session, response, PART_BYTES);
  const told = headerValue(response.headers, 'content-range');
  if (told === `bytes ${start}-${last}/${size}` && length === last - start + 1) return;
  throw new AppError('ServerError', `${url.host} sent another part (${told ?? 'it does not say which'}).`);
}

/** The token for Xet storage. It never leaves this module. */
export async function accessToken(
  session: ListingSession,
  tokenUrl: string,
  at: FileAtCommit,
  signal: AbortSignal,
): Promise<Outcome<XetToken>> {
  const token = await xetToken(session, tokenUrl, at, signal);
  const minutes = Math.round((token.expiresAtMs - session.clock.now()) / 60_000);
  return { value: token, message: `For ${new URL(token.casUrl).host}, good for ${minutes} min` };
}

/** The requests of hf_xet: the second version first, then the first one where a storage does not support that. */
export async function reconstruction(
  session: ListingSession,
  { casUrl, accessToken: secret }: XetToken,
  hash: string,
  signal: AbortSignal,
): Promise<Outcome<null>> {
  for (const version of ['v2', 'v1']) {
    const response = await send(session, {
      url: new URL(`${casUrl}/${version}/reconstructions/${hash}`),
      headers: { authorization: `Bearer ${secret}`, 'accept-encoding': 'gzip' },
      totalMs: session.timeoutMs,
      signal,
    });
    if (version === 'v2' && (response.status === 404 || response.status === 501)) {
      response.body.destroy();
      continue;
    }
    if (response.status !== 200) throw await failureOf(session, response, { repo: '', revision: '' });
    const body = await readBody(session, response, MAX_RECONSTRUCTION_BYTES);
    return { value: null, message: `${termCount(body)} terms, by ${version}` };
  }
  throw new AppError('NotFound', 'The storage has no reconstruction of this file.');
}

function termCount(body: Uint8Array): number {
  try {
    const { terms } = JSON.parse(Buffer.from(body).toString('utf8')) as { terms?: unknown };
    if (Array.isArray(terms)) return terms.length;
  } catch {
    // Reported below.
  }
  throw new AppError('ServerError', 'The storage sent a reconstruction that can’t be read.');
}
