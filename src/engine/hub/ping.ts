import { AppError } from '../../shared/contract/errors.ts';
import { isHtml } from '../http/header.ts';
import { statusError } from '../http/status-error.ts';
import { discard, type HubSession, sendFollowing } from './hub-request.ts';

/** Returns a sentence for `doctor` about whether the Hub responds. Throws only `Cancelled`. */
export async function ping(
  session: HubSession,
  signal: AbortSignal,
): Promise<{ ok: boolean; message: string }> {
  try {
    return await ask(session, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'Cancelled') throw error;
    return { ok: false, message: error.message };
  }
}

async function ask(session: HubSession, signal: AbortSignal): Promise<{ ok: boolean; message: string }> {
  const { endpoint } = session;
  const started = session.clock.now();
  const response = await sendFollowing(session, {
    url: new URL(`${endpoint.url}/api/models?limit=1`),
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    totalMs: session.timeoutMs,
    signal,
  });
  const { status, headers, url } = response;
  await discard(response);
  const elapsedMs = session.clock.now() - started;
  if (isHtml(headers) && status < 400) {
    return {
      ok: false,
      message: `${endpoint.host} answered with a web page. The address is wrong, or this network wants you to sign in first.`,
    };
  }
  if (status === 401 || status === 403 || status === 407 || status === 429 || status >= 500) {
    const error = statusError({
      status,
      headers,
      body: '',
      url: url.href,
      hubHost: endpoint.host,
      nowMs: session.clock.now(),
      authorization: session.authorizationFor(url.href),
    });
    return { ok: false, message: error.message };
  }
  return { ok: true, message: `${endpoint.host} answered in ${elapsedMs} ms.` };
}
