import type { ErrorCode, ErrorData } from '../../../shared/contract/errors.ts';
import { formatFailure } from '../../../shared/format/failure.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { errorWords } from '../../ui/error-words.ts';
import type { RowAction, RowText } from './row-text.ts';
import { savedWords } from './saved.ts';

/** Words for a download that stopped and needs somebody. */
export function failedWords(view: DownloadView): RowText {
  const code = view.error?.code ?? 'Internal';
  return {
    text: `${formatFailure(code)}${savedWords(view)}`,
    tone: 'bad',
    action: actionOf(code),
    details: detailsOf(view.error, view.reason),
    isTicking: false,
  };
}

/** The one button. */
function actionOf(code: ErrorCode): RowAction {
  switch (code) {
    case 'Gated':
    case 'AuthRequired':
      return 'enter-token';
    case 'ChangedUpstream':
      return 'accept-change';
    case 'NotFound':
    case 'BadRequest':
    case 'PathUnsafe':
      return 'remove';
    default:
      return 'try-again';
  }
}

/** The sentence first; code and facts after it. */
function detailsOf(error: ErrorData | null, reason: string | null): string | null {
  if (error === null) return reason;
  const facts = Object.entries(error.details).map(([name, value]) => `${name}: ${value}`);
  return [errorWords(error), [error.code, ...facts].join(' · ')].join('\n');
}
