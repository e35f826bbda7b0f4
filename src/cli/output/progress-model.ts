import type { VerifyingEvent } from '../../shared/contract/events.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';

/** Per-file speeds are shares of the download's own speed over this time, in milliseconds. */
const SPEED_WINDOW_MS = 5000;

/** Heartbeats of verification come every second; without one for this long it is over, in milliseconds. */
const HEARTBEAT_MS = 2500;

/** The last heartbeat of the verification of one file. */
export interface Verification {
  readonly seconds: number;
  readonly hashedBytes: number;
  readonly totalBytes: number;
  readonly atMs: number;
}

/** Bytes received of each file (path → bytes) at one moment. */
interface Sample {
  readonly atMs: number;
  readonly received: ReadonlyMap<string, number>;
}

/** One download as shown on the terminal. */
export interface DownloadProgress {
  /** For people: the catalog's name, or the repository. */
  readonly name: string;
  readonly view: DownloadView;
  readonly verifying: ReadonlyMap<string, Verification>;
  /** The last heartbeat of verification. */
  readonly heartbeat: VerifyingEvent | undefined;
  /** When `receivedBytes` last increased. */
  readonly lastByteAtMs: number;
  readonly samples: readonly Sample[];
}

/** What is shown: download id → progress. */
export type ProgressModel = ReadonlyMap<string, DownloadProgress>;

/** The model before the first event. */
export const EMPTY_MODEL: ProgressModel = new Map();

/** Which downloads are followed, and their names. */
export interface Following {
  readonly ids: ReadonlySet<string>;
  readonly nameOf: (view: DownloadView) => string;
}

/** Updates the followed downloads; others of the engine are left out. Call at least four times a second. */
export function takeState(
  model: ProgressModel,
  { downloads, verifying }: Pick<DownloadsState, 'downloads' | 'verifying'>,
  { ids, nameOf }: Following,
  nowMs: number,
): ProgressModel {
  const views = downloads.filter((view) => ids.has(view.id));
  return new Map(
    views.map((view) => {
      const progress = takeView(model.get(view.id), view, nameOf(view), nowMs);
      return [view.id, withHeartbeat(progress, verifying[view.id], nowMs)];
    }),
  );
}

function takeView(
  before: DownloadProgress | undefined,
  view: DownloadView,
  name: string,
  nowMs: number,
): DownloadProgress {
  const received = new Map(view.files.map((file) => [file.path, file.receivedBytes]));
  const samples = [...(before?.samples ?? []), { atMs: nowMs, received }];
  const firstKept = samples.findLastIndex((sample) => sample.atMs <= nowMs - SPEED_WINDOW_MS);
  return {
    name,
    view,
    verifying: before?.verifying ?? new Map(),
    heartbeat: before?.heartbeat,
    lastByteAtMs: lastByteAt(before, view.receivedBytes, nowMs),
    samples: samples.slice(Math.max(0, firstKept)),
  };
}

function lastByteAt(before: DownloadProgress | undefined, receivedBytes: number, nowMs: number): number {
  return before === undefined || receivedBytes > before.view.receivedBytes ? nowMs : before.lastByteAtMs;
}

/** Heartbeats of one second each are the same event until a newer one arrives. */
function withHeartbeat(
  before: DownloadProgress,
  event: VerifyingEvent | undefined,
  nowMs: number,
): DownloadProgress {
  if (event === undefined || event === before.heartbeat) return before;
  const { path, seconds, hashedBytes, totalBytes } = event;
  const verifying = new Map(before.verifying).set(path, { seconds, hashedBytes, totalBytes, atMs: nowMs });
  return { ...before, heartbeat: event, verifying };
}

/** The running verification of a file, if its heartbeat is fresh. */
export function verificationOf(
  progress: DownloadProgress,
  path: string,
  nowMs: number,
): Verification | undefined {
  const found = progress.verifying.get(path);
  return found !== undefined && nowMs - found.atMs <= HEARTBEAT_MS ? found : undefined;
}

/**
 * Returns the speed of each file in bytes per second: its share of what arrived, of the speed of the whole download.
 */
export function fileSpeeds(progress: DownloadProgress): ReadonlyMap<string, number> {
  const first = progress.samples[0];
  const last = progress.samples.at(-1);
  if (first === undefined || last === undefined) return new Map();
  const deltas = Array.from(last.received, ([path, bytes]) => {
    return [path, Math.max(0, bytes - (first.received.get(path) ?? 0))] as const;
  });
  const sum = deltas.reduce((total, [, bytes]) => total + bytes, 0);
  if (sum === 0) return new Map();
  return new Map(deltas.map(([path, bytes]) => [path, (bytes / sum) * progress.view.bytesPerSecond]));
}
