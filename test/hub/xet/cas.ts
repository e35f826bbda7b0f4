import { randomBytes } from 'node:crypto';
import { parseHashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import { bytesContent } from '../content/bytes.ts';
import { resolveRange } from '../http/range.ts';
import { bodyOf, jsonReply, type Reply, textReply } from '../http/reply.ts';
import type { RouteRequest } from '../routes/context.ts';
import { chunkHashes, dirtyRanges } from './chunk-hashes.ts';
import { reconstructionV1, reconstructionV2 } from './reconstruction.ts';
import type { XetSettings } from './settings.ts';
import { encodeShard, isEligible } from './shard-encode.ts';
import type { XetFile } from './xet-file.ts';
import type { XetStorage } from './xet-storage.ts';
import { xorbReply } from './xorb-reply.ts';
import type { XorbUrls } from './xorb-urls.ts';

/** What the content-addressed storage needs to answer. */
export interface Cas {
  readonly storage: XetStorage;
  readonly settings: XetSettings;
  readonly urls: XorbUrls;
  /** True for an issued Xet token that has not expired. */
  readonly isTokenGood: (token: string) => boolean;
}

const CAS_PATH = /^\/(v1|v2)\/|^\/xorbs\//;
const DEDUP_KEY = randomBytes(32);
const SHARD_LIFE_SECONDS = 7 * 24 * 3600;

/** True for requests that are about Xet storage and not about a file behind a signed URL. */
export const isCasPath = (path: string): boolean => CAS_PATH.test(path);
/** True for the data of a xorb, whose URL is signed: no token belongs there. */
export const isXorbPath = (path: string): boolean => path.startsWith('/xorbs/');

/** Answers of Xet storage. */
export async function cas(request: RouteRequest, parts: Cas): Promise<Reply> {
  const [, version = '', kind = '', ...rest] = request.path.split('/');
  if (version === 'xorbs') return xorbReply(rest[0] ?? '', request, parts);
  if (version === 'v1' && kind === 'telemetry') return jsonReply(200, {});
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!parts.isTokenGood(token)) return textReply(401, 'Unauthorized');
  if (kind === 'chunks') return dedupReply(rest[1] ?? '', parts);
  if (version === 'v1' && kind === 'xorbs') return xorbLength(rest[1] ?? '', parts);
  if (kind === 'reconstructions' && rest.length === 0) return batch(request, parts);
  if (parseHashText(rest[0] ?? '') === null) return textReply(400, 'Invalid file id');
  const file = await parts.storage.findFile(rest[0] ?? '');
  if (file === undefined) return textReply(404, 'File not found');
  if (kind === 'reconstructions') return reconstruction(version, file, request, parts);
  if (kind === 'file-chunk-hashes' && version === 'v2') return chunkHashesReply(file, request, parts);
  if (kind === 'files') return withLength(file.size);
  return textReply(404, 'Not found');
}

function reconstruction(version: string, file: XetFile, request: RouteRequest, parts: Cas): Reply {
  const { settings, urls } = parts;
  if (version === 'v2' && settings.v2 !== 'served') return textReply(settings.v2, 'Not supported');
  const range = resolveRange(request.headers.range, file.size);
  if (range.kind === 'unsatisfiable') return textReply(416, 'Range Not Satisfiable');
  const asked = range.kind === 'part' ? range.range : null;
  const make = version === 'v2' ? reconstructionV2 : reconstructionV1;
  return jsonReply(200, make(file, asked, urls, settings));
}

/** Several files at once, as hf_xet asks for them. */
async function batch(request: RouteRequest, { storage, urls, settings }: Cas): Promise<Reply> {
  const files: Record<string, unknown> = {};
  const fetchInfo: Record<string, unknown> = {};
  for (const name of request.query.getAll('file_id')) {
    const file = await storage.findFile(name);
    if (file === undefined) return textReply(404, 'File not found');
    const answer = reconstructionV1(file, null, urls, settings);
    files[name] = answer.terms;
    Object.assign(fetchInfo, answer.fetch_info);
  }
  return jsonReply(200, { files, fetch_info: fetchInfo });
}

function chunkHashesReply(file: XetFile, request: RouteRequest, { storage, settings }: Cas): Reply {
  if (!settings.chunkHashes) return textReply(404, 'Not found');
  const dirty = dirtyRanges(request.headers['x-range-dirty']);
  const answer = dirty === null ? null : chunkHashes(file, dirty, storage.keyed);
  if (answer === null) return textReply(400, 'X-Range-Dirty header');
  const { gapVerification: told } = answer;
  const short = { complete: told, empty: [], short: told.slice(1) }[settings.gapVerification];
  return jsonReply(200, { ...answer, gapVerification: short });
}

function dedupReply(name: string, { storage, settings }: Cas): Reply {
  const hash = parseHashText(name);
  if (hash === null) return textReply(400, 'Invalid chunk hash');
  const file = settings.globalDedup ? storage.fileWithChunk(hash) : undefined;
  const first = file?.chunks[0]?.hash;
  const canBeAsked = isEligible(hash) || (first !== undefined && Buffer.compare(first, hash) === 0);
  if (file === undefined || !canBeAsked) return textReply(404, 'Chunk not tracked');
  const xorbs = [...new Set(file.terms.map(({ xorb }) => xorb))];
  const shard = encodeShard(
    xorbs,
    DEDUP_KEY,
    Math.floor(Date.now() / 1000) + SHARD_LIFE_SECONDS,
    storage.keyed,
  );
  const content = bytesContent(shard);
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(shard.length) },
    body: bodyOf(content),
    fileSize: null,
  };
}

async function xorbLength(name: string, { storage }: Cas): Promise<Reply> {
  const xorb = await storage.findXorb(name);
  return xorb === undefined ? textReply(404, 'Not found') : withLength(xorb.stored.size);
}

/** Answer to a HEAD: the length alone. */
function withLength(bytes: number): Reply {
  return { ...textReply(200, ''), headers: { 'content-length': String(bytes) } };
}
