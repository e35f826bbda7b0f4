import { assertNever, type ErrorCode, type ErrorData } from '../../../shared/contract/errors.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { withoutCommandLine } from '../../ui/without-command-line.ts';
import type { RowAction, RowText } from './row-text.ts';
import { savedWords } from './saved.ts';
import { words } from './words.ts';

/** Words for a download that stopped and needs somebody. */
export function failedWords(view: DownloadView): RowText {
  const [happened, action] = meaningOf(view.error?.code ?? 'Internal');
  return {
    text: `${happened}${savedWords(view)}`,
    tone: 'bad',
    action,
    details: detailsOf(view.error, view.reason),
    isTicking: false,
  };
}

function meaningOf(code: ErrorCode): readonly [string, RowAction] {
  switch (code) {
    case 'Gated':
      return [words.gated, 'enter-token'];
    case 'AuthRequired':
      return [words.authRequired, 'enter-token'];
    case 'ProxyAuthRequired':
      return [words.proxyAuthRequired, 'try-again'];
    case 'ChangedUpstream':
      return [words.changedUpstream, 'accept-change'];
    case 'HashMismatch':
      return [words.hashMismatch, 'try-again'];
    case 'NotFound':
      return [words.notFound, 'remove'];
    case 'BadRequest':
      return [words.badRequest, 'remove'];
    case 'PathUnsafe':
      return [words.pathUnsafe, 'remove'];
    case 'DiskPermission':
      return [words.diskPermission, 'try-again'];
    case 'DiskFull':
      return [words.diskFullFailed, 'try-again'];
    case 'DiskMissing':
      return [words.volumeMissing, 'try-again'];
    case 'LedgerCorrupt':
    case 'LedgerBusy':
      return [words.ledgerTrouble, 'try-again'];
    case 'EngineUnavailable':
      return [words.engineTrouble, 'try-again'];
    case 'Offline':
    case 'Timeout':
    case 'Stalled':
    case 'RateLimited':
    case 'ServerError':
    case 'RangeUnsupported':
      return [words.stoppedByNetwork, 'try-again'];
    case 'Cancelled':
    case 'Internal':
      return [words.somethingElse, 'try-again'];
    default:
      return assertNever(code);
  }
}

/** The sentence first; code and facts after it. */
function detailsOf(error: ErrorData | null, reason: string | null): string | null {
  if (error === null) return reason;
  const facts = Object.entries(error.details).map(([name, value]) => `${name}: ${value}`);
  return [withoutCommandLine(error.message), [error.code, ...facts].join(' · ')].join('\n');
}
