import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { scanCache } from '../../engine/cache/scan.ts';
import type { CacheServer, ServedRequest } from '../../engine/hub-server/serve-cache.ts';
import type { SharedFiles, SharingRecords } from '../../engine/hub-server/shared-files.ts';
import { EXIT } from '../exit-codes.ts';
import { whenInterrupted } from '../interrupt.ts';
import type { ServeCommandOptions } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine, printNotice, printProblem } from '../output/print.ts';
import { requestJson, requestLine, type Sharing, sharingJson, sharingLines } from '../output/serve-lines.ts';
import { parseSecret } from '../serve-command.ts';
import type { Session } from '../session.ts';

/**
 * `serve`: shares what is verified and public, alongside the program that owns the ledger, until the user asks to stop.
 */
export async function runServe(session: Session, options: ServeCommandOptions): Promise<number> {
  const { io, global, settings } = session;
  const secret = secretOf(session, options);
  const server = await startServer(session, options, secret?.value ?? null);
  const announcement = await announced(session, options, server.port, secret);
  try {
    const shared = await server.shared();
    const sharing: Sharing = {
      shared,
      notShared: await notShared(settings.cacheDir, shared, options),
      urls: urlsOf(server, options),
      isLan: options.lan,
      newSecret: secret?.isNew ? secret.value : null,
      hasSecret: secret !== null,
    };
    if (global.json) printJson(io.stdout, sharingJson(sharing, new Date(io.now()).toISOString()));
    else for (const line of sharingLines(sharing)) printLine(session, line);
    return await whenInterrupted(io.stop);
  } catch (cause) {
    if (!io.stop.aborted) throw cause;
    return EXIT.done;
  } finally {
    await announcement?.close();
    await server.close();
  }
}

/** Other computers find what is there for all of them: a secret is told to some. */
async function announced(
  session: Session,
  { lan }: ServeCommandOptions,
  port: number,
  secret: Secret | null,
): Promise<{ close(): Promise<void> } | null> {
  if (!lan || secret !== null) return null;
  const { announce } = await import('../../engine/discovery/dns-sd.ts');
  const id = randomBytes(4).toString('hex');
  const service = { id, port, version: session.installation.version };
  return announce(service, (level, message) => {
    if (level === 'warn') printProblem(session, message);
  });
}

/** Loaded on demand: help and bad input work without SQLite. */
async function startServer(
  session: Session,
  { lan, host, port, models, limitBytesPerSecond, maxConnections }: ServeCommandOptions,
  secret: string | null,
): Promise<CacheServer> {
  const { io, settings, installation } = session;
  const [{ serveCache }, { openLedgerReader }] = await Promise.all([
    import('../../engine/hub-server/serve-cache.ts'),
    import('../../engine/ledger/ledger.ts'),
  ]);
  const withRecords = async <T>(work: (records: SharingRecords) => Promise<T>): Promise<T> => {
    const ledger = openLedgerReader(settings.dataDir, io.now);
    try {
      return await work(ledger);
    } finally {
      ledger.close();
    }
  };
  return serveCache({
    cacheDir: settings.cacheDir,
    withRecords,
    version: installation.version,
    host: lan ? null : (host ?? '127.0.0.1'),
    port,
    names: host === undefined ? [] : [host],
    secret,
    ...(models === undefined ? {} : { models }),
    ...(limitBytesPerSecond === undefined ? {} : { limitBytesPerSecond }),
    ...(maxConnections === undefined ? {} : { maxConnections }),
    onRequest: accessLog(session),
    log: (_, message) => printProblem(session, message),
  });
}

/** Prints a line for each request; the first one rejected for its host name is explained. */
function accessLog(session: Session): (request: ServedRequest) => void {
  const { io, global } = session;
  let explained = false;
  return (request) => {
    const time = new Date(io.now()).toISOString();
    if (global.json) printJson(io.stdout, requestJson(request, time));
    else printNotice(session, requestLine(request, time));
    if (request.status !== 421 || explained) return;
    explained = true;
    printProblem(
      session,
      `${request.client} asked for “${request.host.slice(0, 100)}”, which isn’t a name of this machine, and was refused. If it is one, add --host ${request.host.slice(0, 100)}.`,
    );
  };
}

interface Secret {
  readonly value: string;
  readonly isNew: boolean;
}

/** From the option, else the environment, which other users of this computer can't see. */
function secretOf({ io }: Session, { secret }: ServeCommandOptions): Secret | null {
  if (typeof secret === 'string') return { value: secret, isNew: false };
  const known = io.env.HAULYARD_SERVE_SECRET ?? '';
  if (known !== '') return { value: parseSecret(known), isNew: false };
  // Tools for JavaScript reject tokens that begin otherwise.
  return secret === true ? { value: `hf_${randomBytes(24).toString('hex')}`, isNew: true } : null;
}

/** Returns the requested models of this cache that are not shared. */
async function notShared(
  cacheDir: string,
  { repositories }: SharedFiles,
  { models }: ServeCommandOptions,
): Promise<readonly string[]> {
  if (models !== undefined) return [];
  const { snapshots } = await scanCache(cacheDir);
  return [...new Set(snapshots.map(({ repo }) => repo))].filter((repo) => !repositories.has(repo));
}

/** Returns the URLs by which it can be reached, the best first. */
function urlsOf({ url, port }: CacheServer, { lan, host }: ServeCommandOptions): readonly string[] {
  if (!lan) return [url];
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  const names = [...(host === undefined ? [] : [host.includes(':') ? `[${host}]` : host]), ...addresses];
  return names.length === 0 ? [url] : names.map((name) => `http://${name}:${port}`);
}
