import { jsonReply, type Reply } from '../http/reply.ts';
import type { Commit } from '../repositories/repository.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { entriesOf, entryJson } from './entries.ts';

/** `POST /api/models/{repo}/paths-info/{rev}`: a form from the Python client, JSON from the JavaScript client. */
export async function pathsInfo(
  commit: Commit,
  request: RouteRequest,
  context: RouteContext,
): Promise<Reply> {
  const { paths, expand } = readQuestion(request);
  const known = new Map(entriesOf(commit, '', true).map((entry) => [entry.path, entry]));
  const found = paths.flatMap((path) => known.get(path) ?? []);
  return jsonReply(
    200,
    await Promise.all(found.map((entry) => entryJson(entry, commit, expand, request, context))),
  );
}

function readQuestion({ headers, text }: RouteRequest): { paths: string[]; expand: boolean } {
  if ((headers['content-type'] ?? '').includes('application/json')) {
    const question = JSON.parse(text) as { paths?: unknown; expand?: unknown };
    const paths = [question.paths ?? []].flat().filter((path) => typeof path === 'string');
    return { paths, expand: question.expand === true };
  }
  const form = new URLSearchParams(text);
  return { paths: form.getAll('paths'), expand: form.get('expand')?.toLowerCase() === 'true' };
}
