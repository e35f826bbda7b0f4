import { AppError } from '../../shared/contract/errors.ts';
import type { Remedy } from '../../shared/model/remedy.ts';
import { type FailedResponse, statusError } from '../http/status-error.ts';
import type { Endpoint } from './endpoint.ts';

/** The subject of a request to the Hub. */
export interface Subject {
  readonly repo: string;
  readonly revision: string;
  readonly path?: string;
}

/** An error response of the Hub, and what it was about. */
export interface HubFailure extends Omit<FailedResponse, 'hubHost'> {
  readonly endpoint: Endpoint;
  readonly subject: Subject;
  /** Whether the request carried a token. */
  readonly authorized: boolean;
  /** Source of that token; null when unknown. */
  readonly tokenSource?: string | null;
  /** True when there is a token that was not sent because the Hub had rejected it. */
  readonly isTokenRejected?: boolean;
}

/**
 * Does the same as `statusError`, with a message about the repository and what the user can do (protocol notes A.4).
 */
export function hubError(failure: HubFailure): AppError {
  const base = statusError({ ...failure, hubHost: failure.endpoint.host });
  if (base.details.host !== failure.endpoint.host) return base;
  if (failure.status === 401 && failure.isTokenRejected) return rejectedToken(base, failure);
  if (base.code === 'Gated') {
    const message = gatedMessage(failure, saidBy(base));
    return reworded(base, 'Gated', message, remedyFor(failure, 'token-with-access'));
  }
  switch (base.details.errorCode) {
    case 'RevisionNotFound':
      return reworded(base, 'NotFound', revisionMessage(failure));
    case 'EntryNotFound':
      return reworded(base, 'NotFound', entryMessage(failure));
    case 'RepoNotFound':
      return missing(base, failure);
    default:
      return byStatus(base, failure);
  }
}

function byStatus(base: AppError, failure: HubFailure): AppError {
  const { endpoint, subject, authorized } = failure;
  if (/resource is disabled/i.test(String(base.details.text))) return disabledError(subject.repo, endpoint);
  // The Hub does not reveal to anonymous users which repositories are private: it answers 401 for those and for missing
  // ones.
  if (failure.status === 401 && !authorized) return missing(base, failure);
  if (failure.status === 401) return rejectedToken(base, failure);
  if (failure.status !== 404) return base;
  return subject.path === undefined
    ? missing(base, failure)
    : reworded(base, 'NotFound', entryMessage(failure));
}

function rejectedToken(base: AppError, failure: HubFailure): AppError {
  const message = `${failure.endpoint.host} rejected ${tokenOf(failure, 'your')}. Your progress is saved.`;
  return reworded(base, 'AuthRequired', `${message}${quoted(saidBy(base))}`);
}

/** Returns the error for a repository that the Hub lists without serving its files. */
export function disabledError(repo: string, endpoint: Endpoint): AppError {
  return new AppError(
    'NotFound',
    `${repo} was disabled by ${endpoint.host}, so its files can’t be downloaded.`,
    {
      details: { host: endpoint.host },
    },
  );
}

function missingMessage({ subject, endpoint, authorized }: HubFailure): string {
  const start = `There is no repository ${subject.repo} on ${endpoint.host}, or it is private.`;
  return authorized
    ? `${start} Check the spelling, and that your token may read it.`
    : `${start} Check the spelling.`;
}

/** States of an access request in the Hub's words (protocol notes A.4), and what the user can do. */
const GATES: ReadonlyArray<readonly [words: RegExp, next: (page: string, endpoint: Endpoint) => string]> = [
  [/reject|denied/i, () => 'Its owners turned down the request.'],
  [/await|pending|review/i, () => 'Its owners haven’t answered the request yet. Try again when they have.'],
  [
    /fine-grained|permission|token settings|scope/i,
    (_, { url }) => `Let the token read gated repositories on ${url}/settings/tokens, or use another token.`,
  ],
];

function gatedMessage(failure: HubFailure, said: string): string {
  const { subject, endpoint, authorized } = failure;
  const page = `${endpoint.url}/${subject.repo}`;
  if (!authorized) {
    return `${subject.repo} is gated. Ask for access on ${page}.${quoted(said)}`;
  }
  const known = GATES.find(([words]) => words.test(said));
  const next = known ? known[1](page, endpoint) : `Ask for access on ${page} and try again.`;
  return `${subject.repo} is gated, and ${tokenOf(failure, 'this')} has no access to it. ${next}${quoted(said)}`;
}

/** The token of a request, and its source. */
function tokenOf({ tokenSource }: HubFailure, article: 'your' | 'this'): string {
  return tokenSource ? `the token from ${tokenSource}` : `${article} token`;
}

/** Returns the server's own explanation; empty when there is none. */
function saidBy({ details }: AppError): string {
  return typeof details.text === 'string' ? details.text : '';
}

const quoted = (said: string): string => (said === '' ? '' : ` It says: “${said}”`);

function revisionMessage({ subject, endpoint }: HubFailure): string {
  return `${subject.repo} on ${endpoint.host} has no branch, tag, or commit ${JSON.stringify(subject.revision)}.`;
}

function entryMessage({ subject, endpoint }: HubFailure): string {
  const file = subject.path === undefined ? 'that file' : JSON.stringify(subject.path);
  return `${subject.repo} on ${endpoint.host} has no ${file} at ${subject.revision.slice(0, 12)}.`;
}

function missing(base: AppError, failure: HubFailure): AppError {
  return reworded(base, 'NotFound', missingMessage(failure), remedyFor(failure, 'token-if-private'));
}

/** A user with a token needs additional rights rather than another token. */
function remedyFor({ authorized }: HubFailure, remedy: Remedy): Remedy | undefined {
  return authorized ? undefined : remedy;
}

function reworded(
  { details }: AppError,
  code: 'Gated' | 'NotFound' | 'AuthRequired',
  message: string,
  remedy?: Remedy,
): AppError {
  return new AppError(code, message, { details: remedy === undefined ? details : { ...details, remedy } });
}

/**
 * Returns the error for a response from something that is not a Hub: a wrong endpoint, or the sign-in page of a
 * network.
 */
export function notAHub(endpoint: Endpoint, problem: 'html' | 'json' | 'shape'): AppError {
  const why =
    problem === 'html'
      ? 'It sent a web page. This network may want you to sign in first, or the address is wrong.'
      : 'Its answer can’t be read.';
  return new AppError('BadRequest', `${endpoint.host} didn’t answer like Hugging Face. ${why}`, {
    retryable: true,
    details: {
      host: endpoint.host,
      problem,
      remedy: 'endpoint',
      ...(problem === 'html' ? { captivePortal: true } : {}),
    },
  });
}

/** Returns the error for a list longer than any repository's. */
export function tooLong({ host }: Endpoint): AppError {
  return new AppError(
    'ServerError',
    `${host} sent a list of files that is too long to read. Nothing was downloaded. Other downloads aren’t affected.`,
    { retryable: false, details: { host } },
  );
}
