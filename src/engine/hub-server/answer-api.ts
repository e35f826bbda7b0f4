import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { describeEntry, describeFolder, describeModel, describeSibling } from './describe.ts';
import { commitOr404 } from './find-shared.ts';
import { readBody, readJson } from './read-body.ts';
import { Refusal } from './refusal.ts';
import { sendJson, sendJsonList, sendNotFound } from './replies.ts';
import type { Route } from './route.ts';
import { writePart } from './send-bytes.ts';
import type { SharedFile, SharedFiles } from './shared-files.ts';

/** Maximum hashes in one request, SHA-256 and SHA-1 together. */
const MAX_HASHES = 1000;
/** Maximum paths in one request. */
const MAX_PATHS = 1000;

type Of<K extends Route['kind']> = Extract<Route, { readonly kind: K }>;

/** One request and the data it is answered from. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly shared: SharedFiles;
  readonly slowReaderMs: number;
}

/** `GET /api/models/{repo}[/revision/{revision}]`. */
export async function answerModel(exchange: Exchange, route: Of<'model'>): Promise<void> {
  const { response, shared, request } = exchange;
  const commit = commitOr404(shared, route, response);
  if (!commit) return;
  const blobs = isTrue(queryOf(request).get('blobs'));
  const head = JSON.stringify(describeModel(commit));
  await sendList(
    exchange,
    { before: `${head.slice(0, -1)},"siblings":[`, after: ']}' },
    [...commit.files.values()],
    (file) => describeSibling(file, blobs),
  );
}

/** `GET /api/models/{repo}/tree/{revision}[/{folder}]`: the whole list, in one page. */
export async function answerTree(exchange: Exchange, route: Of<'tree'>): Promise<void> {
  const { response, shared, request } = exchange;
  const commit = commitOr404(shared, route, response);
  if (!commit) return;
  const query = queryOf(request);
  const entries = entriesBelow(route.folder, [...commit.files.values()], isTrue(query.get('recursive')));
  if (entries.length === 0) return sendNotFound(response, 'EntryNotFound', 'Entry not found');
  const expand = isTrue(query.get('expand'));
  await sendList(exchange, { before: '[', after: ']' }, entries, (entry) =>
    typeof entry === 'string'
      ? describeFolder(entry, commit.commit)
      : describeEntry(entry, commit.commit, expand),
  );
}

/** Files, and folders as strings, each folder before its contents. */
function entriesBelow(
  folder: string,
  files: readonly SharedFile[],
  recursive: boolean,
): ReadonlyArray<SharedFile | string> {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const folders = new Set<string>();
  const entries: Array<SharedFile | string> = [];
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    const names = file.path.slice(prefix.length).split('/');
    for (let depth = 1; depth < names.length && (recursive || depth === 1); depth += 1) {
      const path = prefix + names.slice(0, depth).join('/');
      if (!folders.has(path)) entries.push(path);
      folders.add(path);
    }
    if (recursive || names.length === 1) entries.push(file);
  }
  return entries;
}

/** `POST /api/models/{repo}/paths-info/{revision}`, with a form (Python) or JSON (JavaScript). */
export async function answerPaths(exchange: Exchange, route: Of<'paths'>): Promise<void> {
  const { request, response, shared } = exchange;
  const { paths, expand } = await pathsQuestion(request);
  const commit = commitOr404(shared, route, response);
  if (!commit) return;
  const found = paths.flatMap((path) => commit.files.get(path) ?? []);
  sendJson(
    response,
    200,
    found.map((file) => describeEntry(file, commit.commit, expand)),
  );
}

const pathsSchema = z.object({
  paths: z.union([z.string().transform((path) => [path]), z.array(z.string()).max(MAX_PATHS)]),
  expand: z.boolean().default(false),
});

async function pathsQuestion(request: IncomingMessage): Promise<z.infer<typeof pathsSchema>> {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const asked = isForm ? formOf(await readBody(request)) : await readJson(request);
  const parsed = pathsSchema.safeParse(asked);
  if (!parsed.success) throw new Refusal(400, `The body names "paths", ${MAX_PATHS} at most.`);
  return parsed.data;
}

function formOf(text: string): unknown {
  const form = new URLSearchParams(text);
  return { paths: form.getAll('paths'), expand: isTrue(form.get('expand')) };
}

/** `GET /api/models/{repo}/refs`. */
export function answerRefs({ response, shared }: Exchange, { repo }: Of<'refs'>): void {
  const repository = shared.repositories.get(repo);
  if (!repository) {
    sendNotFound(response, 'RepoNotFound', 'Repository not found');
    return;
  }
  const branches = [...repository.refs]
    .filter(([name]) => !name.startsWith('refs/'))
    .map(([name, targetCommit]) => ({ name, ref: `refs/heads/${name}`, targetCommit }));
  sendJson(response, 200, { branches, tags: [], converts: [] });
}

const hashesSchema = (digits: number) =>
  z.array(z.string().regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`))).default([]);
const haveSchema = z.object({ sha256: hashesSchema(64), sha1: hashesSchema(40) });

/** `POST /api/haulyard/have`: which of these contents are available, and their lengths. `sha1` are those of git. */
export async function answerHave({ request, response, shared }: Exchange): Promise<void> {
  const asked = haveSchema.safeParse(await readJson(request));
  if (!asked.success) throw new Refusal(400, 'The body is {"sha256": [hex, …], "sha1": [hex, …]}.');
  const hashes = new Set([...asked.data.sha256, ...asked.data.sha1].map((hash) => hash.toLowerCase()));
  if (hashes.size > MAX_HASHES) throw new Refusal(400, `At most ${MAX_HASHES} hashes are asked for at once.`);
  const have = [...hashes].flatMap((hash) => {
    const file = shared.byHash.get(hash);
    return file ? [{ hash, size: file.size }] : [];
  });
  sendJson(response, 200, { have });
}

function sendList<T>(
  { response, slowReaderMs }: Exchange,
  frame: { readonly before: string; readonly after: string },
  entries: readonly T[],
  describe: (entry: T) => unknown,
): Promise<void> {
  return sendJsonList(response, frame, entries, describe, (part) => writePart(response, part, slowReaderMs));
}

const queryOf = ({ url = '' }: IncomingMessage) => new URLSearchParams(url.split('?', 2)[1] ?? '');

/** In the spelling of the Hub's clients. */
const isTrue = (value: string | null) => /^(?:true|1)$/i.test(value ?? '');
