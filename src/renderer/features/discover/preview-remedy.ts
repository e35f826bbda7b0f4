import type { ErrorCode } from '../../../shared/contract/errors.ts';

/** What helps when the Hub does not tell the files of a reference. */
export type Remedy = 'enter-token' | 'accept-changed' | 'try-again';

/** The one button that an error gets; null when only another reference helps. */
export function remedyOf(code: ErrorCode): Remedy | null {
  switch (code) {
    case 'Gated':
    case 'AuthRequired':
    // The Hub does not tell a stranger which repositories are private: for it they do not exist.
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
