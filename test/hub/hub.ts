import { type Conditions, type LineConditions, lineConditions } from './conditions/conditions.ts';
import { line } from './conditions/line.ts';
import { seededRandom } from './conditions/random.ts';
import { expectations, type Violation } from './expectations.ts';
import type { FaultList, FaultMatch } from './faults/fault.ts';
import { faultList } from './faults/fault-list.ts';
import { listen } from './http/listen.ts';
import { type RateLimits, rateLimiter } from './http/rate-limits.ts';
import { type RequestRecord, requestLog, type WaitOptions } from './http/request-log.ts';
import { accessRequests } from './repositories/access-requests.ts';
import type { RepositoryDeclaration, TokenDeclaration } from './repositories/declaration.ts';
import { moveBranch, type Repository } from './repositories/repository.ts';
import { type RepositoryStore, repositoryStore } from './repositories/repository-store.ts';
import { signedUrls } from './routes/signed-urls.ts';
import { requestHandler } from './server.ts';
import type { XetSettings } from './xet/settings.ts';
import { xetSide } from './xet/xet-side.ts';

/** How a Hub is started. */
export interface HubOptions {
  readonly repositories: readonly RepositoryDeclaration[];
  /** Token → what it may do. No token is good by default. */
  readonly tokens?: Readonly<Record<string, TokenDeclaration>>;
  readonly conditions?: Partial<LineConditions>;
  /**
   * Also answers requests that no official client sends. By default such a request is rejected and recorded as a
   * violation, so that nothing works in tests that has never been tried on the real Hub; only tests of this Hub itself
   * disable that.
   */
  readonly anyClient?: boolean;
  /** Answers only what `expect` allows; any other request is a violation. */
  readonly strict?: boolean;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly cdnPort?: number;
  /** Entries of one page of a tree; 1000 by default, as on the Hub. */
  readonly pageSize?: number;
  /** Life of a signed URL; 3600 by default, as on the Hub. */
  readonly urlLifetimeSeconds?: number;
  readonly rateLimits?: Partial<RateLimits>;
  /** Seed of everything that is left to chance. */
  readonly seed?: number;
  /** How Xet storage behaves at first; `footer: false` leaves out what stands behind the last chunk of a stored xorb. */
  readonly xet?: Partial<XetSettings> & { readonly footer?: boolean };
  /** Requests that `requests` keeps; the oldest are dropped. 100 000 by default. */
  readonly logCapacity?: number;
  /** Called when a request is answered or its connection has ended. */
  readonly onRequestEnd?: (record: RequestRecord) => void;
}

/** A running Hub and its CDN. */
export interface Hub extends AsyncDisposable {
  /** Origin of the Hub, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Origin of the CDN, on another host name: `http://localhost:PORT`. */
  readonly cdnUrl: string;
  readonly requests: readonly RequestRecord[];
  /** Requests that must not have come: a token sent to the CDN, what no official client sends, with `strict` anything unexpected. */
  readonly violations: readonly Violation[];
  readonly faults: FaultList;
  readonly conditions: Conditions;
  /** How Xet storage behaves; may be changed at any time. */
  readonly xet: XetSettings;
  addRepository(declaration: RepositoryDeclaration): void;
  /** Throws when the repository or the commit is unknown. */
  setBranch(repo: string, branch: string, commit: string): void;
  /** Asks for access to a gated repository with a token, as a person does on the model's page. Throws for an unknown one. */
  askForAccess(token: string, repo: string): void;
  /** What the owners of a repository answer. Throws for an unknown repository. */
  decideAccess(token: string, repo: string, state: 'granted' | 'rejected'): void;
  /** Ends all signed URLs given out so far, as time would. */
  expireUrls(): void;
  /** Ends all URLs of xorbs given out so far. */
  expireXorbUrls(): void;
  /** Strict mode: allows fitting requests, any number of them by default. */
  expect(match: FaultMatch, times?: number): void;
  /** The first request, past or future, that fits; looked at when it comes and whenever it makes progress. */
  waitForRequest(
    predicate: (record: RequestRecord) => boolean,
    options?: WaitOptions,
  ): Promise<RequestRecord>;
  /** Ends all connections and both servers. */
  close(): Promise<void>;
}

const DEFAULT_LOG_CAPACITY = 100_000;
const DEFAULT_LIFETIME_SECONDS = 3600;
const DEFAULT_PAGE_SIZE = 1000;

/** Starts a Hub on 127.0.0.1 and a CDN on `localhost`. Rejects when a port is in use or a declaration is wrong. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const store = repositoryStore(options.repositories);
  const log = requestLog(options.logCapacity ?? DEFAULT_LOG_CAPACITY);
  const conditions = lineConditions(options.conditions);
  const faults = faultList();
  const expected = expectations();
  const violations: Violation[] = [];
  const theLine = line(conditions, seededRandom(options.seed ?? 1), () => performance.now());
  const urls = { hub: '', cdn: '' };
  const signed = signedUrls({
    store,
    cdnUrl: () => urls.cdn,
    lifetimeSeconds: options.urlLifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS,
    now: Date.now,
  });
  const requests = accessRequests();
  const xet = xetSide(store, { hubUrl: () => urls.hub, casUrl: () => urls.cdn }, options.xet ?? {});
  const parts = {
    context: {
      xet,
      store,
      tokens: options.tokens ?? {},
      accessRequests: requests,
      get hubUrl() {
        return urls.hub;
      },
      signedUrls: signed,
      pageSize: options.pageSize ?? DEFAULT_PAGE_SIZE,
    },
    faults,
    conditions,
    line: theLine,
    log,
    rateLimit: rateLimiter({ api: null, resolvers: null, ...options.rateLimits }, Date.now),
    expectations: options.strict === true ? expected : null,
    anyClient: options.anyClient === true,
    violation: (reason: string, request: RequestRecord) => void violations.push({ reason, request }),
    onEnd: options.onRequestEnd ?? (() => {}),
  };
  const hub = await listen(options.port ?? 0, requestHandler('hub', parts));
  const cdn = await listen(options.cdnPort ?? 0, requestHandler('cdn', parts)).catch(
    async (error: unknown) => {
      await hub.close();
      throw error;
    },
  );
  urls.hub = `http://127.0.0.1:${hub.port}`;
  urls.cdn = `http://localhost:${cdn.port}`;
  const close = async () => {
    theLine.close();
    await Promise.all([hub.close(), cdn.close()]);
  };
  return {
    url: urls.hub,
    cdnUrl: urls.cdn,
    requests: log.records,
    violations,
    faults,
    conditions,
    xet: xet.settings,
    addRepository: (declaration) => void store.add(declaration),
    setBranch: (repo, branch, commit) => setBranch(store, repo, branch, commit),
    askForAccess: (token, repo) => requests.ask(token, known(store, repo)),
    decideAccess: (token, repo, state) => requests.decide(token, known(store, repo), state),
    expireUrls: () => signed.expireAll(),
    expireXorbUrls: () => xet.cas.urls.expireAll(),
    expect: (match, times) => expected.expect(match, times),
    waitForRequest: (predicate, waiting) => log.waitFor(predicate, waiting),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function setBranch(store: RepositoryStore, repo: string, branch: string, commit: string): void {
  moveBranch(known(store, repo), branch, commit);
}

function known(store: RepositoryStore, repo: string): Repository {
  const repository = store.find(repo);
  if (repository === undefined) throw new RangeError(`There is no repository ${repo}.`);
  return repository;
}
