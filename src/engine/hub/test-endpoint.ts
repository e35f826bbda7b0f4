import type { EndpointTest } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { headerValue, isHtml } from '../http/header.ts';
import { readErrorText } from '../http/read-text.ts';
import { statusError } from '../http/status-error.ts';
import { parseEndpoint } from './endpoint.ts';
import { type HubResponse, type HubSession, sendFollowing } from './hub-request.ts';

/** The caller is waiting in front of a button. */
const TIMEOUT_MS = 8000;
/**
 * A repository that nobody has: the request that every download begins with, at no cost. Without a token the Hub
 * answers 401 in JSON with `X-Error-Message`, mirrors answer 404 (https://huggingface.co/docs/hub/api).
 */
const PROBE = '/api/models/haulyard/endpoint-test';
/** Statuses of a Hub for a repository that does not exist. */
const HUB_STATUSES: ReadonlySet<number> = new Set([200, 401, 403, 404]);

/** The engine's connections, as far as the test needs them. */
export type EndpointTestDeps = Pick<HubSession, 'dispatcher' | 'clock' | 'userAgent'>;

/** Tests whether a server has the Hub's API, without any token. Problems are in the result; throws only `Cancelled`. */
export async function testEndpoint(
  address: string,
  deps: EndpointTestDeps,
  signal: AbortSignal,
): Promise<EndpointTest> {
  try {
    const endpoint = parseEndpoint(address);
    const session = { ...deps, endpoint, timeoutMs: TIMEOUT_MS, authorizationFor: () => undefined };
    return await ask(session, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'Cancelled') throw error;
    return { ok: false, message: error.message, milliseconds: null };
  }
}

async function ask(session: HubSession, signal: AbortSignal): Promise<EndpointTest> {
  const { endpoint, clock } = session;
  const startedMs = clock.now();
  const response = await sendFollowing(session, {
    url: new URL(`${endpoint.url}${PROBE}`),
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    totalMs: TIMEOUT_MS,
    signal,
  });
  const milliseconds = Math.max(0, Math.round(clock.now() - startedMs));
  const body = await readErrorText(response.body, headerValue(response.headers, 'content-encoding'));
  const problem = problemWith(response, body, session);
  if (problem !== null) return { ok: false, message: problem, milliseconds };
  return { ok: true, message: `${endpoint.host} is a Hub. It answered in ${milliseconds} ms.`, milliseconds };
}

/** Returns null when the response came from a Hub. */
function problemWith(
  { status, headers, url }: HubResponse,
  body: string,
  { endpoint, clock }: HubSession,
): string | null {
  const { host } = endpoint;
  if (isHtml(headers)) {
    return `${host} answered with a web page: the address is wrong, or this network wants a sign-in first.`;
  }
  if (HUB_STATUSES.has(status) && speaksLikeAHub(headers, body)) return null;
  if (status === 407 || status === 429 || status >= 500) {
    return statusError({ status, headers, body, url: url.href, hubHost: host, nowMs: clock.now() }).message;
  }
  return `${host} answered (${status}), but not like a Hugging Face Hub. Check the address.`;
}

function speaksLikeAHub(headers: HubResponse['headers'], body: string): boolean {
  if (headerValue(headers, 'x-error-message') ?? headerValue(headers, 'x-error-code')) return true;
  if (!/^\s*application\/json\b/i.test(headerValue(headers, 'content-type') ?? '')) return false;
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && ('error' in answer || 'id' in answer);
  } catch {
    return false;
  }
}
