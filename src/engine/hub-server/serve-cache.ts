import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { AppError } from '../../shared/contract/errors.ts';
import { globMatcher } from '../../shared/model/glob.ts';
import { RateLimiter } from '../transfer/rate-limiter.ts';
import { type Admission, admit } from './admit.ts';
import { answer } from './answer.ts';
import { freshFiles } from './fresh-files.ts';
import { Refusal } from './refusal.ts';
import { sendJson, setCommonHeaders } from './replies.ts';
import { ConnectionLost } from './send-bytes.ts';
import { findSharedFiles, type SharedFiles, type SharingRecords } from './shared-files.ts';

// How a read-only Hub works. The ledger says which commits are public and which files were hashed and found right; together with the
// snapshots of the cache that gives a list of files that may be shared (`shared-files.ts`), looked at again every few seconds. A request is
// let in or refused by its headers (`admit.ts`), its target is taken apart into names (`route.ts`), and the names are looked up in that
// list (`answer.ts`). What is not in it does not exist: no path is ever made of what a request says. Bytes go from the file to the
// network through two buffers a connection (`send-bytes.ts`).

/** Connections at once, when nothing else is said. */
export const DEFAULT_CONNECTIONS = 128;

/** A reader that takes nothing for so long is cut off. */
const SLOW_READER_MS = 30_000;
/** A request must be here whole after this time, its headers earlier. */
const REQUEST_MS = 20_000;
const HEADERS_MS = 10_000;
/** How often the two are looked at. */
const CHECK_MS = 2000;
/** A connection without a request is kept so long. */
const IDLE_MS = 10_000;
const NOTICE_MS = 60_000;
/** Transfers may end by themselves for so long when the server stops. */
const GRACE_MS = 2000;

/** One request that was answered, or refused; nothing of it is checked: whoever prints it makes it printable. */
export interface ServedRequest {
  /** Address of the client. */
  readonly client: string;
  /** The `Host` header. */
  readonly host: string;
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly userAgent: string;
  /** Null when the connection was gone before an answer. */
  readonly status: number | null;
  /** Sent, headers included. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** False when the connection ended before the answer did. */
  readonly isWhole: boolean;
}

/** How a cache is shared. */
export interface ServeOptions {
  readonly cacheDir: string;
  /** Runs `work` with the ledger: the owner's, or one that is opened for reading and closed behind it. */
  readonly withRecords: <T>(work: (records: SharingRecords) => Promise<T>) => Promise<T>;
  readonly version: string;
  /** Where to listen; null for every address of this computer. */
  readonly host: string | null;
  /** 0 for any that is free. */
  readonly port: number;
  /** More names by which this computer may be called. */
  readonly names?: readonly string[];
  /** Globs of repositories, of which one must fit; all when absent. */
  readonly models?: readonly string[];
  /** A bearer token that each request must carry; null for none. */
  readonly secret?: string | null;
  /** Of all connections together; null for none. */
  readonly limitBytesPerSecond?: number | null;
  readonly maxConnections?: number;
  /** For tests. */
  readonly slowReaderMs?: number;
  readonly onRequest?: (request: ServedRequest) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** A cache that is being shared. */
export interface CacheServer {
  /** For this computer itself, as `http://127.0.0.1:8900`. */
  readonly url: string;
  readonly port: number;
  /** What is shared now. */
  shared(): Promise<SharedFiles>;
  /** Lets nobody in any more; transfers have two seconds to end. */
  close(): Promise<void>;
}

/**
 * Serves what is installed, verified and public in a cache, in the Hub's own HTTP interface, until it is closed. Throws `BadRequest` when it
 * cannot listen there.
 */
export async function serveCache(options: ServeOptions): Promise<CacheServer> {
  const { cacheDir, withRecords, models, maxConnections = DEFAULT_CONNECTIONS } = options;
  const { limitBytesPerSecond = null, slowReaderMs = SLOW_READER_MS } = options;
  const monotonic = () => performance.now();
  const fits = models?.map((glob) => globMatcher(glob, { starsCross: true }));
  const isWanted = (repo: string) => fits?.some((matches) => matches(repo)) ?? true;
  const look = () => withRecords((records) => findSharedFiles({ cacheDir, isWanted }, records));
  const files = freshFiles(look, monotonic);
  const limiter = new RateLimiter(monotonic);
  limiter.setRate(limitBytesPerSecond);
  const deps = { files, sender: { limiter, limitBytesPerSecond, slowReaderMs }, version: options.version };
  const admission = { names: namesOf(options), secret: options.secret ?? null };
  const inTurn = oneAtATime();
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, connectionsCheckingInterval: CHECK_MS },
    (request, response) => {
      inTurn(request.socket, async () => {
        note(request, response, options);
        await handle(request, response, admission, deps, options);
      });
    },
  );
  server.maxConnections = maxConnections;
  server.keepAliveTimeout = IDLE_MS;
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  server.on('drop', fullNotice(options, maxConnections));
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${localHost(options.host)}:${port}`,
    port,
    shared: files.get,
    close: () => closeInTime(server),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  admission: Admission,
  deps: Parameters<typeof answer>[2],
  { version, log }: ServeOptions,
): Promise<void> {
  try {
    setCommonHeaders(response, version);
    admit(request, admission);
    await answer(request, response, deps);
  } catch (error) {
    if (error instanceof ConnectionLost || response.destroyed) return;
    const refusal = error instanceof Refusal ? error : null;
    if (refusal === null) log('warn', `A request could not be answered: ${error}`);
    if (response.headersSent) return void response.destroy();
    // A body that nobody reads would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close');
    for (const [name, value] of Object.entries(refusal?.headers ?? {})) response.setHeader(name, value);
    const message = refusal?.message ?? 'Internal error.';
    // A header has no other characters; one that can't be sent would end the program.
    response.setHeader('x-error-message', message.replaceAll(/[^ -~]/g, '?'));
    sendJson(response, refusal?.status ?? 500, { error: message });
  }
}

/** Requests of one connection, which may all come at once, are worked on one after the other: each of them needs memory. */
function oneAtATime() {
  const last = new WeakMap<Socket, Promise<void>>();
  return (socket: Socket, work: () => Promise<void>) => {
    const done = (last.get(socket) ?? Promise.resolve()).then(work);
    // Whatever goes wrong costs this connection, and neither the others nor the program.
    last.set(
      socket,
      done.catch(() => void socket.destroy()),
    );
  };
}

/** Tells at most once a minute that connections are turned away. */
function fullNotice({ log }: ServeOptions, maxConnections: number): () => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - toldMs < NOTICE_MS) return;
    toldMs = performance.now();
    log(
      'warn',
      `There are ${maxConnections} connections, the most that are served at once. More are turned away.`,
    );
  };
}

/** Tells of a request when it is over. */
function note(request: IncomingMessage, response: ServerResponse, { onRequest }: ServeOptions): void {
  if (!onRequest) return;
  const startedMs = performance.now();
  const { socket, method = '', url: target = '' } = request;
  const client = socket.remoteAddress ?? '';
  const writtenBefore = socket.bytesWritten;
  response.once('close', () => {
    onRequest({
      ...{
        client,
        method,
        target,
        host: request.headers.host ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      bytes: socket.bytesWritten - writtenBefore,
      status: response.headersSent ? response.statusCode : null,
      milliseconds: Math.round(performance.now() - startedMs),
      isWhole: response.writableFinished,
    });
  });
}

/** Names of this computer, in lower case: its own, with and without its domain, and what the user says. */
function namesOf({ host, names = [] }: ServeOptions): ReadonlySet<string> {
  const own = hostname();
  const all = [own, own.split('.')[0] ?? '', ...names, ...(host === null ? [] : [host])];
  return new Set(all.map((name) => name.toLowerCase().replace(/\.$/, '')).filter((name) => name !== ''));
}

async function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port, ...(host === null ? {} : { host }) }, resolve);
  try {
    await promise;
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  } finally {
    server.off('error', reject);
  }
  server.on('error', () => undefined); // Of single connections, as when there are too many open files.
}

function cannotListen(
  { code = '', message }: NodeJS.ErrnoException,
  host: string | null,
  port: number,
): AppError {
  const why =
    {
      EADDRINUSE: 'another program uses it',
      EACCES: 'this user may not',
      EADDRNOTAVAIL: 'this computer does not have this address',
      ENOTFOUND: 'there is no such name',
      EAI_AGAIN: 'there is no such name',
    }[code] ?? message;
  const where = host === null ? `port ${port}` : `${host}, port ${port}`;
  return new AppError('BadRequest', `Can’t listen on ${where}: ${why}.`, { details: { errno: code } });
}

/** How this computer reaches itself. */
function localHost(host: string | null): string {
  if (host === null || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}

async function closeInTime(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(timer);
}
