import type { BuildPlanView, BuildProgress, BuildStats } from '../model/build.ts';
import type {
  DownloadState,
  DownloadStats,
  FileCheck,
  FileView,
  HashAlgorithm,
  RescueSource,
} from '../model/download.ts';
import type { Judgement } from '../model/judgement.ts';
import type { SourceBytes, SourceSpeed } from '../model/transport.ts';
import type { Wait, WaitReason } from '../model/wait.ts';
import type { ErrorCode, ErrorData } from './errors.ts';

/** Every event is about one download. Bytes are integers, speeds bytes per second. */
interface EventBase {
  /** Increases by one with each event of an engine run; a gap means that a snapshot must be taken. */
  readonly seq: number;
  /** ISO time. */
  readonly time: string;
  /** Id of the download. */
  readonly download: string;
}

/** Emitted when the commit is pinned and the files are known. */
export interface ResolvedEvent extends EventBase {
  readonly event: 'resolved';
  readonly repo: string;
  readonly commit: string;
  readonly files: ReadonlyArray<{
    readonly path: string;
    readonly size: number;
    readonly hash: string;
    readonly algorithm: HashAlgorithm;
    readonly chunks: number;
  }>;
  readonly totalBytes: number;
  /** Bytes of files that are in the cache already. */
  readonly presentBytes: number;
}

/** Emitted when bytes on disk need not be fetched. */
export interface RescuedEvent extends EventBase {
  readonly event: 'rescued';
  readonly path: string;
  readonly bytes: number;
  /** Size of the file. */
  readonly fileBytes: number;
  readonly chunks: number;
  readonly source: RescueSource;
}

/** Emitted 1 to 4 times a second for each running download, however many there are, and at each change of state. */
export interface ProgressEvent extends EventBase {
  readonly event: 'progress';
  readonly state: DownloadState;
  readonly reason?: string;
  /** What a download in the state `waiting` waits for. */
  readonly waitReason?: WaitReason;
  /** Why it does not progress, as facts. */
  readonly wait?: Wait;
  readonly retryAt?: string;
  readonly receivedBytes: number;
  readonly verifiedBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  readonly etaSeconds: number | null;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly streams: number;
  /** Who brings the bytes, and the peers that did; the speeds sum to `bytesPerSecond`. Absent while there is nobody. */
  readonly sources?: readonly SourceSpeed[];
  /** Files whose numbers changed since the last event, a hundred at most; the rest follows. Absent when none did. */
  readonly files?: readonly FileProgress[];
}

/** Progress of one file of a download. */
export type FileProgress = Pick<
  FileView,
  'path' | 'receivedBytes' | 'verifiedBytes' | 'chunksDone' | 'chunksTotal' | 'installed'
>;

/** Heartbeat, every second while a file is being verified. */
export interface VerifyingEvent extends EventBase {
  readonly event: 'verifying';
  readonly path: string;
  readonly seconds: number;
  readonly hashedBytes: number;
  readonly totalBytes: number;
}

/** Emitted when an attempt failed and another one follows. */
export interface RetryEvent extends EventBase {
  readonly event: 'retry';
  readonly path: string;
  readonly chunk: number;
  /** Consecutive failed attempts, from 1. */
  readonly attempt: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Facts as in an error: host, errno, trouble. Absent in events of older versions. */
  readonly details?: ErrorData['details'];
  readonly delayMs: number;
}

/**
 * Emitted when the Hub's own hashes were compared with pieces on disk: with a partial before anything is fetched, and
 * when a piece turns out wrong.
 */
export interface JudgedEvent extends EventBase, Judgement {
  readonly event: 'judged';
  readonly path: string;
  /** Pieces of this download that arrived wrong in this run so far. */
  readonly damagedPieces: number;
}

/** Emitted when a damaged chunk was replaced. */
export interface RepairedEvent extends EventBase {
  readonly event: 'repaired';
  readonly path: string;
  readonly chunk: number;
  readonly bytes: number;
}

/** Emitted when every file is installed; `check` is how each file is known to be correct. */
export interface DoneEvent extends EventBase {
  readonly event: 'done';
  /** The snapshot folder. */
  readonly snapshot: string;
  readonly files: ReadonlyArray<
    FileCheck & {
      readonly path: string;
      readonly blob: string;
      readonly size: number;
      readonly hash: string;
    }
  >;
  readonly stats: DownloadStats;
  /** Who brought the bytes since the engine started; absent when nothing was downloaded. */
  readonly sources?: readonly SourceBytes[];
  /** What the repository itself lacks, one sentence each; absent when nothing was noticed. */
  readonly warnings?: readonly string[];
  /** ISO time when the revision was last known to be at this commit, if the Hub could not be asked for news. */
  readonly asOf?: string;
}

/** Emitted when the download stopped and does not resume by itself. */
export interface FailedEvent extends EventBase {
  readonly event: 'failed';
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorData['details'];
  readonly retryable: boolean;
}

/**
 * Emitted when the list of downloads changed (one was added, moved or removed), or the settings did; `download` is
 * empty then. Receivers take a new snapshot.
 */
export interface ListedEvent extends EventBase {
  readonly event: 'listed';
}

/** What a build is going to do. `download` is the id of the build in all events of builds. */
export interface BuildPlannedEvent extends EventBase {
  readonly event: 'build.planned';
  readonly plan: BuildPlanView;
}

/** Emitted 1 to 4 times a second while a build is active, and at each change of state. */
export interface BuildProgressEvent extends EventBase, BuildProgress {
  readonly event: 'build.progress';
}

/** Heartbeat, every second while the result is being verified. */
export interface BuildVerifyingEvent extends EventBase {
  readonly event: 'build.verifying';
  readonly seconds: number;
  readonly hashedBytes: number;
  readonly totalBytes: number;
}

/** Emitted when a variant was built, verified and installed. */
export interface BuildDoneEvent extends EventBase {
  readonly event: 'build.done';
  /** The folder. */
  readonly path: string;
  /** The first file of weights in it, with its size and SHA-256. */
  readonly file: string;
  readonly size: number;
  readonly hash: string;
  /** True when the catalog lists this hash; null when it lists none. */
  readonly pinned: boolean | null;
  readonly stats: BuildStats;
}

/** Emitted when a build stopped and does not resume by itself. */
export interface BuildFailedEvent extends EventBase {
  readonly event: 'build.failed';
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** Events about builds. */
export type BuildEvent =
  | BuildPlannedEvent
  | BuildProgressEvent
  | BuildVerifyingEvent
  | BuildDoneEvent
  | BuildFailedEvent;

/** Everything the engine sends unasked. */
export type EngineEvent =
  | ResolvedEvent
  | RescuedEvent
  | ProgressEvent
  | VerifyingEvent
  | RetryEvent
  | RepairedEvent
  | JudgedEvent
  | DoneEvent
  | FailedEvent
  | ListedEvent
  | BuildEvent;

/** An event before the engine adds `seq` and `time`. */
export type EventBody = EngineEvent extends infer E
  ? E extends EngineEvent
    ? Omit<E, 'seq' | 'time'>
    : never
  : never;
