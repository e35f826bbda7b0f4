import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Repository } from '../repositories/repository.ts';
import type { RepositoryStore } from '../repositories/repository-store.ts';

/** A file behind a signed URL. */
export interface CdnObject {
  readonly repository: Repository;
  readonly file: HubFile;
  /** ETag of the CDN: stable, but no hash that a client could check. */
  readonly etag: string;
}

/** The CDN's response to a signed URL. */
export type UrlVerdict = 'good' | 'denied' | 'invalid range';

/** Makes and checks the URLs of the CDN. */
export interface SignedUrls {
  /**
   * An absolute URL that is valid for its lifetime. One that was requested with a `Range` header is valid for exactly
   * that range, as several projects observed on the real service in 2026.
   */
  sign(repository: Repository, file: HubFile, range: string | undefined): Promise<string>;
  /** Good when the signature is the Hub's own, its time is not over, it was not ended, and the range is the right one. */
  judge(path: string, query: URLSearchParams, range: string | undefined): UrlVerdict;
  /** The file behind a path, whether or not its signature is good. */
  find(path: string): Promise<CdnObject | undefined>;
  /** Ends one URL. */
  expire(query: URLSearchParams): void;
  /** Ends every URL given out so far. */
  expireAll(): void;
}

/** What {@link signedUrls} needs. */
export interface SigningOptions {
  readonly store: RepositoryStore;
  /** Origin of the CDN. */
  readonly cdnUrl: () => string;
  readonly lifetimeSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The same in every run, so that URLs survive a restart of the Hub, as they do in reality. */
const SECRET = 'local hub, nothing secret';
const KEY_PAIR_ID = 'KLOCALHUB00001';

/** Signed URLs in the form of the Hub's CDN: `Expires`, `Policy`, `Signature` and `Key-Pair-Id`. */
export function signedUrls({ store, cdnUrl, lifetimeSeconds, now }: SigningOptions): SignedUrls {
  const objects = new Map<string, CdnObject>();
  const ended = new Set<string>();
  let given: string[] = [];
  return {
    async sign(repository, file, range) {
      const etag = await etagOf(repository, file);
      const path = `/repos/${repository.internalId}/${etag}`;
      objects.set(path, { repository, file, etag });
      const expires = String(Math.floor(now() / 1000) + lifetimeSeconds);
      const policy = policyOf(range);
      const signature = sign(path, expires, policy);
      given.push(signature);
      const query = new URLSearchParams({ 'response-content-disposition': contentDisposition(file.path) });
      for (const [name, value] of Object.entries({
        Expires: expires,
        Policy: policy,
        Signature: signature,
      })) {
        query.set(name, value);
      }
      return `${cdnUrl()}${path}?${query}&Key-Pair-Id=${KEY_PAIR_ID}`;
    },
    judge(path, query, range) {
      const signature = query.get('Signature') ?? '';
      const expires = query.get('Expires') ?? '';
      const policy = query.get('Policy') ?? '';
      const genuine = signature === sign(path, expires, policy);
      if (!genuine || ended.has(signature) || now() >= Number(expires) * 1000) return 'denied';
      const bound = boundRange(policy);
      return bound === null || bound === range ? 'good' : 'invalid range';
    },
    async find(path) {
      return objects.get(path) ?? (await search(store, path));
    },
    expire(query) {
      ended.add(query.get('Signature') ?? '');
    },
    expireAll() {
      for (const signature of given) ended.add(signature);
      given = [];
    },
  };
}

/** `Content-Disposition` as the Hub words it, with the last part of the path as name. */
export function contentDisposition(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '?');
  return `inline; filename*=UTF-8''${encodeURIComponent(name)}; filename="${ascii}";`;
}

/** Each policy is different, so that each URL can be ended alone. */
function policyOf(range: string | undefined): string {
  const id = randomBytes(12).toString('base64url');
  return Buffer.from(JSON.stringify({ id, range: range ?? null })).toString('base64url');
}

/** The policy was signed, so it is one of {@link policyOf}. */
function boundRange(policy: string): string | null {
  const { range } = JSON.parse(Buffer.from(policy, 'base64url').toString()) as { range: string | null };
  return range;
}

function sign(path: string, expires: string, policy: string): string {
  return createHmac('sha256', SECRET).update(`${path}\n${expires}\n${policy}`).digest('base64url');
}

async function etagOf(repository: Repository, file: HubFile): Promise<string> {
  const { blobId } = await file.facts();
  return createHash('sha256').update(`${repository.id}\n${file.path}\n${blobId}`).digest('hex');
}

/** Finds the file of a URL that was signed before this Hub was started. */
async function search(store: RepositoryStore, path: string): Promise<CdnObject | undefined> {
  const [, , internalId, wanted] = path.split('/');
  const repository = store.all().find((candidate) => candidate.internalId === internalId);
  for (const { files } of repository?.commits.values() ?? []) {
    for (const file of files.values()) {
      if (repository === undefined || !file.lfs) continue;
      const etag = await etagOf(repository, file);
      if (etag === wanted) return { repository, file, etag };
    }
  }
  return undefined;
}
