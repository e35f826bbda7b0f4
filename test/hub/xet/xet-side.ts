import { randomBytes } from 'node:crypto';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Commit, Repository } from '../repositories/repository.ts';
import type { RepositoryStore } from '../repositories/repository-store.ts';
import type { RouteRequest } from '../routes/context.ts';
import type { Cas } from './cas.ts';
import { XET_DEFAULTS, type XetSettings } from './settings.ts';
import { xetStorage } from './xet-storage.ts';
import { xorbUrls } from './xorb-urls.ts';

/**
 * Content type of the response that returns where a file is instead of redirecting. Source: @huggingface/hub,
 * fileDownloadInfo.ts.
 */
const FILE_INFO_TYPE = 'application/vnd.xet-fileinfo+json';

/** A Hub's Xet data: the storage, and what the Hub itself publishes about it. */
export interface XetSide {
  readonly cas: Cas;
  readonly settings: XetSettings;
  /** Headers of a resolve answer; none for a file that is not in Xet storage. */
  headersOf(repository: Repository, commit: Commit, file: HubFile): Promise<Record<string, string>>;
  /** The answer for a client that asks for Xet's facts of a file; null when it does not. */
  infoReply(request: RouteRequest, headers: Readonly<Record<string, string>>): Reply | null;
  /** The answer of `xet-read-token`. */
  tokenReply(): Reply;
  /** How a tree entry names the file. */
  hashOf(file: HubFile): Promise<string | null>;
}

/** Xet for the repositories of a store; `hubUrl` and `casUrl` are the two origins. */
export function xetSide(
  store: RepositoryStore,
  origins: { readonly hubUrl: () => string; readonly casUrl: () => string },
  initial: Partial<XetSettings> & { readonly footer?: boolean },
): XetSide {
  const { footer = true, ...changes } = initial;
  const settings: XetSettings = { ...XET_DEFAULTS, ...changes };
  const storage = xetStorage(store, footer);
  const tokens = new Map<string, number>();
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const hashOf = async (file: HubFile) => (await storage.fileOf(file))?.name ?? null;
  return {
    settings,
    cas: {
      storage,
      settings,
      urls: xorbUrls(origins.casUrl, Date.now),
      isTokenGood: (token) => (tokens.get(token) ?? 0) > nowSeconds(),
    },
    async headersOf(repository, commit, file) {
      const hash = await hashOf(file);
      if (hash === null) return {};
      const token = `${origins.hubUrl()}/api/models/${repository.id}/xet-read-token/${commit.id}`;
      const reconstruction = `${origins.casUrl()}/v1/reconstructions/${hash}`;
      return {
        'x-xet-hash': hash,
        link: `<${token}>; rel="xet-auth", <${reconstruction}>; rel="xet-reconstruction-info"`,
      };
    },
    infoReply(request, headers) {
      const asks = request.headers.accept?.includes(FILE_INFO_TYPE) === true;
      if (!asks || request.method !== 'GET' || headers['x-xet-hash'] === undefined) return null;
      const [refreshUrl, reconstructionUrl] = [...(headers.link ?? '').matchAll(/<([^>]*)>/g)].map(
        ([, url]) => url,
      );
      const info = {
        hash: headers['x-xet-hash'],
        refreshUrl,
        reconstructionUrl,
        etag: headers['x-linked-etag'],
        size: Number(headers['x-linked-size']),
      };
      return jsonReply(200, info, { ...headers, 'content-type': FILE_INFO_TYPE });
    },
    tokenReply() {
      const token = `xet_${randomBytes(16).toString('hex')}`;
      const exp = nowSeconds() + settings.tokenLifetimeSeconds;
      tokens.set(token, exp);
      return jsonReply(
        200,
        { accessToken: token, exp, casUrl: origins.casUrl() },
        {
          'x-xet-access-token': token,
          'x-xet-token-expiration': String(exp),
          'x-xet-cas-url': origins.casUrl(),
        },
      );
    },
    hashOf,
  };
}
