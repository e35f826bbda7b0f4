import type { ErrorData } from '../../shared/contract/errors.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { type Remedy, remedyOf } from '../../shared/model/remedy.ts';

type Failure = Pick<ErrorData, 'message'> & { readonly details?: ErrorData['details'] | undefined };

/** Returns what happened, in the engine's words, and what helps on the command line. */
export function failureWords({ message, details = {} }: Failure): string {
  const remedy = remedyOf(details);
  return remedy === undefined ? message : `${message} ${REMEDY_WORDS[remedy](details)}`;
}

/** What to type. */
const REMEDY_WORDS: Readonly<Record<Remedy, (details: ErrorData['details']) => string>> = {
  'accept-changed': ({ id }) =>
    id === undefined
      ? 'If you trust the change, add --accept-changed.'
      : `If you trust the change: haulyard resume ${id} --accept-changed`,
  'cache-folder': () => 'Choose another folder with --cache-dir, HF_HOME, or HF_HUB_CACHE.',
  'data-folder': () => 'Choose another folder with --data-dir or HAULYARD_DATA_DIR.',
  endpoint: () => 'Check --endpoint or HF_ENDPOINT.',
  'token-with-access': () => 'Then provide a token of that account with HF_TOKEN or --token-stdin.',
  'token-if-private': () =>
    'If it is private, provide a token that may read it with HF_TOKEN or --token-stdin.',
  'choose-files': () => 'Choose files with --include and --exclude.',
  'see-downloads': () => 'To see all downloads: haulyard status',
  'see-library': () => 'To see what the cache has: haulyard list',
  'cancel-first': ({ id }) => `Cancel it first: haulyard cancel ${id}`,
  'download-first': ({ repo }) => `Download it first: haulyard download ${repo}`,
  repair: () => 'Repair it with haulyard verify --repair, then start again.',
  replace: () => 'To replace it, add --force.',
  'one-connection': () => 'Use --workers 1.',
};

/** Returns why a download does not run, and what helps; null when there is nothing to report. */
export function reasonWords({ id, reason, error, isInterrupted }: DownloadView): string | null {
  if (error !== null) return failureWords(error);
  return isInterrupted === true ? `Interrupted. To continue: haulyard resume ${id}` : reason;
}
