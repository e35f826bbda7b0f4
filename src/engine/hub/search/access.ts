import { apiUrl } from '../api-url.ts';
import { discard, failureOf, sendFollowing } from '../hub-request.ts';
import type { ListingSession } from '../repository-info.ts';

/** The access of the current token to a gated repository, and the Hub's message. */
export interface AccessAnswer {
  readonly state: 'granted' | 'pending' | 'rejected' | 'none' | 'no-token';
  readonly message: string;
}

const TOTAL_MS = 15_000;

/**
 * Checks whether the files of a repository may be downloaded (huggingface_hub, hf_api.py `auth_check`). Throws request
 * errors, except a refusal by a gated repository, which is the result.
 */
export async function checkAccess(
  session: ListingSession,
  repo: string,
  signal: AbortSignal,
): Promise<AccessAnswer> {
  const response = await sendFollowing(session, {
    url: new URL(`${apiUrl(session.endpoint, repo)}/auth-check`),
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    totalMs: TOTAL_MS,
    signal,
  });
  if (response.status === 200) {
    await discard(response);
    return { state: 'granted', message: '' };
  }
  const error = await failureOf(session, response, { repo, revision: 'main' });
  if (error.code !== 'Gated') throw error;
  const message = typeof error.details.text === 'string' ? error.details.text : error.message;
  return { state: response.authorized ? stateIn(message) : 'no-token', message };
}

/** The Hub describes the state of a request only in words. */
function stateIn(message: string): AccessAnswer['state'] {
  if (/await|pending|under review/i.test(message)) return 'pending';
  return /reject|denied/i.test(message) ? 'rejected' : 'none';
}
