import type { EndpointTest } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { parsedAddress } from '../security/parsed-address.ts';

/** Questions that only a person at this computer can answer, in dialogs that the page can neither draw nor click. */
export interface NetworkQuestions {
  /** Asks whether to send a request to this host, to test whether it is a Hub. */
  mayTest(host: string): Promise<boolean>;
  /** Asks whether to download from this endpoint from now on. */
  mayUseEndpoint(change: EndpointChange): Promise<boolean>;
  /** Asks whether to use an endpoint that failed its test. */
  mayUseUntested(host: string, finding: string): Promise<boolean>;
  /** Asks whether to send everything through this proxy from now on. */
  mayUseProxy(change: ProxyChange): Promise<boolean>;
  /** Asks whether other computers of the network may download models from this one. */
  mayShare(): Promise<boolean>;
  /** Asks whether other computers of the network may be asked for files, and so learn which ones. */
  mayUsePeers(): Promise<boolean>;
}

/** A change of the Hub's endpoint, as shown to the user. */
export interface EndpointChange {
  readonly host: string;
  readonly isEncrypted: boolean;
  /** Host of the Hub that a token is saved for; null without a token. Only that host is ever sent the token. */
  readonly tokenHost: string | null;
}

/** A change of the proxy, as shown to the user. */
export interface ProxyChange {
  readonly host: string;
  readonly tokenHost: string | null;
}

/** Dependencies of {@link createNetworkConsent}. */
export interface NetworkConsentDeps {
  readonly questions: NetworkQuestions;
  /** The engine's test of an endpoint. */
  readonly test: (endpoint: string) => Promise<EndpointTest>;
  /** The current endpoint. */
  readonly endpoint: () => string;
  /** Origin of the saved token, null without one. */
  readonly tokenOrigin: () => Promise<string | null>;
}

/** Decides whether the network may be used as the page requests. Each function throws AppError when it may not. */
export interface NetworkConsent {
  requireTest(endpoint: string): Promise<void>;
  /** Asks, tests, and asks once more when the test failed. */
  requireEndpoint(endpoint: string): Promise<void>;
  requireProxy(proxy: string): Promise<void>;
  requireSharing(): Promise<void>;
  requirePeers(): Promise<void>;
}

/** Remembers until the app ends which endpoints the user agreed to. */
export function createNetworkConsent(deps: NetworkConsentDeps): NetworkConsent {
  const { questions, test, endpoint: current, tokenOrigin } = deps;
  const agreed = new Set<string>();

  const isKnown = (origin: string) =>
    agreed.has(origin) || origin === parsedAddress(current())?.origin || origin === DEFAULT_ORIGIN;

  async function requireTest(endpoint: string): Promise<void> {
    const { origin, host } = parts(endpoint);
    if (isKnown(origin)) return;
    if (!(await questions.mayTest(host))) throw declined();
    agreed.add(origin);
  }

  async function requireEndpoint(endpoint: string): Promise<void> {
    const url = parts(endpoint);
    const token = await tokenOrigin();
    const change = {
      host: url.host,
      isEncrypted: url.protocol === 'https:',
      tokenHost: token === null ? null : parts(token).host,
    };
    const mustAsk = !isKnown(url.origin) || (token !== null && token !== url.origin);
    if (mustAsk && !(await questions.mayUseEndpoint(change))) throw declined();
    agreed.add(url.origin);
    const { ok, message } = await test(endpoint);
    if (!ok && !(await questions.mayUseUntested(url.host, message))) throw declined(message);
  }

  async function requireProxy(proxy: string): Promise<void> {
    const token = await tokenOrigin();
    const change = { host: parts(proxy).host, tokenHost: token === null ? null : parts(token).host };
    if (!(await questions.mayUseProxy(change))) throw declined();
  }

  async function requireSharing(): Promise<void> {
    if (!(await questions.mayShare())) throw declined();
  }

  async function requirePeers(): Promise<void> {
    if (!(await questions.mayUsePeers())) throw declined();
  }

  return { requireTest, requireEndpoint, requireProxy, requireSharing, requirePeers };
}

const DEFAULT_ORIGIN = 'https://huggingface.co';

function parts(address: string): URL {
  const url = parsedAddress(address);
  if (url === null) throw new AppError('BadRequest', 'This isn’t a web address. It begins with https://.');
  return url;
}

function declined(why = ''): AppError {
  return new AppError('Cancelled', `${why} Nothing was changed.`.trim());
}
