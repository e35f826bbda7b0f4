import type { Dispatcher } from 'undici';
import type { HubTrial } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import { repositoryIdSchema } from '../../shared/model/catalog.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { accountName } from './account.ts';
import { type Endpoint, isHubUrl } from './endpoint.ts';
import { isGitSha1 } from './etag.ts';
import { type HubTrialOptions, hubTrials } from './hub-trials.ts';
import { locate } from './locate.ts';
import type { ParseContext } from './parse-listing.ts';
import { ping } from './ping.ts';
import type { ContentLocation, FileAtCommit, RemoteFile, RepositoryInfo } from './remote-file.ts';
import { type ListingSession, repositoryInfo, treeOrNull } from './repository-info.ts';
import { type XetToken, xetToken } from './xet-token.ts';

export type { ContentLocation, FileAtCommit, RemoteFile, RepositoryInfo } from './remote-file.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_REVISION_LENGTH = 300;

/** What {@link createHubClient} needs. */
export interface HubClientOptions {
  readonly endpoint: Endpoint;
  /** The token at this moment; null for anonymous requests. */
  readonly token: () => string | null;
  /** Where that token was found, for messages about it. */
  readonly tokenSource?: () => string | null;
  readonly log?: (level: 'warn', message: string) => void;
  readonly dispatcher: Dispatcher;
  /** Milliseconds since 1970; `Date` fits. */
  readonly clock: { now(): number };
  /** True when `HF_HUB_OFFLINE` is set: nothing is sent. */
  readonly offline: boolean;
  /** For instance `haulyard/0.1.0`. */
  readonly userAgent: string;
  /** The built `listing-worker`. */
  readonly listingWorkerUrl: URL;
  /** Longest silence of the server, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
}

/** The Hub's HTTP API, as far as a download needs it. Every failure is an `AppError`. */
export interface HubClient {
  readonly endpoint: Endpoint;
  /**
   * Resolves a branch, tag or commit to a commit and its files. `whileParsing` runs the reading of a long list; see
   * `ParseContext`.
   */
  repositoryInfo(
    repo: string,
    revision: string,
    signal: AbortSignal,
    whileParsing?: ParseContext['whileParsing'],
  ): Promise<RepositoryInfo>;
  /** All files of a commit from the paged tree; null where a server has none. For when there is reason to doubt the list. */
  tree(repo: string, commit: string, signal: AbortSignal): Promise<readonly RemoteFile[] | null>;
  /** Asks where the bytes of a file are. The answer may be a signed URL on another host. */
  locate(file: FileAtCommit, signal: AbortSignal): Promise<ContentLocation>;
  /** A token for Xet storage, from the address that `locate` told. */
  xetToken(tokenUrl: string, file: FileAtCommit, signal: AbortSignal): Promise<XetToken>;
  /**
   * `Bearer …` for the Hub's own origin, undefined for every other one and when there is no token.
   * Throws `AuthRequired` for a token that cannot be sent in a header.
   */
  authorizationFor(url: string): string | undefined;
  /** Name of the account that a token belongs to; `AuthRequired` when the Hub rejects it. */
  accountName(token: string, signal: AbortSignal): Promise<string>;
  /** Tries each kind of request of a download; see `hubTrials`. Throws `Offline` when nothing may be sent, and `Cancelled`. */
  trials(options: HubTrialOptions, signal: AbortSignal): Promise<readonly HubTrial[]>;
  /** Whether the Hub answers, as a sentence. Throws only `Cancelled`. */
  ping(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly message: string }>;
}

/** Makes a client of one Hub. Nothing is sent before the first call. */
export function createHubClient(options: HubClientOptions): HubClient {
  const { endpoint } = options;
  let rejected: string | null = null;
  const isTokenRejected = () => rejected !== null && rejected === options.token();
  const authorizationFor = (url: string) =>
    isHubUrl(endpoint, url) && !isTokenRejected() ? authorization(options.token()) : undefined;
  const tokenSource = options.tokenSource ?? (() => null);
  const session: ListingSession = {
    endpoint,
    dispatcher: options.dispatcher,
    clock: options.clock,
    userAgent: options.userAgent,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    authorizationFor,
    tokenSource,
    isTokenRejected,
    onTokenRejected: () => {
      if (isTokenRejected()) return;
      rejected = options.token();
      options.log?.('warn', rejectedToken(endpoint, tokenSource()));
    },
    listingWorkerUrl: options.listingWorkerUrl,
  };
  const offline = options.offline ? offlineError(endpoint) : null;
  return {
    endpoint,
    authorizationFor,
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
      const bearer = authorization(token);
      const forHub = (url: string) => (isHubUrl(endpoint, url) ? bearer : undefined);
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

function authorization(token: string | null): string | undefined {
  const trimmed = token?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(trimmed)) return `Bearer ${trimmed}`;
  throw new AppError(
    'AuthRequired',
    'The access token has characters in it that no token has. Copy it again.',
  );
}

function rejectedToken({ host }: Endpoint, source: string | null): string {
  const from = source === null ? '' : ` from ${source}`;
  return `${host} didn’t accept the token${from}. Haulyard continues without it, which is enough for public models.`;
}

function offlineError({ host }: Endpoint): () => AppError {
  return () =>
    new AppError('Offline', formatTrouble('offline-mode', host), {
      retryable: false,
      details: { host, trouble: 'offline-mode' },
    });
}

function checkRepository(repo: string): void {
  if (repositoryIdSchema.safeParse(repo).success) return;
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
