import type { HubTrial } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { repositorySchema } from '../../shared/model/repository.ts';
import { accountName } from './account.ts';
import { type Endpoint, isHubUrl } from './endpoint.ts';
import { isGitSha1 } from './etag.ts';
import { bearer, type HubClientOptions, hubSession, offlineError } from './hub-session.ts';
import { type HubTrialOptions, hubTrials } from './hub-trials.ts';
import { locate } from './locate.ts';
import type { ParseContext } from './parse-listing.ts';
import { ping } from './ping.ts';
import type { ContentLocation, FileAtCommit, RemoteFile, RepositoryInfo } from './remote-file.ts';
import { repositoryInfo, treeOrNull } from './repository-info.ts';
import { type XetToken, xetToken } from './xet-token.ts';

export type { HubClientOptions } from './hub-session.ts';
export type { ContentLocation, FileAtCommit, RemoteFile, RepositoryInfo } from './remote-file.ts';

const MAX_REVISION_LENGTH = 300;

/** The part of the Hub's HTTP API that downloads need. Every failure is an `AppError`. */
export interface HubClient {
  readonly endpoint: Endpoint;
  /** Returns a client of the same Hub with another token. */
  withToken(token: string): HubClient;
  /**
   * Resolves a branch, tag or commit to a commit and its files. `whileParsing` wraps the parsing of a long list; see
   * `ParseContext`.
   */
  repositoryInfo(
    repo: string,
    revision: string,
    signal: AbortSignal,
    whileParsing?: ParseContext['whileParsing'],
  ): Promise<RepositoryInfo>;
  /** Returns all files of a commit from the paged tree; null where a server has none. For lists that are in doubt. */
  tree(repo: string, commit: string, signal: AbortSignal): Promise<readonly RemoteFile[] | null>;
  /** Asks for the location of a file's bytes. The response may be a signed URL on another host. */
  locate(file: FileAtCommit, signal: AbortSignal): Promise<ContentLocation>;
  /** Returns a token for Xet storage, from the URL that `locate` returned. */
  xetToken(tokenUrl: string, file: FileAtCommit, signal: AbortSignal): Promise<XetToken>;
  /**
   * Returns `Bearer …` for the Hub's own origin, undefined for every other one and when there is no token. Throws
   * `AuthRequired` for a token that cannot be sent in a header.
   */
  authorizationFor(url: string): string | undefined;
  /** Returns the name of the account that a token belongs to; throws `AuthRequired` when the Hub rejects it. */
  accountName(token: string, signal: AbortSignal): Promise<string>;
  /**
   * Tries each kind of request of a download; see `hubTrials`. Throws `Offline` when requests are disabled, and
   * `Cancelled`.
   */
  trials(options: HubTrialOptions, signal: AbortSignal): Promise<readonly HubTrial[]>;
  /** Returns a sentence about whether the Hub responds. Throws only `Cancelled`. */
  ping(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly message: string }>;
}

/** Creates a client of one Hub. Nothing is sent before the first call. */
export function createHubClient(options: HubClientOptions, session = hubSession(options)): HubClient {
  const { endpoint } = options;
  const { authorizationFor } = session;
  const offline = options.offline ? () => offlineError(endpoint) : null;
  return {
    endpoint,
    authorizationFor,
    withToken: (token) => createHubClient({ ...options, token: () => token, tokenSource: () => null }),
    async repositoryInfo(repo, revision, signal, whileParsing) {
      if (offline !== null) throw offline();
      checkRepository(repo);
      checkRevision(revision);
      return repositoryInfo(session, repo, revision, signal, whileParsing);
    },
    async tree(repo, commit, signal) {
      if (offline !== null) throw offline();
      checkRepository(repo);
      return treeOrNull(session, repo, commit, signal);
    },
    async locate(file, signal) {
      if (offline !== null) throw offline();
      checkRepository(file.repo);
      checkFilePath(file.path);
      if (!isGitSha1(file.commit))
        throw new AppError('BadRequest', 'A file is located at a commit, not at a branch.');
      return locate(session, file, signal);
    },
    async accountName(token, signal) {
      if (offline !== null) throw offline();
      const asked = bearer(token);
      const forHub = (url: string) => (isHubUrl(endpoint, url) ? asked : undefined);
      return accountName({ ...session, authorizationFor: forHub, onTokenRejected: undefined }, signal);
    },
    async xetToken(tokenUrl, file, signal) {
      if (offline !== null) throw offline();
      return xetToken(session, tokenUrl, file, signal);
    },
    async trials(trial, signal) {
      if (offline !== null) throw offline();
      checkRepository(trial.repo);
      checkRevision(trial.revision);
      return hubTrials(session, trial, signal);
    },
    async ping(signal) {
      return offline === null ? ping(session, signal) : { ok: false, message: offline().message };
    },
  };
}

function checkRepository(repo: string): void {
  if (repositorySchema.safeParse(repo).success) return;
  throw new AppError('BadRequest', 'A repository has the form org/name.');
}

function checkRevision(revision: string): void {
  const valid =
    revision.length > 0 &&
    revision.length <= MAX_REVISION_LENGTH &&
    !/^\.{1,2}$/.test(revision) &&
    /^[^\p{Cc}\p{Cs}\s]+$/u.test(revision);
  if (!valid) throw new AppError('BadRequest', 'A revision is the name of a branch or tag, or a commit.');
}
