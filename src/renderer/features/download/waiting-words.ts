import type { ErrorCode } from '../../../shared/contract/errors.ts';
import { formatBytes, formatRest } from '../../../shared/format/bytes.ts';
import { formatTrouble } from '../../../shared/format/trouble.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { Trouble, Wait } from '../../../shared/model/wait.ts';
import { NO_ACTIVITY } from '../../stores/activity.ts';
import { type RowText, type Seen, secondsUntil } from './row-text.ts';
import { savedWords } from './saved.ts';
import { words } from './words.ts';

const SILENT: ReadonlySet<ErrorCode> = new Set(['Stalled', 'Timeout']);

/** Used for a wait without known facts. */
const UNKNOWN: Wait = { reason: 'network', code: 'Offline' };

/** Words for a download that waits and resumes by itself. */
export function waitingWords(view: DownloadView, seen: Seen): RowText {
  const wait = view.wait ?? UNKNOWN;
  return {
    text: textOf(view, wait, seen),
    ...LOOKS[wait.reason === 'same-file' || wait.reason === 'schedule' ? wait.reason : 'trouble'],
    details: wait.reason === 'same-file' || wait.reason === 'schedule' ? null : view.reason,
    isTicking: wait.reason !== 'schedule' && (wait.retryAt !== undefined || wait.silentMs !== undefined),
  };
}

/** How a wait looks: one that was wished for is no trouble. */
const LOOKS = {
  'same-file': { tone: 'plain', action: null },
  schedule: { tone: 'plain', action: 'start-now' },
  trouble: { tone: 'attention', action: 'try-now' },
} as const satisfies Readonly<Record<string, Pick<RowText, 'tone' | 'action'>>>;

function textOf(view: DownloadView, wait: Wait, seen: Seen): string {
  const saved = savedWords(view);
  switch (wait.reason) {
    case 'rate-limit':
      return `${words.rateLimited(wait.retryAt === undefined ? null : timeOfDay(wait.retryAt))}${saved}`;
    case 'disk':
      return `${diskWords(view, wait)}${saved}${words.resumesWithRoom}`;
    case 'volume':
      return `${words.volumeMissing}${saved}${words.resumesWithVolume}`;
    case 'server':
      return `${words.serverTrouble}${saved}${next(wait, seen.nowMs)}`;
    case 'schedule':
      return `${words.schedule(wait.retryAt === undefined ? null : timeOfDay(wait.retryAt))}${saved}`;
    case 'same-file':
      return words.sameFile(seen.nameOf?.(wait.download ?? '') ?? null);
    case 'network':
      return networkWords(view, wait, seen);
  }
}

/** What is still to come, and how much space the disk lacks for it. */
function diskWords({ totalBytes, receivedBytes }: DownloadView, { missingBytes }: Wait): string {
  const rest = formatRest(receivedBytes, totalBytes);
  return words.diskFull(rest, missingBytes === undefined ? null : formatBytes(missingBytes));
}

function networkWords(view: DownloadView, wait: Wait, seen: Seen): string {
  const silentSeconds = silentSecondsOf(wait, seen);
  if (wait.code !== undefined && SILENT.has(wait.code) && silentSeconds !== null) {
    const due = wait.retryAt === undefined ? words.reconnects : reconnecting(wait.retryAt, seen.nowMs);
    return `${words.noData(silentSeconds)} · ${due}${words.attempt(wait.attempt)}`;
  }
  return `${happened(wait, seen)}${savedWords(view)}${next(wait, seen.nowMs)}`;
}

const reconnecting = (retryAt: string, nowMs: number) =>
  words.reconnectingIn(secondsUntil(Date.parse(retryAt), nowMs));

/** Troubles that a person can fix: they are named even after bytes arrived. */
const MENDABLE: ReadonlySet<Trouble> = new Set([
  'secure-connection',
  'certificate',
  'certificate-date',
  'proxy-unreachable',
  'proxy-refused',
  'proxy-password',
  'proxy-certificate',
  'sign-in-page',
  'offline-mode',
]);

/** "Connection lost" only if there was one. */
function happened({ trouble, host = words.theServer }: Wait, { activity = NO_ACTIVITY }: Seen): string {
  const isNamed = trouble !== undefined && (activity.lastByteAtMs === null || MENDABLE.has(trouble));
  if (isNamed) return formatTrouble(trouble, host);
  return activity.lastByteAtMs === null ? words.noConnection(host) : words.connectionLost;
}

/** Returns the full seconds since the last byte, by the page's own clock if it saw that byte; null while unknown. */
export function silentSecondsOf({ silentMs }: Wait, { activity = NO_ACTIVITY, nowMs }: Seen): number | null {
  if (activity.lastByteAtMs === null && silentMs === undefined) return null;
  const seen = activity.lastByteAtMs === null ? 0 : nowMs - activity.lastByteAtMs;
  return Math.floor(Math.max(0, seen, silentMs ?? 0) / 1000);
}

/** The number of attempts is shown from the second one on: a first one is not news. */
function next({ retryAt, attempt }: Wait, nowMs: number): string {
  if (retryAt === undefined) return words.resumesAlone;
  return words.tryingIn(
    secondsUntil(Date.parse(retryAt), nowMs),
    attempt !== undefined && attempt >= 2 ? attempt : undefined,
  );
}

/** Formats the time of day as the system does: `14:03`. */
function timeOfDay(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  );
}
