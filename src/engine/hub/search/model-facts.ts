import { apiUrl } from '../api-url.ts';
import { failureOf, readBody, sendFollowing } from '../hub-request.ts';
import { type ListedModel, listedModel } from '../models-listing.ts';
import type { ListingSession } from '../repository-info.ts';

/** A response without files has a few kilobytes, plus a chat template. */
const MAX_BYTES = 2 << 20;
const TOTAL_MS = 30_000;

/**
 * Returns what the Hub lists about one repository (huggingface_hub, hf_api.py `model_info`); null for a response that
 * cannot be read. Throws request errors.
 */
export async function modelFacts(
  session: ListingSession,
  repo: string,
  signal: AbortSignal,
): Promise<ListedModel | null> {
  const response = await sendFollowing(session, {
    url: new URL(apiUrl(session.endpoint, repo)),
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: TOTAL_MS,
    signal,
  });
  if (response.status !== 200) throw await failureOf(session, response, { repo, revision: 'main' });
  const text = new TextDecoder().decode(await readBody(session, response, MAX_BYTES));
  try {
    return listedModel(JSON.parse(text));
  } catch {
    return null;
  }
}
