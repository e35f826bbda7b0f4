import { jsonReply, type Reply } from '../http/reply.ts';
import { callerOf } from './access.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { invalidToken, LOGIN_CHALLENGE } from './errors.ts';

/** `GET /api/whoami-v2`: the account behind the token, and what the token is (huggingface_hub, `HfApi.whoami`). */
export function whoAmI(request: RouteRequest, context: RouteContext): Reply {
  const caller = callerOf(request, context);
  if (caller.kind === 'invalid') return invalidToken();
  if (caller.kind === 'anonymous') {
    const message = 'Invalid username or password.';
    return jsonReply(
      401,
      { error: message },
      { 'x-error-message': message, 'www-authenticate': LOGIN_CHALLENGE },
    );
  }
  const { name = 'reader', role = 'read' } = caller.token;
  return jsonReply(200, {
    type: 'user',
    id: '5e2967b819407e3277369b95',
    name,
    fullname: name,
    isPro: false,
    orgs: [],
    auth: {
      type: 'access_token',
      accessToken: { displayName: `token of ${name}`, role, createdAt: '2026-01-15T09:30:00.000Z' },
    },
  });
}
