import { z } from 'zod';
import { isHubUrl } from './endpoint.ts';
import { notAHub } from './hub-error.ts';
import { failureOf, type HubSession, readBody, sendFollowing } from './hub-request.ts';
import type { FileAtCommit } from './remote-file.ts';

const MAX_BYTES = 64 * 1024;

/** Protocol: huggingface/hub-docs, docs/xet/auth.md. */
const tokenSchema = z.object({
  accessToken: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  exp: z.number().int().nonnegative(),
  casUrl: z.url({ protocol: /^https?$/ }),
});

/** Grants read access to Xet storage for a while. A secret: kept in memory only. */
export interface XetToken {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** Origin of the storage, without a trailing slash. */
  readonly casUrl: string;
}

/**
 * Requests a token for Xet storage from the Hub. The user's own token is sent along, so only a URL on the Hub is
 * accepted. Throws request errors, and `BadRequest` when the response is not a token.
 */
export async function xetToken(
  session: HubSession,
  tokenUrl: string,
  file: FileAtCommit,
  signal: AbortSignal,
): Promise<XetToken> {
  const { endpoint, timeoutMs } = session;
  if (!isHubUrl(endpoint, tokenUrl)) throw notAHub(endpoint, 'shape');
  const response = await sendFollowing(session, {
    url: new URL(tokenUrl),
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: timeoutMs,
    signal,
  });
  if (response.status !== 200) {
    throw await failureOf(session, response, { repo: file.repo, revision: file.commit });
  }
  const body = await readBody(session, response, MAX_BYTES);
  const token = tokenSchema.safeParse(jsonOf(body));
  if (!token.success || !isSafe(token.data.casUrl, endpoint.url)) throw notAHub(endpoint, 'shape');
  const { accessToken, exp, casUrl } = token.data;
  return { accessToken, expiresAtMs: exp * 1000, casUrl: casUrl.replace(/\/+$/, '') };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}

/** A Hub behind TLS may not send us to storage without TLS. */
const isSafe = (casUrl: string, endpointUrl: string): boolean =>
  casUrl.startsWith('https:') || endpointUrl.startsWith('http:');
