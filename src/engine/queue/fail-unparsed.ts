import { AppError } from '../../shared/contract/errors.ts';
import type { Clock, Log } from '../contents/context.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ACTIVE_STATES } from './state.ts';

/**
 * Fails the downloads whose file list was being parsed when the last engine died: the list may have caused the crash,
 * and would again at every start. All others run. Call before anything is run.
 */
export function failUnparsed(ledger: Pick<Ledger, 'parsing' | 'downloads'>, clock: Clock, log: Log): void {
  for (const id of ledger.parsing.list()) {
    const download = ledger.downloads.get(id);
    ledger.parsing.end(id);
    if (!download || !ACTIVE_STATES.has(download.state)) continue;
    const error = new AppError(
      'ServerError',
      `Haulyard quit unexpectedly while reading the list of files of ${download.repo}. Resume to try again.`,
      { retryable: false },
    ).toData();
    ledger.downloads.setState(id, 'failed', error.message, error, clock.now());
    log('warn', error.message);
  }
}
