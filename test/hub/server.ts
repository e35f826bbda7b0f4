import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Conditions } from './conditions/conditions.ts';
import type { Line } from './conditions/line.ts';
import { pause } from './conditions/pause.ts';
import type { Expectations } from './expectations.ts';
import { applyFaults } from './faults/apply.ts';
import type { FaultActions } from './faults/fault.ts';
import type { FaultSource } from './faults/fault-list.ts';
import { type Exchange, queryOf, readText, startExchange } from './http/exchange.ts';
import type { Verdict } from './http/rate-limits.ts';
import { type Reply, textReply } from './http/reply.ts';
import type { Origin, RequestLog, RequestRecord } from './http/request-log.ts';
import { sendReply } from './http/send.ts';
import { unofficial } from './official-requests.ts';
import { moveBranch } from './repositories/repository.ts';
import { cdn } from './routes/cdn.ts';
import type { RouteContext, RouteRequest } from './routes/context.ts';
import { hubRoute } from './routes/hub-router.ts';
import { splitRevision, type Target, targetOf } from './routes/target.ts';
import { cas, isCasPath, isXorbPath } from './xet/cas.ts';

/** The parts that answer requests. */
export interface ServerParts {
  readonly context: RouteContext;
  readonly faults: FaultSource;
  readonly conditions: Conditions;
  readonly line: Line;
  readonly log: RequestLog;
  readonly rateLimit: (path: string) => Verdict;
  readonly expectations: Expectations | null;
  /** Answers what no official client sends as well. */
  readonly anyClient: boolean;
  readonly violation: (reason: string, record: RequestRecord) => void;
  readonly onEnd: (record: RequestRecord) => void;
}

/** The request handler of one of the two servers. */
export function requestHandler(origin: Origin, parts: ServerParts) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const exchange = startExchange(origin, request, response, (record) => {
      parts.log.touch(record);
      parts.onEnd(record);
    });
    handle(exchange, parts).catch((error: unknown) => {
      if (exchange.signal.aborted) return;
      parts.violation(`The Hub itself failed: ${String(error)}`, exchange.record);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  };
}

async function handle(exchange: Exchange, parts: ServerParts): Promise<void> {
  const { record, request, response, signal } = exchange;
  const target = await locate(record, parts.context);
  parts.log.add(record);
  const actions = parts.faults.take(record);
  const text = record.method === 'POST' ? await readText(request) : '';
  await pause(parts.conditions.current.latencyMs, signal);
  if (actions.stallBeforeHeaders !== undefined) await pause(actions.stallBeforeHeaders, signal);
  if (actions.cutBeforeHeaders === true) response.destroy();
  if (signal.aborted || response.destroyed) return;
  const right = await rightReply(target, text, actions, record, parts);
  const reply = withHubHeaders(applyFaults(right, record.url, actions), record, parts);
  const stopRunning = reply.fileSize === null ? () => {} : parts.line.running(request.socket);
  try {
    await sendReply(reply, {
      response,
      actions,
      signal,
      connection: parts.line.connection(request.socket),
      onHeaders: (status) => {
        record.status = status;
        parts.log.touch(record);
      },
      onSent: (bytes) => {
        record.bytesSent += bytes;
        parts.log.touch(record);
      },
    });
  } finally {
    stopRunning();
  }
}

const FILE_ROUTES: ReadonlySet<Target['route']> = new Set(['resolve', 'resolve-cache', 'raw']);

/** Finds out what a request is about and writes repository and file into its record. */
async function locate(record: RequestRecord, context: RouteContext): Promise<Target> {
  const target = targetOf(record.path);
  if (record.origin === 'cdn') {
    const object = await context.signedUrls.find(record.path);
    record.repo = object?.repository.id ?? null;
    record.file = object?.file.path ?? null;
    return target;
  }
  record.repo = target.repoId;
  const repository = target.repoId === null ? undefined : context.store.find(target.repoId);
  if (repository !== undefined && FILE_ROUTES.has(target.route)) {
    record.file = splitRevision(repository, target.rest).path;
  }
  return target;
}

async function rightReply(
  target: Target,
  text: string,
  actions: FaultActions,
  record: RequestRecord,
  parts: ServerParts,
): Promise<Reply> {
  const refused = violationReply(target, record, parts);
  if (refused !== undefined) return refused;
  carryOut(actions, record, parts);
  const request = routeRequest(record, text, actions);
  if (record.origin === 'cdn' && isCasPath(record.path)) return cas(request, parts.context.xet.cas);
  if (record.origin === 'cdn') return cdn(request, parts.context);
  return hubRoute(target, request, parts.context);
}

function violationReply(target: Target, record: RequestRecord, parts: ServerParts): Reply | undefined {
  const { expectations } = parts;
  if (expectations !== null && !expectations.allows(record)) {
    parts.violation('Nobody expected this request.', record);
    return textReply(500, 'Nobody expected this request.');
  }
  const takesNoToken = record.origin === 'cdn' && (!isCasPath(record.path) || isXorbPath(record.path));
  if (takesNoToken && record.headers.authorization !== undefined) {
    parts.violation('The token was sent to the CDN.', record);
    return textReply(500, 'The CDN was sent an Authorization header.');
  }
  const isCas = record.origin === 'cdn' && isCasPath(record.path);
  const strange = parts.anyClient || isCas ? null : unofficial(target, record);
  if (strange !== null) {
    parts.violation(`No official client sends ${strange}.`, record);
    return textReply(400, `No official client sends ${strange}.`);
  }
  return undefined;
}

function carryOut(
  { moveBranch: move, expireUrl }: FaultActions,
  record: RequestRecord,
  { context }: ServerParts,
) {
  if (expireUrl === true) context.signedUrls.expire(queryOf(record.url));
  const repository = move === undefined ? undefined : context.store.find(move.repo);
  if (move !== undefined && repository !== undefined) moveBranch(repository, move.branch, move.commit);
}

function routeRequest(record: RequestRecord, text: string, actions: FaultActions): RouteRequest {
  const { range: _range, ...withoutRange } = record.headers;
  return {
    method: record.method,
    url: record.url,
    path: record.path,
    query: queryOf(record.url),
    headers: actions.wholeBodyForRange === true ? withoutRange : record.headers,
    text,
    announce: actions.announce,
  };
}

const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,' +
  'X-Linked-Size,X-Linked-ETag,X-Xet-Hash';

/** Every answer of the Hub carries its limits and an id; those of the CDN do not. */
function withHubHeaders(reply: Reply, record: RequestRecord, parts: ServerParts): Reply {
  if (record.origin === 'cdn') return reply;
  const { headers, exceeded } = parts.rateLimit(record.path);
  const answered = exceeded && reply.status < 400 ? textReply(429, 'Too many requests') : reply;
  const common = {
    'x-powered-by': 'huggingface-moon',
    'x-request-id': `Root=1-${record.time.toString(16)}-${record.remotePort}`,
    'access-control-expose-headers': EXPOSED,
    'access-control-allow-origin': '*',
  };
  return { ...answered, headers: { ...common, ...headers, ...answered.headers } };
}
