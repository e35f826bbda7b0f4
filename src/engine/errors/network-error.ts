import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import type { Trouble } from '../../shared/model/wait.ts';
import type { FailureContext, FailureFacts } from './error-chain.ts';
import { hostOf } from './redact.ts';

/** What an errno means: the error code, and the trouble to report. */
interface Meaning {
  readonly code: ErrorCode;
  readonly trouble: Trouble;
}

const offline = (trouble: Trouble): Meaning => ({ code: 'Offline', trouble });
const timeout = (trouble: Trouble): Meaning => ({ code: 'Timeout', trouble });
const server = (trouble: Trouble): Meaning => ({ code: 'ServerError', trouble });

const brokeOff = offline('connection-lost');
const noRoute = offline('unreachable');
const noConnection = timeout('connection-timeout');
const secureFailed = offline('secure-connection');
const proxyFailed = offline('proxy-refused');
const garbled = server('invalid-http');

/** errno of sockets and DNS (POSIX, getaddrinfo), and the codes of undici (its `lib/core/errors.js`). */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['ECONNRESET', brokeOff],
  ['ECONNABORTED', brokeOff],
  ['EPIPE', brokeOff],
  ['ENOTCONN', brokeOff],
  ['ERR_STREAM_PREMATURE_CLOSE', brokeOff],
  ['UND_ERR_SOCKET', brokeOff],
  ['UND_ERR_INFO', brokeOff],
  ['UND_ERR_CLOSED', brokeOff],
  ['UND_ERR_DESTROYED', brokeOff],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', brokeOff],
  ['ECONNREFUSED', offline('connection-refused')],
  ['ENOTFOUND', offline('name-not-found')],
  ['EAI_AGAIN', offline('name-not-found')],
  ['EAI_FAIL', offline('name-not-found')],
  ['EHOSTUNREACH', noRoute],
  ['EHOSTDOWN', noRoute],
  ['ENETUNREACH', noRoute],
  ['ENETDOWN', offline('no-network')],
  ['EADDRNOTAVAIL', offline('no-network')],
  ['ETIMEDOUT', noConnection],
  ['ESOCKETTIMEDOUT', noConnection],
  ['UND_ERR_CONNECT_TIMEOUT', noConnection],
  ['UND_ERR_HEADERS_TIMEOUT', timeout('answer-timeout')],
  ['UND_ERR_BODY_TIMEOUT', timeout('sending-stopped')],
  ['UND_ERR_PRX_CONN', proxyFailed],
  ['UND_ERR_PRX_TLS', offline('proxy-certificate')],
  ['UND_ERR_HEADERS_OVERFLOW', garbled],
  ['UND_ERR_RESPONSE', garbled],
  ['EPROTO', secureFailed],
]);

/** Verification results of OpenSSL as named by Node, besides those that begin with `CERT_`. */
const CERTIFICATE =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_TLS_CERT_\w+|CRL_\w+)$/;

/** Those that a wrong date on this computer causes too. */
const DATES: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** undici reports a refusal by the proxy as text only (its `proxy-agent.js` and `socks5-client.js`). */
const PROXY_MESSAGE = /^(Proxy response \((\d{3})\)|Proxy Authentication Required)/;

/** Returns the error for a network failure; null when `facts` are about something else. */
export function networkError(facts: FailureFacts, context: FailureContext): AppError | null {
  const host = context.url === undefined ? hostIn(facts.error) : hostOf(context.url);
  const meaning = isAboutProxy(facts.error, context.url) ? proxyUnreachable(facts) : meaningOf(facts);
  if (meaning === null) return null;
  const { code, trouble } = meaning;
  return new AppError(code, formatTrouble(trouble, host), {
    cause: facts.error,
    details: { host, trouble, ...(facts.code === '' ? {} : { errno: facts.code }) },
  });
}

function meaningOf({ code, message, name }: FailureFacts): Meaning | null {
  const refusal = PROXY_MESSAGE.exec(message);
  if (refusal !== null && code.startsWith('UND_ERR_')) return proxyRefusal(refusal[2] ?? '407');
  if (name === 'TimeoutError') return timeout('answer-timeout');
  if (code.startsWith('UND_ERR_SOCKS5')) return proxyFailed;
  // undici's parser has no code for a response that is not HTTP at all.
  if (code.startsWith('HPE_') || name === 'HTTPParserError') return garbled;
  if (CERTIFICATE.test(code)) return offline(DATES.has(code) ? 'certificate-date' : 'certificate');
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return secureFailed;
  return MEANINGS.get(code) ?? null;
}

/** Behind a proxy, the failing port or name differs from the requested one. */
function isAboutProxy(error: Error, url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { hostname, port, protocol } = new URL(url);
  const wantedPort = Number(port || (protocol === 'https:' ? 443 : 80));
  const [failed] = error instanceof AggregateError ? error.errors : [error];
  const { port: triedPort, hostname: triedName } = (failed ?? {}) as { port?: unknown; hostname?: unknown };
  return (
    (typeof triedPort === 'number' && triedPort !== wantedPort) ||
    (typeof triedName === 'string' && triedName !== hostname)
  );
}

function proxyUnreachable(facts: FailureFacts): Meaning | null {
  const meaning = meaningOf(facts);
  return meaning === null ? null : { ...meaning, trouble: 'proxy-unreachable' };
}

function proxyRefusal(status: string): Meaning {
  // Only the user can change a password: retrying might lock an account.
  return status === '407' ? { code: 'ProxyAuthRequired', trouble: 'proxy-password' } : proxyFailed;
}

/** Socket and DNS errors carry the name or address they are about. */
function hostIn(error: Error): string {
  for (const key of ['hostname', 'host', 'address'] as const) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'string' && value !== '') return value.slice(0, 255);
  }
  return 'the server';
}
