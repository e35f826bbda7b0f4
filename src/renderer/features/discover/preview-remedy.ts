import type { ErrorCode } from '../../../shared/contract/errors.ts';

/** What helps when the Hub does not return the files of a reference. */
export type Remedy = 'enter-token' | 'accept-changed' | 'try-again';

/** Returns the one button for an error; null when only another reference helps. */
export function remedyOf(code: ErrorCode): Remedy | null {
  switch (code) {
    case 'Gated':
    case 'AuthRequired':
    // The Hub does not reveal to a stranger which repositories are private: to that user they do not exist.
    case 'NotFound':
      return 'enter-token';
    case 'ChangedUpstream':
      return 'accept-changed';
    case 'BadRequest':
    case 'PathUnsafe':
      return null;
    default:
      return 'try-again';
  }
}
