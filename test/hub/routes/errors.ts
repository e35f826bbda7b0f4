import { jsonReply, type Reply, textReply } from '../http/reply.ts';

/**
 * The Hub's error answers. Clients read `X-Error-Code` and `X-Error-Message`, not the bodies
 * (https://github.com/huggingface/huggingface_hub, utils/_http.py).
 */
export const LOGIN_CHALLENGE = 'Bearer realm="Authentication required", charset="UTF-8"';
const WEAK_ETAG = 'W/"f-mY2VvLxuxB7KhsoOdQTlMTccuAQ"';

/** A repository that does not exist or is private, requested without a token: the Hub does not reveal which. */
export function unknownToAnonymous(isApi: boolean): Reply {
  const message = 'Invalid username or password.';
  const headers = { 'x-error-message': message, 'www-authenticate': LOGIN_CHALLENGE };
  return isApi
    ? jsonReply(401, { error: message }, headers)
    : textReply(401, message, { ...headers, etag: WEAK_ETAG });
}

/** A repository that does not exist, or that this token may not see. */
export function repoNotFound(): Reply {
  return errorReply(404, 'RepoNotFound', 'Repository not found');
}

/** A token that the Hub does not know. */
export function invalidToken(): Reply {
  const message = 'Invalid credentials in Authorization header';
  return jsonReply(
    401,
    { error: message },
    { 'x-error-message': message, 'www-authenticate': LOGIN_CHALLENGE },
  );
}

/**
 * Files of a gated repository: 401 without a token, 403 with one that has no grant, with the state of the access
 * request.
 */
export function gated(repoId: string, state: 'anonymous' | 'pending' | 'rejected' | null): Reply {
  const message = gatedMessage(repoId, state);
  return textReply(state === 'anonymous' ? 401 : 403, message, {
    'x-error-code': 'GatedRepo',
    'x-error-message': message,
    etag: WEAK_ETAG,
    ...(state === 'anonymous' ? { 'www-authenticate': LOGIN_CHALLENGE } : {}),
  });
}

function gatedMessage(repoId: string, state: 'anonymous' | 'pending' | 'rejected' | null): string {
  switch (state) {
    case 'anonymous':
      return `Access to model ${repoId} is restricted. You must have access to it and be authenticated to access it. Please log in.`;
    case 'pending':
      return `Your request to access model ${repoId} is awaiting a review from the repo authors.`;
    case 'rejected':
      return `Your request to access model ${repoId} has been rejected by the repo's authors.`;
    default:
      return `Access to model ${repoId} is restricted and you are not in the authorized list. Visit the model page to ask for access.`;
  }
}

/** A repository that was switched off. */
export function disabled(): Reply {
  const message = 'Access to this resource is disabled.';
  return jsonReply(403, { error: message }, { 'x-error-message': message });
}

/** No such branch, tag or commit. */
export function revisionNotFound(revision: string): Reply {
  return errorReply(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
}

/** No such file at this commit. The weak ETag is the Hub's own; no client may keep it. */
export function entryNotFound(commit: string): Reply {
  return textReply(404, 'Entry not found', {
    'x-error-code': 'EntryNotFound',
    'x-error-message': 'Entry not found',
    'x-repo-commit': commit,
    etag: WEAK_ETAG,
    'accept-ranges': 'bytes',
  });
}

/** An API answer with a code. */
export function errorReply(status: number, code: string, message: string): Reply {
  return jsonReply(
    status,
    { error: message },
    { 'x-error-code': code, 'x-error-message': printable(message) },
  );
}

/** Header values are Latin-1 without control characters; a hostile revision name must not break the answer. */
function printable(message: string): string {
  return message.replaceAll(/[^\x20-\x7e]/g, '?');
}
