import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { FailureContext, FailureFacts } from './error-chain.ts';
import { hostOf } from './redact.ts';

const SAFE = 'Nothing received so far is lost.';

type Sentence = (host: string) => string;
interface Meaning {
  readonly code: ErrorCode;
  readonly sentence: Sentence;
}

const offline = (sentence: Sentence): Meaning => ({ code: 'Offline', sentence });
const timeout = (sentence: Sentence): Meaning => ({ code: 'Timeout', sentence });
const server = (sentence: Sentence): Meaning => ({ code: 'ServerError', sentence });

const brokeOff = offline((host) => `The connection to ${host} broke off.`);
const noRoute = offline((host) => `${host} cannot be reached from this network.`);
const noConnection = timeout((host) => `No connection to ${host} came about in time.`);
const secureFailed = offline((host) => `A secure connection to ${host} could not be set up.`);
const proxyFailed = offline(
  (host) => `The network’s proxy did not let us through to ${host}. Check the proxy setting.`,
);
const garbled = server((host) => `${host} gave an answer that is not valid HTTP.`);

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
  ['ECONNREFUSED', offline((host) => `${host} does not accept connections.`)],
  ['ENOTFOUND', offline((host) => `The name ${host} could not be found. Check the network connection.`)],
  ['EAI_AGAIN', offline((host) => `The name ${host} could not be looked up. Check the network connection.`)],
  ['EAI_FAIL', offline((host) => `The name ${host} could not be looked up. Check the network connection.`)],
  ['EHOSTUNREACH', noRoute],
  ['EHOSTDOWN', noRoute],
  ['ENETUNREACH', noRoute],
  ['ENETDOWN', offline(() => 'There is no network connection.')],
  ['EADDRNOTAVAIL', offline(() => 'There is no network connection.')],
  ['ETIMEDOUT', noConnection],
  ['ESOCKETTIMEDOUT', noConnection],
  ['UND_ERR_CONNECT_TIMEOUT', noConnection],
  ['UND_ERR_HEADERS_TIMEOUT', timeout((host) => `${host} did not answer in time.`)],
  ['UND_ERR_BODY_TIMEOUT', timeout((host) => `${host} stopped sending.`)],
  ['UND_ERR_PRX_CONN', proxyFailed],
  [
    'UND_ERR_PRX_TLS',
    offline(() => 'The certificate of the network’s proxy is not trusted. Check the proxy setting.'),
  ],
  ['UND_ERR_HEADERS_OVERFLOW', garbled],
  ['UND_ERR_RESPONSE', garbled],
  ['EPROTO', secureFailed],
]);

/** Verification results of OpenSSL as Node names them, besides those that begin with `CERT_`. */
const CERTIFICATE =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_TLS_CERT_\w+|CRL_\w+)$/;

/** undici tells a refusal of the proxy as text only (its `proxy-agent.js` and `socks5-client.js`). */
const PROXY_MESSAGE = /^(Proxy response \((\d{3})\)|Proxy Authentication Required)/;

/** The error for a failure of the network, null when `facts` are about something else. */
export function networkError(facts: FailureFacts, context: FailureContext): AppError | null {
  const host = context.url === undefined ? hostIn(facts.error) : hostOf(context.url);
  const meaning = isAboutProxy(facts.error, context.url) ? proxyUnreachable(facts) : meaningOf(facts);
  if (meaning === null) return null;
  return new AppError(meaning.code, `${meaning.sentence(host)} ${SAFE}`, {
    cause: facts.error,
    details: { host, ...(facts.code === '' ? {} : { errno: facts.code }) },
  });
}

function meaningOf({ code, message, name }: FailureFacts): Meaning | null {
  const refusal = PROXY_MESSAGE.exec(message);
  if (refusal !== null && code.startsWith('UND_ERR_')) return proxyRefusal(refusal[2] ?? '407');
  if (name === 'TimeoutError') return timeout((host) => `${host} did not answer in time.`);
  if (code.startsWith('UND_ERR_SOCKS5')) return proxyFailed;
  if (code.startsWith('HPE_')) return garbled;
  if (CERTIFICATE.test(code)) return offline((host) => certificateSentence(host, code));
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return secureFailed;
  return MEANINGS.get(code) ?? null;
}

/** Behind a proxy, a connection fails to another port, or another name cannot be found, than those that were asked for. */
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
  if (meaning === null) return null;
  const subject = /^(ENOTFOUND|EAI_)/.test(facts.code) ? 'of the network’s proxy' : 'The network’s proxy';
  return { ...meaning, sentence: () => meaning.sentence(subject) };
}

function proxyRefusal(status: string): Meaning {
  if (status !== '407')
    return offline((host) => `The network’s proxy refused to connect us to ${host} (${status}).`);
  return offline(
    () => 'The network’s proxy asks for a user name and password (407). Check the proxy setting.',
  );
}

function certificateSentence(host: string, code: string): string {
  const why =
    code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID'
      ? ' Check the date of this machine too.'
      : '';
  return `The certificate of ${host} is not trusted, so no connection was made.${why}`;
}

/** Socket and DNS errors carry the name or the address they were about. */
function hostIn(error: Error): string {
  for (const key of ['hostname', 'host', 'address'] as const) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'string' && value !== '') return value.slice(0, 255);
  }
  return 'the server';
}
