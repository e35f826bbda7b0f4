import { z } from 'zod';
import { AppError } from '../../shared/contract/errors.ts';
import { headerValue } from '../http/header.ts';
import { readErrorText } from '../http/read-text.ts';
import { statusError } from '../http/status-error.ts';
import type { Endpoint } from './endpoint.ts';
import { notAHub } from './hub-error.ts';
import { type HubSession, readBody, sendFollowing } from './hub-request.ts';

/** The caller is waiting in front of a button. */
const TIMEOUT_MS = 10_000;
/** The response for a member of many organizations has a few kilobytes. */
const MAX_BYTES = 1 << 20;
/** The part of the response that is read. Source: https://huggingface.co/docs/hub/api, `GET /api/whoami-v2`. */
const accountSchema = z.object({ name: z.string().min(1).max(200) });

/**
 * Returns the name of the account that the session's token belongs to. Throws `AuthRequired` when the Hub rejects the
 * token, and otherwise the request's error: a mirror may have no accounts.
 */
export async function accountName(session: HubSession, signal: AbortSignal): Promise<string> {
  const { endpoint } = session;
  const response = await sendFollowing(session, {
    url: new URL(`${endpoint.url}/api/whoami-v2`),
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    totalMs: TIMEOUT_MS,
    signal,
  });
  const { status, headers, url } = response;
  if (status !== 200) {
    const body = await readErrorText(response.body, headerValue(headers, 'content-encoding'));
    if (status === 401) throw rejected(endpoint);
    throw statusError({
      status,
      headers,
      body,
      url: url.href,
      hubHost: endpoint.host,
      nowMs: session.clock.now(),
      authorization: session.authorizationFor(url.href),
    });
  }
  const body = new TextDecoder().decode(await readBody(session, response, MAX_BYTES));
  const account = accountSchema.safeParse(parsed(body));
  if (!account.success) throw notAHub(endpoint, 'shape');
  return account.data.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function rejected({ host }: Endpoint): AppError {
  const hub = host === 'huggingface.co' ? 'Hugging Face' : host;
  return new AppError(
    'AuthRequired',
    `${hub} rejected your token. Check that you copied all of it and that it hasn’t expired or been deleted.`,
    { details: { host } },
  );
}
