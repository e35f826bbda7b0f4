import type { Dispatcher } from 'undici';
import type { Endpoint } from './endpoint.ts';
import type { ContentLocation, FileAtCommit, RepositoryInfo } from './remote-file.ts';

export type { ContentLocation, FileAtCommit, RemoteFile, RepositoryInfo } from './remote-file.ts';

/** What {@link createHubClient} needs. */
export interface HubClientOptions {
  readonly endpoint: Endpoint;
  /** The token at this moment; null for anonymous requests. */
  readonly token: () => string | null;
  readonly dispatcher: Dispatcher;
  /** Milliseconds since 1970; `Date` fits. */
  readonly clock: { now(): number };
  /** True when `HF_HUB_OFFLINE` is set: nothing is sent. */
  readonly offline: boolean;
  /** For instance `haulyard/0.1.0`. */
  readonly userAgent: string;
  /** Longest wait for an answer, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number;
}

/** The Hub's HTTP API, as far as a download needs it. Every failure is an `AppError`. */
export interface HubClient {
  readonly endpoint: Endpoint;
  /** Resolves a branch, tag or commit to a commit and its files. */
  repositoryInfo(repo: string, revision: string, signal: AbortSignal): Promise<RepositoryInfo>;
  /** Asks where the bytes of a file are. The answer may be a signed URL on another host. */
  locate(file: FileAtCommit, signal: AbortSignal): Promise<ContentLocation>;
  /** `Bearer …` for the Hub's own origin, undefined for every other one and when there is no token. */
  authorizationFor(url: string): string | undefined;
  /** Whether the Hub answers, as a sentence. Throws only `Cancelled`. */
  ping(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly message: string }>;
}

export function createHubClient(options: HubClientOptions): HubClient {
  throw new Error(`not written yet: ${options.userAgent}`);
}
