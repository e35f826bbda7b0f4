import { formatBytes, formatBytesOf, formatPart, formatRest } from '../../shared/format/bytes.ts';
import { formatDuration, formatTimeLeft } from '../../shared/format/duration.ts';
import { percentOf } from '../../shared/format/percent.ts';
import { formatRate } from '../../shared/format/rate.ts';
import { formatTrouble } from '../../shared/format/trouble.ts';
import type { CatalogModel } from '../../shared/model/catalog.ts';
import type { DownloadState, DownloadStats, DownloadView } from '../../shared/model/download.ts';
import type { Verdict } from '../../shared/model/hardware.ts';
import { failureWords } from './failure-words.ts';
import type { DownloadProgress } from './progress-model.ts';

/** Silence on all connections that is worth reporting, in milliseconds. */
const SILENCE_MS = 3000;

const STATE_WORDS: Readonly<Record<DownloadState, string>> = {
  queued: 'Queued',
  resolving: 'Checking',
  downloading: 'Downloading',
  verifying: 'Verifying',
  installing: 'Installing',
  repairing: 'Repairing',
  ready: 'Ready',
  paused: 'Paused',
  waiting: 'Waiting',
  failed: 'Failed',
};

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  'runs-well': 'Runs well',
  fits: 'Fits',
  tight: 'Tight',
  'may-stutter': 'May stutter',
  'wont-fit': 'Won’t fit',
  'needs-apple-silicon': 'Needs Apple silicon',
};

/** A state in one word. */
export function stateWord(state: DownloadState): string {
  return STATE_WORDS[state];
}

/** A verdict as displayed to people. */
export function verdictWord(verdict: Verdict): string {
  return VERDICT_WORDS[verdict];
}

/** Name of a download: the catalog's, with the variant if there is a choice, else the repository. */
export function downloadName(
  view: Pick<DownloadView, 'repo' | 'model' | 'variant'>,
  models: readonly CatalogModel[],
): string {
  const model = models.find((candidate) => candidate.id === view.model);
  if (model === undefined) return view.repo;
  const { variant } = view;
  return variant === null || model.variants.length < 2
    ? model.name
    : `${model.name} ${variant.toUpperCase()}`;
}

/** `6.31 of 15.38 GB · 41 %`; 100 only once everything is verified and installed. */
export function amountWords(view: DownloadView): string {
  const percent = view.state === 'ready' ? 100 : Math.min(99, percentOf(view.receivedBytes, view.totalBytes));
  return `${formatBytesOf(view.receivedBytes, view.totalBytes)} · ${percent} %`;
}

/** True while the sentence of {@link situationWords} is worth more than numbers. */
export function isHeldUp(progress: DownloadProgress, nowMs: number): boolean {
  const { state } = progress.view;
  return state === 'waiting' || state === 'failed' || isSilent(progress, nowMs);
}

function isSilent({ view, lastByteAtMs }: DownloadProgress, nowMs: number): boolean {
  return view.state === 'downloading' && view.bytesPerSecond === 0 && nowMs - lastByteAtMs >= SILENCE_MS;
}

/** What happened, what is safe, what happens next: one or more sentences for a download that makes no progress. */
export function situationWords(progress: DownloadProgress, nowMs: number): string {
  const { view, lastByteAtMs } = progress;
  const saved = view.receivedBytes > 0 ? `${formatPart(view.receivedBytes, view.totalBytes)} is saved.` : '';
  if (isSilent(progress, nowMs)) return joined([silenceWords(nowMs - lastByteAtMs), saved]);
  return joined([happenedWords(view), saved, nextAttempt(view, nowMs)]);
}

/**
 * What holds it up, from the facts of the wait; the engine's sentence where there are none (it ended, or does not run
 * in this engine).
 */
function happenedWords({ wait, reason, error, state, totalBytes, receivedBytes }: DownloadView): string {
  if (error !== null) return sentence(failureWords(error));
  if (wait === null) return sentence(reason ?? stateWord(state));
  switch (wait.reason) {
    case 'rate-limit':
      return 'Rate-limited.';
    case 'disk': {
      const free = wait.missingBytes === undefined ? '' : ` Free up ${formatBytes(wait.missingBytes)}.`;
      return `Not enough space: ${formatRest(receivedBytes, totalBytes)} still to download.${free}`;
    }
    case 'schedule':
      return 'Waiting for the hours in which downloads run.';
    case 'same-file':
      return 'Waiting for another download of the same file.';
    case 'network':
    case 'server':
    case 'volume':
      return wait.trouble === undefined
        ? sentence(reason ?? stateWord(state))
        : formatTrouble(wait.trouble, wait.host ?? 'the server');
  }
}

const joined = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' ');

const silenceWords = (silentMs: number) => `No data for ${formatDuration(silentMs / 1000)}.`;

function sentence(text: string): string {
  const trimmed = text.trim();
  return ['.', '!', '?', '…'].some((end) => trimmed.endsWith(end)) ? trimmed : `${trimmed}.`;
}

function nextAttempt({ retryAt, wait }: DownloadView, nowMs: number): string {
  if (retryAt === null) return '';
  const seconds = Math.ceil((Date.parse(retryAt) - nowMs) / 1000);
  const when = seconds > 0 ? `in ${formatDuration(seconds)}` : 'now';
  return `Trying again ${when}${wait?.attempt === undefined ? '' : ` (try ${wait.attempt})`}.`;
}

/** The moving numbers of a download, most important first. */
export function headlineParts(view: DownloadView): readonly string[] {
  const parts = [stateWord(view.state)];
  if (view.totalBytes > 0) parts.push(amountWords(view));
  if (view.state === 'downloading' || view.state === 'repairing') {
    parts.push(formatRate(view.bytesPerSecond), formatTimeLeft(view.etaSeconds));
  }
  return parts;
}

/** `chunks 166/294`. */
export function chunkWords(view: Pick<DownloadView, 'chunksDone' | 'chunksTotal'>): string {
  return `chunks ${view.chunksDone}/${view.chunksTotal}`;
}

/** What a finished download cost: time, downloaded, reused, downloaded again, retries. */
export function costWords(stats: DownloadStats): string {
  const parts = [
    formatDuration(stats.seconds),
    `${formatBytes(stats.downloadedBytes - stats.wastedBytes)} downloaded`,
  ];
  if (stats.rescuedBytes > 0) parts.push(`${formatBytes(stats.rescuedBytes)} reused`);
  if (stats.wastedBytes > 0) parts.push(`${formatBytes(stats.wastedBytes)} downloaded again`);
  if (stats.retries > 0) parts.push(stats.retries === 1 ? '1 retry' : `${stats.retries} retries`);
  return parts.join(' · ');
}
