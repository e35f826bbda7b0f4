import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { AppError } from '../../../shared/contract/errors.ts';
import { readText } from '../../http/read-text.ts';

/** Maximum hashes in one request; the server accepts no more. */
export const MAX_HASHES = 1000;
/** A response with a thousand hashes has about 100 KB. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** A peer that does not respond on a local network within this time would not be a fast source either. */
const ANSWER_MS = 2000;

const answerSchema = z.object({
  have: z
    .array(
      z.object({
        hash: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
        size: z.number().int().nonnegative(),
      }),
    )
    .max(MAX_HASHES),
});

/** How peers are contacted: without a token, without a proxy. */
export interface PeerSession {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
}

/**
 * Asks a peer which contents it has: hash → size in bytes. At most {@link MAX_HASHES}. Throws `ServerError` for any
 * other response than the expected one, and connection errors. Hashes that were not requested are dropped.
 */
export async function askHave(
  url: string,
  hashes: readonly string[],
  { dispatcher, userAgent }: PeerSession,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { origin, pathname } = new URL(url);
  const question = {
    sha256: hashes.filter((hash) => hash.length === 64),
    sha1: hashes.filter((hash) => hash.length === 40),
  };
  const { statusCode, body } = await dispatcher.request({
    origin,
    path: `${pathname.replace(/\/+$/, '')}/api/haulyard/have`,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': userAgent },
    body: JSON.stringify(question),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  const { text, complete } = await readText(body, MAX_ANSWER_BYTES);
  const parsed = statusCode === 200 && complete ? answerSchema.safeParse(parseJson(text)) : null;
  if (!parsed?.success) {
    throw new AppError('ServerError', 'A peer did not say what it has.', { details: { status: statusCode } });
  }
  const asked = new Set(hashes);
  return new Map(
    parsed.data.have.filter(({ hash }) => asked.has(hash)).map(({ hash, size }) => [hash, size]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
