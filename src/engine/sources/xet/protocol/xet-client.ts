import type { Dispatcher } from 'undici';
import { unusableAnswer, XetFormatError } from '../format/format-error.ts';
import { hashText } from '../format/hash-text.ts';
import { readShard, type Shard } from '../format/shard.ts';
import { askCas } from './cas-request.ts';
import { type ChunkHashes, readChunkHashes } from './chunk-hashes.ts';
import { type Reconstruction, readReconstruction, readWholeReconstruction } from './reconstruction.ts';
import type { StorageToken, TokenCache } from './token-cache.ts';

/** Longest response that is read: a file of 400 GB has about 8 MB of terms. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** The storage's JSON has at least this many bytes for each value: hashes are long. */
const MIN_VALUE_BYTES = 8;
/** For short responses, which are no danger. */
const SPARE_VALUES = 1000;
const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];
/** The storage's limit for this header is unknown; this many ranges are surely below it. */
export const MAX_DIRTY_RANGES = 100;

/** A file in Xet storage. */
export interface XetRef {
  /** From the Hub: `X-Xet-Hash`. */
  readonly hash: string;
  readonly size: number;
}

/**
 * Requests about one file in Xet storage. Every failure is an `AppError`; null means that the storage has no such data.
 */
export interface XetClient {
  readonly ref: XetRef;
  /** Returns terms and data of the whole file; null when the storage does not know it. */
  reconstruction(signal: AbortSignal): Promise<Reconstruction | null>;
  /** Does the same for a part. */
  partialReconstruction(start: number, end: number, signal: AbortSignal): Promise<Reconstruction | null>;
  /** Returns hashes of nodes outside windows around these offsets, at most {@link MAX_DIRTY_RANGES} of them. */
  chunkHashes(offsets: readonly number[], signal: AbortSignal): Promise<ChunkHashes | null>;
  /** Returns the chunks stored next to a chunk. */
  shardAround(chunk: Uint8Array, signal: AbortSignal): Promise<Shard | null>;
}

/** Dependencies of {@link xetClient}. */
export interface XetClientDeps {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  readonly tokens: TokenCache;
  /** Names repository, commit and account. */
  readonly tokenKey: () => string;
  readonly askToken: (signal: AbortSignal) => Promise<StorageToken>;
}

/** Creates a client for one file. Nothing is sent before the first request. */
export function xetClient(ref: XetRef, deps: XetClientDeps): XetClient {
  const { dispatcher, userAgent, tokens, tokenKey, askToken } = deps;
  const ask = (path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) =>
    askCas(
      {
        dispatcher,
        userAgent,
        path,
        headers,
        maxBytes: MAX_ANSWER_BYTES,
        token: (tokenSignal) => tokens.get(tokenKey(), askToken, tokenSignal),
        refused: (token) => tokens.forget(tokenKey(), token),
      },
      signal,
    );
  const plan = async (headers: Readonly<Record<string, string>>, signal: AbortSignal) =>
    (await ask(`/v2/reconstructions/${ref.hash}`, headers, signal)) ??
    (await ask(`/v1/reconstructions/${ref.hash}`, headers, signal));
  return {
    ref,
    async reconstruction(signal) {
      const answer = await plan({}, signal);
      return answer && read(answer, (value) => readWholeReconstruction(value, ref.size));
    },
    async partialReconstruction(start, end, signal) {
      const answer = await plan({ range: `bytes=${start}-${end - 1}` }, signal);
      return answer && read(answer, (value) => readReconstruction(value, start, end));
    },
    async chunkHashes(offsets, signal) {
      const dirty = offsets.slice(0, MAX_DIRTY_RANGES).map((offset) => `${offset}-${offset}`);
      const headers = { 'x-range-dirty': `bytes=${dirty.join(',')}` };
      const answer = await ask(`/v2/file-chunk-hashes/${ref.hash}`, headers, signal);
      return answer && read(answer, (value) => readChunkHashes(value, ref.size));
    },
    async shardAround(chunk, signal) {
      const name = hashText(chunk);
      const answer =
        (await ask(`/v1/chunks/default/${name}`, {}, signal)) ??
        (await ask(`/v1/chunks/default-merkledb/${name}`, {}, signal));
      return answer && checked(() => readShard(answer));
    },
  };
}

function read<T>(answer: Uint8Array, parse: (value: unknown) => T): T {
  return checked(() => {
    const value: unknown = parseJson(answer);
    return parse(value);
  });
}

/** A response of nothing but brackets and commas would take many times its length in memory. */
function isTooDense(answer: Uint8Array): boolean {
  let values = 0;
  for (const byte of answer) if (byte === COMMA || byte === BRACKET || byte === BRACE) values += 1;
  return values > SPARE_VALUES + answer.length / MIN_VALUE_BYTES;
}

function parseJson(answer: Uint8Array): unknown {
  if (isTooDense(answer)) throw new XetFormatError('an answer of very many small values');
  try {
    return JSON.parse(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).toString('utf8'));
  } catch {
    throw new XetFormatError('an answer that is no JSON');
  }
}

/** A violation of the format is a fault of the server, and a retry will not help. */
function checked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof XetFormatError)) throw error;
    throw unusableAnswer(error);
  }
}
