import { AppError } from '../../shared/contract/errors.ts';

/** A server with the Hub's API, as configured by the user. */
export interface Endpoint {
  /** Base of every request, without a trailing slash; may have a path prefix. */
  readonly url: string;
  /** Protocol, host and port: the only place a token is sent to. */
  readonly origin: string;
  /** Host, with the port unless it is the protocol's default. */
  readonly host: string;
}

/**
 * Parses `HF_ENDPOINT` or `--endpoint`. A trailing slash is dropped, as the Hugging Face tools do.
 *
 * Throws `BadRequest` naming what is wrong. The message does not repeat the text, which may hold a password.
 */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null) throw wrong('it is not a URL such as https://huggingface.co');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw wrong('it must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw wrong('it must not contain a user name or password');
  if (url.search !== '' || url.hash !== '') throw wrong('it must not contain a ? or # part');
  const path = url.pathname.replace(/\/+$/, '');
  return { url: `${url.origin}${path}`, origin: url.origin, host: url.host };
}

/** True when `url` is on the Hub's own origin (protocol, host and port), so that a token may be sent to it. */
export function isHubUrl(endpoint: Endpoint, url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === endpoint.origin;
}

function wrong(what: string): AppError {
  return new AppError('BadRequest', `The address of Hugging Face or its mirror can’t be used: ${what}.`, {
    details: { remedy: 'endpoint' },
  });
}
