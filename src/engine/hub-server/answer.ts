import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHave, answerModel, answerPaths, answerRefs, answerTree, type Exchange } from './answer-api.ts';
import { commitOr404 } from './find-shared.ts';
import type { FreshFiles } from './fresh-files.ts';
import { Refusal } from './refusal.ts';
import { sendJson, sendNotFound, sendText } from './replies.ts';
import { type Route, routeOf } from './route.ts';
import type { ByteSender } from './send-bytes.ts';
import { sendFile } from './send-file.ts';
import { sharingPage } from './sharing-page.ts';

/** The data requests are answered from. */
export interface AnswerDeps {
  readonly files: FreshFiles;
  readonly sender: ByteSender;
  readonly version: string;
}

/** Answers one admitted request. Throws a {@link Refusal}, and errors of a broken connection or disk. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  deps: AnswerDeps,
): Promise<void> {
  const route = routeOf(request.url ?? '');
  if (route === null) throw new Refusal(404, 'Not found.');
  requireMethod(request, route);
  const shared = await deps.files.get();
  const exchange = { request, response, shared, slowReaderMs: deps.sender.slowReaderMs };
  switch (route.kind) {
    case 'page':
      return sendText(response, 200, sharingPage(shared, deps.version));
    case 'health':
      return sendJson(response, 200, {
        status: 'ok',
        version: deps.version,
        models: shared.repositories.size,
      });
    case 'model':
      return answerModel(exchange, route);
    case 'refs':
      return answerRefs(exchange, route);
    case 'tree':
      return answerTree(exchange, route);
    case 'paths':
      return answerPaths(exchange, route);
    case 'have':
      return answerHave(exchange);
    case 'resolve':
      return answerResolve(exchange, route, deps);
    case 'blob':
      return answerBlob(exchange, route, deps);
  }
}

/** `HEAD` or `GET /{repo}/resolve/{revision}/{path}`: the file itself, with all the headers of the Hub's redirect. */
async function answerResolve(
  { request, response, shared }: Exchange,
  route: Extract<Route, { readonly kind: 'resolve' }>,
  { files, sender }: AnswerDeps,
): Promise<void> {
  const commit = commitOr404(shared, route, response);
  if (!commit) return;
  const file = commit.files.get(route.path);
  if (!file) return sendNotFound(response, 'EntryNotFound', 'Entry not found');
  response.setHeader('x-linked-etag', `"${file.hash}"`);
  response.setHeader('x-linked-size', file.size);
  response.setHeader('content-disposition', attachment(file.path));
  if (await sendFile(request, response, file, sender)) return;
  files.outdate();
  for (const header of ['x-linked-etag', 'x-linked-size', 'content-disposition'])
    response.removeHeader(header);
  sendNotFound(response, 'EntryNotFound', 'Entry not found');
}

/** `HEAD` or `GET /api/haulyard/blob/{hash}`. */
async function answerBlob(
  { request, response, shared }: Exchange,
  { hash }: Extract<Route, { readonly kind: 'blob' }>,
  { files, sender }: AnswerDeps,
): Promise<void> {
  const file = shared.byHash.get(hash);
  if (file && (await sendFile(request, response, file, sender))) return;
  if (file) files.outdate();
  sendNotFound(response, 'EntryNotFound', 'Entry not found');
}

function requireMethod({ method = '' }: IncomingMessage, { kind }: Route): void {
  const allowed = kind === 'have' || kind === 'paths' ? ['POST'] : ['GET', 'HEAD'];
  if (!allowed.includes(method)) {
    throw new Refusal(405, 'This server is read-only.', { allow: allowed.join(', ') });
  }
}

/** A browser saves it, and never displays it. */
function attachment(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}`;
}
