import type { Settings, Snapshot } from '../contract/commands.ts';
import type {
  BuildProgressEvent,
  EngineEvent,
  FileProgress,
  ProgressEvent,
  VerifyingEvent,
} from '../contract/events.ts';
import type { BuildView } from '../model/build.ts';
import type { DownloadView, FileView } from '../model/download.ts';

/** The engine's state as tray, dock and page know it: a snapshot, and the events since. */
export interface DownloadsState {
  readonly runId: string;
  /** Number of the last event included. */
  readonly seq: number;
  /** In the order of the queue. */
  readonly downloads: readonly DownloadView[];
  /** Variants that are made here, the oldest first. */
  readonly builds: readonly BuildView[];
  readonly settings: Settings;
  /** Last heartbeat of what is being verified, by download id; an installed model has its repository as id. */
  readonly verifying: Readonly<Record<string, VerifyingEvent>>;
}

/** The state after an event, and whether the event refers to more than it carries. */
export interface AppliedEvent {
  readonly state: DownloadsState;
  /** True when a new snapshot must be taken: an event was missed, or the list or the files of a download changed. */
  readonly isStale: boolean;
}

export function stateOf(snapshot: Snapshot): DownloadsState {
  return { ...snapshot, verifying: {} };
}

/** Events that are in the state already change nothing, so events may be buffered while a snapshot is being taken. */
export function applyEvent(state: DownloadsState, event: EngineEvent): AppliedEvent {
  if (event.seq <= state.seq) return { state, isStale: false };
  const hasGap = event.seq !== state.seq + 1;
  const next = { ...state, seq: event.seq };
  switch (event.event) {
    case 'progress':
      return { state: withProgress(next, event), isStale: hasGap };
    case 'verifying':
      return { state: withHeartbeat(next, event), isStale: hasGap };
    case 'build.progress':
      return { state: withBuildProgress(next, event), isStale: hasGap };
    case 'build.verifying':
    case 'rescued':
    case 'retry':
    case 'repaired':
    case 'judged':
      return { state: next, isStale: hasGap };
    case 'resolved':
    case 'done':
    case 'failed':
    case 'listed':
    case 'build.planned':
    case 'build.done':
    case 'build.failed':
      return { state: next, isStale: true };
  }
}

function withProgress(state: DownloadsState, event: ProgressEvent): DownloadsState {
  const downloads = state.downloads.map((view) =>
    view.id === event.download ? progressed(view, event) : view,
  );
  const isVerifying = event.state === 'verifying' || event.state === 'repairing';
  return {
    ...state,
    downloads,
    verifying: isVerifying ? state.verifying : without(state.verifying, event.download),
  };
}

function withBuildProgress(state: DownloadsState, told: BuildProgressEvent): DownloadsState {
  const { event: _event, seq: _seq, time: _time, download: id, ...progress } = told;
  const isSame = (view: BuildView) => view.id === id;
  return { ...state, builds: state.builds.map((view) => (isSame(view) ? { ...view, ...progress } : view)) };
}

function progressed(view: DownloadView, event: ProgressEvent): DownloadView {
  const {
    event: _event,
    seq: _seq,
    time: _time,
    download: _download,
    reason,
    waitReason,
    wait,
    retryAt,
    files,
    sources,
    ...numbers
  } = event;
  const { sources: _before, ...rest } = view;
  const error = event.state === 'failed' ? view.error : null;
  const shown = {
    reason: reason ?? null,
    waitReason: waitReason ?? null,
    wait: wait ?? null,
    retryAt: retryAt ?? null,
    error,
  };
  const whoBrings = sources === undefined ? {} : { sources };
  return { ...rest, ...numbers, ...shown, ...whoBrings, files: withFiles(view.files, files ?? []) };
}

function withFiles(files: readonly FileView[], changed: readonly FileProgress[]): readonly FileView[] {
  if (changed.length === 0) return files;
  const news = new Map(changed.map((file) => [file.path, file]));
  return files.map((file) => ({ ...file, ...news.get(file.path) }));
}

function withHeartbeat(state: DownloadsState, event: VerifyingEvent): DownloadsState {
  return { ...state, verifying: { ...state.verifying, [event.download]: event } };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!Object.hasOwn(record, key)) return record;
  const { [key]: _gone, ...rest } = record;
  return rest;
}
